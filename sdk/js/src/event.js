// What happened: the context every handler gets, and the two things a person can do.

import { Failure } from "./failure.js";

/** One event. It is handled by a fresh instance, once in effect. */
export class Event {
  /** @param {import("souk:miniapp/events@0.1.0").Event} told */
  constructor(told) {
    /** The same however often the event runs: the natural key of what it asks for. */
    this.id = told.id;
    /** When it happened, in milliseconds since 1970. It is the only clock there is. */
    this.at = told.at;
    /** A BCP 47 name, to greet people in their language. */
    this.locale = told.locale;
  }
}

/** Something a person typed: `/tea large please`. */
export class Command {
  /** @param {import("souk:miniapp/events@0.1.0").Command} told */
  constructor(told) {
    /** Without the slash, as in the manifest. */
    this.name = told.name;
    /** What followed, trimmed. The person's words: do not trust them. */
    this.arguments = told.arguments;
  }

  /** Returns a failure that says there is no such command. */
  unknown() {
    return Failure.rejected(`There is no /${this.name} here.`);
  }
}

/** A button pressed or a form sent. */
export class Action {
  /** @param {import("souk:miniapp/events@0.1.0").Action} told */
  constructor(told) {
    /** The message the button is on. */
    this.message = told.message;
    /** Its revision. */
    this.revision = told.revision;
    /**
     * What this app put on the button.
     * @type {any}
     */
    this.data = JSON.parse(told.data);
    /**
     * What the person entered, by the inputs' ids: texts, checked against the card's inputs.
     * @type {Record<string, string>}
     */
    this.inputs = JSON.parse(told.inputs);
  }
}

/**
 * Reads an event in the words of the contract. A cause it does not know is an event and nothing
 * else.
 *
 * @param {import("souk:miniapp/events@0.1.0").Event} told
 * @returns {{ event: Event, command?: Command, action?: Action, order?: string }}
 */
export function parse(told) {
  const { cause } = told;
  const event = new Event(told);
  switch (cause.tag) {
    case "command":
      return { event, command: new Command(cause.val) };
    case "action":
      return { event, action: new Action(cause.val) };
    case "order":
      return { event, order: cause.val };
    default:
      return { event };
  }
}
