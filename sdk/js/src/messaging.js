// Speaking in the chat an event came from, which needs the permission `messaging.post`, and later
// where somebody let the app, which needs `messaging.push`.

import { Chat as Handle } from "souk:messaging/chats@0.1.0";
import { ask } from "./denied.js";

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

  /**
   * Returns a chat where somebody let this app speak later. Each message spends a credit, which
   * `allowances` counts. `not-found` when the token is over, was taken back or replaced, or its
   * person has left the chat.
   *
   * @param {string} token
   */
  static fromToken(token) {
    return new Chat(ask(() => Handle.fromToken(token)));
  }

  /**
   * Lets this app speak here later and returns the token: ten messages within 30 days. Whoever's
   * command or press this is lets it, so it is not granted in other events. A person's new token in
   * a chat takes the place of their last.
   */
  pushToken() {
    return ask(() => this.#handle.pushToken());
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
   * Stages a message that only one person of this chat sees, and returns its id. `not-found` when
   * nobody here has this user id.
   *
   * @param {string} to
   * @param {Says} content
   */
  whisper(to, content) {
    return ask(() => this.#handle.whisper(to, written(content)));
  }

  /**
   * Shows one person their own view of a message that was posted `perViewer`, in place of what they
   * saw of it. The handler `view` hears when somebody needs one.
   *
   * @param {string} message
   * @param {string} viewer
   * @param {Says} content
   */
  showTo(message, viewer, content) {
    ask(() => this.#handle.showTo(message, viewer, written(content)));
  }

  /**
   * Replaces what one of this app's own messages says. Buttons of what it said before are honoured
   * for 24 hours, for people who still see them.
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

  /**
   * Returns a link that opens this app in this chat: whoever is in the chat and follows it sends the
   * first command of the manifest, and `command.startParameter` is what is said here. It makes
   * nobody a member, and is good as long as the host is known by the same address. At most 64
   * letters A to Z, large or small, digits, `_` and `-`.
   *
   * @param {string} startParameter
   */
  link(startParameter) {
    return ask(() => this.#handle.link(startParameter));
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
  const {
    says,
    replyTo,
    perViewer = false,
  } = typeof content === "object" && "says" in content ? content : { says: content };
  return typeof says === "string"
    ? { text: says, replyTo, perViewer }
    : { text: says.fallbackText, card: JSON.stringify(says), replyTo, perViewer };
}
