// Speaking in the chat an event came from. Needs the permission `messaging.post`.

import { Chat as Handle } from "souk:messaging/chats@0.1.0";
import { ask } from "./denied.js";

/**
 * What a message says: a text, a card, or both with the message it answers.
 *
 * @typedef {string | import("./card.js").Card | Content} Says
 * @typedef {object} Content
 * @property {string | import("./card.js").Card} says
 * @property {string} [replyTo] The message of this chat that it answers.
 */

/** The authority to speak in one chat. */
export class Chat {
  #handle;

  /** @param {Handle} handle */
  constructor(handle) {
    this.#handle = handle;
  }

  /** Returns the chat this event happened in; `not-granted` without the permission. */
  static current() {
    return new Chat(ask(() => Handle.current()));
  }

  /** Stable, and this app's alone. */
  get id() {
    return this.#handle.id();
  }

  /** Whether more than two people can be here. */
  get isGroup() {
    return this.#handle.isGroup();
  }

  /**
   * Stages a message and returns its id. People see it when the event commits. At most 16 in one
   * event.
   *
   * @param {Says} content
   */
  post(content) {
    return ask(() => this.#handle.post(written(content)));
  }

  /**
   * Replaces what one of this app's own messages says. Buttons of the old revision are refused
   * from then on.
   *
   * @param {string} message
   * @param {Says} content
   */
  edit(message, content) {
    ask(() => this.#handle.edit(message, written(content)));
  }

  /**
   * Takes one of this app's own messages back. People see that something was deleted.
   * @param {string} message
   */
  delete(message) {
    ask(() => this.#handle.delete(message));
  }

  /** Returns what is left of the limits on speaking here. */
  allowances() {
    return this.#handle.allowances();
  }
}

/**
 * Writes a message for the contract. A card's summary is the text, shown wherever the card cannot
 * be.
 *
 * @param {Says} content
 * @returns {import("souk:messaging/chats@0.1.0").Content}
 */
export function written(content) {
  const { says, replyTo } =
    typeof content === "object" && "says" in content ? content : { says: content };
  return typeof says === "string"
    ? { text: says, replyTo }
    : { text: says.fallbackText, card: JSON.stringify(says), replyTo };
}
