/// <reference path="./souk-types-common.d.ts" />
declare module 'souk:miniapp/events@0.1.0' {
  export type Timestamp = import('souk:types/common@0.1.0').Timestamp;
  export type Note = import('souk:types/common@0.1.0').Note;
  /**
   * Something a person typed: `/tea large please` is the command `tea` with arguments
   * `large please`.
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
     * Its revision; a press on an older one is refused before it gets here.
     */
    revision: number,
    /**
     * JSON: what this app itself put on the button, taken from the stored card, never from the
     * client.
     */
    data: string,
    /**
     * A JSON object of what the person entered, checked against the card's inputs. Their words: do
     * not trust them.
     */
    inputs: string,
  }
  /**
   * Why an event is.
   */
  export type Cause = CauseCommand | CauseAction | CauseOrder | CauseOther;
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
   * An order changed state and it was not this app's own doing: it was paid, declined or
   * expired; its id.
   */
  export interface CauseOrder {
    tag: 'order',
    val: string,
  }
  /**
   * Something this version of the contract does not name. Answer ok and do nothing.
   */
  export interface CauseOther {
    tag: 'other',
    val: Note,
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
     * A BCP 47 name, coarse on purpose; no consent needed to greet someone in their language.
     */
    locale: string,
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
   * Everything staged is dropped. The texts are shown as the app's words, quoted, plain and short.
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
   * Point at the inputs that need another look.
   */
  export interface FailureInvalidInput {
    tag: 'invalid-input',
    val: Array<FieldError>,
  }
  /**
   * Not now: the host runs the event again later, a bounded number of times.
   */
  export interface FailureRetry {
    tag: 'retry',
    val: string,
  }
}
