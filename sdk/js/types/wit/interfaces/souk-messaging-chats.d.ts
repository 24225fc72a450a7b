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
     * cannot be.
     */
    text: string,
    /**
     * An Adaptive Card (the profile of 1.5 in the book) as JSON, at most 28 KiB. Button ids are
     * unique in a card. A card outside the profile is `invalid`, naming the place.
     */
    card?: string,
    /**
     * The message of this chat that it answers.
     */
    replyTo?: string,
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
    * The chat this event happened in. `not-granted` without the permission.
    */
    static current(): Chat;
    /**
    * App-scoped and stable: two apps see different ids for one chat.
    */
    id(): string;
    /**
    * Whether more than two people can be here.
    */
    isGroup(): boolean;
    /**
    * Stages a message; people see it when the event commits. At most 16 in one event.
    */
    post(content: Content): MessageId;
    /**
    * Replaces what one of this app's own messages says. Its revision counts up, and buttons of
    * the old revision are refused from then on. Other messages are `not-found`.
    */
    edit(message: MessageId, content: Content): void;
    /**
    * Takes one of this app's own messages back. People see that something was deleted. A second
    * time changes nothing; other messages are `not-found`.
    */
    'delete'(message: MessageId): void;
    /**
    * What is left of the limits on speaking here.
    */
    allowances(): Array<Allowance>;
    [Symbol.dispose](): void;
  }
}
