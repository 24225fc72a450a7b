/// <reference path="./souk-http-types.d.ts" />
/// <reference path="./souk-schedule-timers.d.ts" />
/// <reference path="./souk-types-common.d.ts" />
declare module 'souk:miniapp/events@0.1.0' {
  export type Timestamp = import('souk:types/common@0.1.0').Timestamp;
  export type Note = import('souk:types/common@0.1.0').Note;
  export type Response = import('souk:http/types@0.1.0').Response;
  export type Scope = import('souk:schedule/timers@0.1.0').Scope;
  /**
   * Something a person typed: `/tea large please` is the command `tea` with arguments
   * `large please`. Or a link of `souk:messaging/chats.chat.link` that they followed: the first
   * command of the manifest, without arguments.
   */
  export interface Command {
    /**
     * Without the slash, as in the manifest.
     */
    name: string,
    /**
     * What followed, trimmed. The person's words: do not trust them.
     */
    arguments: string,
    /**
     * What the link said that the person followed; none when they typed. Anybody can write another
     * into a link: the person's words, do not trust them.
     */
    startParameter?: string,
  }
  /**
   * A button pressed or a form sent.
   */
  export interface Action {
    /**
     * The message the button is on.
     */
    message: string,
    /**
     * The revision the person saw. It can be one of the last 24 hours: what has changed since is
     * for the app to know. A press on one older than that is refused before it gets here.
     */
    revision: number,
    /**
     * The button's id in the card that they saw.
     */
    button: string,
    /**
     * JSON: what this app itself put on the button, taken from the stored card, never from the
     * client; `null` when it put nothing there.
     */
    data: string,
    /**
     * A JSON object of what the person entered, checked against the card's inputs. Their words: do
     * not trust them.
     */
    inputs: string,
  }
  /**
   * Something a person said where this app listens.
   */
  export interface Heard {
    /**
     * The message, to answer it.
     */
    message: string,
    /**
     * What it says. The person's words: do not trust them.
     */
    text: string,
    /**
     * The message it answers, if it answers one.
     */
    replyTo?: string,
  }
  /**
   * The time has come that this app had set with `souk:schedule/timers.set`.
   */
  export interface Timer {
    /**
     * Where: names are told apart within one scope.
     */
    scope: Scope,
    /**
     * What the app called it.
     */
    name: string,
    /**
     * When the app wanted to be told. `event.at` is when it went off: soon after, or much later if
     * the host was away.
     */
    due: Timestamp,
    /**
     * What the app wanted to have back.
     */
    payload: Uint8Array,
  }
  /**
   * What became of a request that an earlier event staged with `souk:http/outbox.send`.
   */
  export interface Answer {
    /**
     * The id that `send` returned.
     */
    request: string,
    /**
     * What the outside answered, or why there is no answer and will be none.
     */
    outcome: Result<Response, Note>,
  }
  /**
   * Something that this version of the contract has no case for, in a form that every version can
   * read.
   */
  export interface Happening {
    /**
     * What happened, for programs: the name that a later version has for it.
     */
    code: string,
    /**
     * The id of what it happened to, if that has one.
     */
    subject?: string,
    /**
     * A JSON object: what else there is to tell.
     */
    data: string,
    /**
     * The same in words, for people.
     */
    text: string,
  }
  /**
   * Why an event is. More cases can come: until a new version of this package names them they are
   * `other`.
   */
  export type Cause = CauseCommand | CauseAction | CauseMessage | CauseOrder | CauseLastLook | CauseView | CauseTimer | CauseResponse | CauseOther;
  /**
   * Somebody typed a command of this app.
   */
  export interface CauseCommand {
    tag: 'command',
    val: Command,
  }
  /**
   * Somebody pressed a button of this app.
   */
  export interface CauseAction {
    tag: 'action',
    val: Action,
  }
  /**
   * Somebody said something in a group whose admin lets this app listen. Needs the permission
   * `messaging.listen`. What apps say causes no events, nor do commands, nor what people say who
   * have left this app. An app that is 1,000 events behind in a chat misses what is said there
   * meanwhile.
   */
  export interface CauseMessage {
    tag: 'message',
    val: Heard,
  }
  /**
   * An order changed state and it was not this app's own doing: it was paid or authorized,
   * declined, expired, or voided because an authorization lapsed. More states may come. Its id.
   */
  export interface CauseOrder {
    tag: 'order',
    val: string,
  }
  /**
   * The payer has approved an order that was asked for with `last-look`, its id, and waits. The
   * order is still `pending`. Answering ok lets the payment happen, in one commit with all that
   * this event stages. What stops it is the order's `refuse` or `void`, which keep what else is
   * staged (`void` also closes the order), and any failure, which keeps nothing. The payer may
   * approve again what is not closed, which is another event. One that does not answer within ten
   * seconds, those of waiting for this app's earlier events counted, has stopped it. No sheet can
   * be put before the payer here.
   */
  export interface CauseLastLook {
    tag: 'last-look',
    val: string,
  }
  /**
   * Somebody looks at a per-viewer message of this app, named by its id, and needs a view of
   * their own: answer with `show-to`. Whoever only looks sets nothing off: neither the wallet, nor
   * timers, nor the outside are granted here.
   */
  export interface CauseView {
    tag: 'view',
    val: string,
  }
  /**
   * A timer of an earlier event went off.
   */
  export interface CauseTimer {
    tag: 'timer',
    val: Timer,
  }
  /**
   * The answer to a request of an earlier event.
   */
  export interface CauseResponse {
    tag: 'response',
    val: Answer,
  }
  /**
   * Something this version of the contract does not name. An app that does not know its code
   * answers ok and does nothing.
   */
  export interface CauseOther {
    tag: 'other',
    val: Happening,
  }
  /**
   * One event. It is handled by a fresh instance, once in effect.
   */
  export interface Event {
    /**
     * Names the event on this host: the same however often it runs, so it is the natural
     * idempotency key of what the event asks for.
     */
    id: string,
    /**
     * When it happened: the same however often it runs.
     */
    at: Timestamp,
    /**
     * The language of the person whose request caused it, to greet them in: the BCP 47 name of
     * a language that comes first in its `Accept-Language`, with script and region at most. Coarse
     * on purpose, so it needs no consent. None when nobody asked, or said none. The same however
     * often it runs.
     */
    locale?: string,
    /**
     * What happened.
     */
    cause: Cause,
  }
  /**
   * An input that needs another look.
   */
  export interface FieldError {
    /**
     * The input's id in the card.
     */
    field: string,
    /**
     * What is wrong with it.
     */
    text: string,
  }
  /**
   * An event that is to run again.
   */
  export interface Again {
    /**
     * Why not now.
     */
    text: string,
    /**
     * How many milliseconds it waits at least; none when the app does not know. More than a day
     * counts as a day.
     */
    afterMs?: number,
  }
  /**
   * Everything staged is dropped. Where the event has a person and is no `message`, the texts of
   * `rejected` and `invalid-input` are shown to them as the app's words, quoted, plain, at most 200
   * characters of each.
   */
  export type Failure = FailureRejected | FailureInvalidInput | FailureRetry;
  /**
   * Tell the person why.
   */
  export interface FailureRejected {
    tag: 'rejected',
    val: string,
  }
  /**
   * Point at the inputs that need another look, at most 100 of them.
   */
  export interface FailureInvalidInput {
    tag: 'invalid-input',
    val: Array<FieldError>,
  }
  /**
   * Not now: the host runs the event again later, half a second after its first run and after
   * twice as long each time, or when the app says if that is later. An event that asks for it in
   * its fifth run has failed. The text is not shown. Only a `last-look` does not run later: its
   * payment is stopped, and the payer reads the text.
   */
  export interface FailureRetry {
    tag: 'retry',
    val: Again,
  }
  export type Result<T, E> = { tag: 'ok', val: T } | { tag: 'err', val: E };
}
