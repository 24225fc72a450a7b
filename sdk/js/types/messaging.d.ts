import { Chat as Handle } from "souk:messaging/chats@0.1.0";
export type Says = string | import("./card.js").Card | Content;
export type Content = {
    says: string | import("./card.js").Card;
    /**
     * The message of this chat that it answers.
     */
    replyTo?: string;
};
/**
 * What a message says: a text, a card, or both with the message it answers.
 *
 * @typedef {string | import("./card.js").Card | Content} Says
 * @typedef {object} Content
 * @property {string | import("./card.js").Card} says
 * @property {string} [replyTo] The message of this chat that it answers.
 */
/** The authority to speak in one chat. */
export declare class Chat {
    #private;
    /** @param {Handle} handle */
    constructor(handle: Handle);
    /** Returns the chat this event happened in; `not-granted` without the permission. */
    static current(): Chat;
    /** Stable, and this app's alone. */
    get id(): string;
    /** Whether more than two people can be here. */
    get isGroup(): boolean;
    /**
     * Stages a message and returns its id. People see it when the event commits. At most 16 in one
     * event.
     *
     * @param {Says} content
     */
    post(content: Says): string;
    /**
     * Replaces what one of this app's own messages says. Buttons of the old revision are refused
     * from then on.
     *
     * @param {string} message
     * @param {Says} content
     */
    edit(message: string, content: Says): void;
    /**
     * Takes one of this app's own messages back. People see that something was deleted.
     * @param {string} message
     */
    delete(message: string): void;
    /** Returns what is left of the limits on speaking here. */
    allowances(): import("souk:types/common@0.1.0").Allowance[];
}
/**
 * Writes a message for the contract. A card's summary is the text, shown wherever the card cannot
 * be.
 *
 * @param {Says} content
 * @returns {import("souk:messaging/chats@0.1.0").Content}
 */
export declare function written(content: Says): import("souk:messaging/chats@0.1.0").Content;
