/// <reference path="./souk-types-common.d.ts" />
declare module 'souk:messaging/chats@0.1.0' {
  export type Denied = import('souk:types/common@0.1.0').Denied;
  export type Allowance = import('souk:types/common@0.1.0').Allowance;
  /**
   * What a message says.
   */
  export interface Content {
    /**
     * Plain text, at most 16 KiB. Beside a card it is the fallback, shown wherever the card
     * cannot be; without one it is `invalid` when it is empty.
     */
    text: string,
    /**
     * An Adaptive Card (the profile of 1.5 in the book) as JSON, at most 28 KiB. Button ids are
     * unique in a card. A card outside the profile is `invalid`, naming the place.
     */
    card?: string,
    /**
     * The message of this chat that it answers; `not-found` when it is none of it.
     */
    replyTo?: string,
    /**
     * Everyone sees this until the app has shown them their own: a `view` event comes once for
     * each revision and viewer who looks, to be answered with `show-to`. There it says nothing.
     */
    perViewer: boolean,
  }
  /**
   * Names one message on this host.
   */
  export type MessageId = string;
  
  export class Chat implements Disposable {
    /**
     * This type does not have a public constructor.
     */
    private constructor();
    /**
    * The chat this event happened in. `not-granted` without the permission `messaging.post`;
    * opening the app in a chat is the consent.
    */
    static current(): Chat;
    /**
    * A chat where somebody let this app speak later. `not-granted` without the permission
    * `messaging.push`. `not-found` when the token is not this app's, is over, was taken back or
    * replaced, or its person has left the chat: these are never told apart.
    * `invalid` when it is no token at all.
    */
    static fromToken(token: string): Chat;
    /**
    * Lets this app speak here later, to whoever did this event and the others in the chat: ten
    * messages within 30 days, each a `post` or a `whisper`. A person's command or press is the
    * consent, so `not-granted` in any other event, on a chat from a token, and without the
    * permission `messaging.push`.
    * An app has one token of each person in a chat: a new one takes the place of the last.
    */
    pushToken(): string;
    /**
    * App-scoped and stable: two apps see different ids for one chat.
    */
    id(): string;
    /**
    * Whether more than two people can be here.
    */
    isGroup(): boolean;
    /**
    * Stages a message; people see it when the event commits. At most 16 in one event, whispered
    * ones included.
    */
    post(content: Content): MessageId;
    /**
    * Stages a message that one person sees, named by their pairwise id. `not-found` when nobody
    * here has it.
    */
    whisper(userId: string, content: Content): MessageId;
    /**
    * Stages one person's own view of one of this app's per-viewer messages, in place of what they
    * saw of it. `not-found` for other messages, and for somebody who is not here.
    */
    showTo(message: MessageId, userId: string, content: Content): void;
    /**
    * Replaces what one of this app's own messages says: all of the content, what it answers and
    * whether each viewer has their own too. Its revision counts up; everyone sees this until they
    * have been shown their own again. Buttons of what it said before are honoured for 24 hours,
    * for people who still see them, and refused then. Other messages are `not-found`. At most 16
    * in one event, views included.
    */
    edit(message: MessageId, content: Content): void;
    /**
    * Takes one of this app's own messages back. People see that something was deleted. A second
    * time changes nothing; other messages are `not-found`.
    */
    'delete'(message: MessageId): void;
    /**
    * A link that opens this app in this chat: whoever is in the chat and follows it sends this app
    * the first command of its manifest, with this start parameter. It makes nobody a member: it
    * leads everybody else nowhere. It is good as long as the host is known by the same address,
    * and the same parameter gives the same link. The parameter may be empty; `over-limit` above 64
    * characters, `invalid` unless all of them are letters A to Z, large or small, digits, `_` or
    * `-`.
    */
    link(startParameter: string): string;
    /**
    * What is left of the limits on speaking here: `messages`, `edits` (views count too) and, of a
    * chat from a token, `push-credits`. More names may come.
    */
    allowances(): Array<Allowance>;
    [Symbol.dispose](): void;
  }
}
