import { Chat as Handle } from "souk:messaging/chats@0.1.0";
export type Says = string | import("./card.js").Card | Content;
export type Content = {
    says: string | import("./card.js").Card;
    /**
     * The message of this chat that it answers.
     */
    replyTo?: string;
    /**
     * Everyone sees this until they have been shown their own.
     */
    perViewer?: boolean;
};
/**
 * What a message says: a text, a card, or both with the message it answers.
 *
 * @typedef {string | import("./card.js").Card | Content} Says
 * @typedef {object} Content
 * @property {string | import("./card.js").Card} says
 * @property {string} [replyTo] The message of this chat that it answers.
 * @property {boolean} [perViewer] Everyone sees this until they have been shown their own.
 */
/** The authority to speak in one chat. */
export declare class Chat {
    #private;
    /** @param {Handle} handle */
    constructor(handle: Handle);
    /** Returns the chat this event happened in; `not-granted` without the permission. */
    static current(): Chat;
    /**
     * Returns a chat where somebody let this app speak later. Each message spends a credit, which
     * `allowances` counts. `not-found` when the token is over, was taken back or replaced, or its
     * person has left the chat.
     *
     * @param {string} token
     */
    static fromToken(token: string): Chat;
    /**
     * Lets this app speak here later and returns the token: ten messages within 30 days. Whoever's
     * command or press this is lets it, so it is not granted in other events. A person's new token in
     * a chat takes the place of their last.
     */
    pushToken(): string;
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
     * Stages a message that only one person of this chat sees, and returns its id. `not-found` when
     * nobody here has this user id.
     *
     * @param {string} to
     * @param {Says} content
     */
    whisper(to: string, content: Says): string;
    /**
     * Shows one person their own view of a message that was posted `perViewer`, in place of what they
     * saw of it. The handler `view` hears when somebody needs one.
     *
     * @param {string} message
     * @param {string} viewer
     * @param {Says} content
     */
    showTo(message: string, viewer: string, content: Says): void;
    /**
     * Replaces what one of this app's own messages says. Buttons of what it said before are honoured
     * for 24 hours, for people who still see them.
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
    /**
     * Returns a link that opens this app in this chat: whoever is in the chat and follows it sends the
     * first command of the manifest, and `command.startParameter` is what is said here. It makes
     * nobody a member, and is good as long as the host is known by the same address. At most 64
     * letters A to Z, large or small, digits, `_` and `-`.
     *
     * @param {string} startParameter
     */
    link(startParameter: string): string;
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
