// Being told later. Needs the permission `schedule`.
//
// A timer belongs to the chat that set it (`inChat`) or to no chat (`inApp`). It goes off once, at
// its time or soon after, and comes to the handler `timer`. Setting one is staged like everything
// an event does.

import * as timers from "souk:schedule/timers@0.1.0";
import { Denied, ask } from "./denied.js";
import { Failure } from "./failure.js";
import { fromUtf8, toUtf8 } from "./utf8.js";

/** The timers of one scope. */
export class Timers {
  #scope;

  /** @param {import("souk:schedule/timers@0.1.0").Scope} scope */
  constructor(scope) {
    this.#scope = scope;
  }

  /**
   * Sets a timer, in the place of one of the same name: at least a second and at most a year from
   * this event. It brings `payload` back, at most 4 KiB as JSON.
   *
   * @param {string} name
   * @param {number} at In milliseconds since 1970, as `event.at` is.
   * @param {unknown} payload
   */
  set(name, at, payload) {
    const json = JSON.stringify(payload);
    if (json === undefined) throw Denied.invalid(`what \`${name}\` brings back is no JSON`);
    ask(() => timers.set(this.#scope, name, at, toUtf8(json)));
  }

  /**
   * Takes a timer off; `not-found` when none of this name is set, or it went off already.
   * @param {string} name
   */
  cancel(name) {
    ask(() => timers.cancel(this.#scope, name));
  }

  /** Returns the timers that are set, by name, each with its time. */
  list() {
    return ask(() => timers.list(this.#scope));
  }
}

/** Returns the timers of the chat this event happened in. They may speak there. */
export function inChat() {
  return new Timers("chat");
}

/** Returns the timers of no chat. */
export function inApp() {
  return new Timers("app");
}

/** Returns what is left of the limits on setting timers. */
export function allowances() {
  return timers.allowances();
}

/** A timer that went off. */
export class Timer {
  #payload;

  /** @param {import("souk:miniapp/events@0.1.0").Timer} told */
  constructor({ scope, name, due, payload }) {
    /** Where it went off, `chat` or `app`: names are told apart within one scope. */
    this.scope = scope;
    /** What the app called it. */
    this.name = name;
    /**
     * When the app wanted to be told, in milliseconds since 1970. `event.at` is when it went off:
     * soon after, or much later if the host was away.
     */
    this.due = due;
    this.#payload = payload;
  }

  /**
   * Returns what the app wanted to have back.
   * @returns {any}
   */
  get payload() {
    try {
      return JSON.parse(fromUtf8(this.#payload));
    } catch {
      throw Failure.rejected("This timer is from an earlier version.");
    }
  }
}
