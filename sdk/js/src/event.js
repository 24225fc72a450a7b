// What happened: the context every handler gets, and the two things a person can do.

import { Failure } from "./failure.js";
import { Answer } from "./http.js";
import { Timer } from "./schedule.js";

/** One event. It is handled by a fresh instance, once in effect. */
export class Event {
  /** @param {import("souk:miniapp/events@0.1.0").Event} told */
  constructor(told) {
    /** The same however often the event runs: the natural key of what it asks for. */
    this.id = told.id;
    /** When it happened, in milliseconds since 1970. It is the only clock there is. */
    this.at = told.at;
    /**
     * The language of the person whose request caused it as a BCP 47 name, like `pt-BR`; undefined
     * when nobody asked, or said none.
     */
    this.locale = told.locale ?? undefined;
  }
}

/**
 * Something a person typed: `/tea large please`. Or the link of `chat.link` that they followed: this
 * app's first command.
 */
export class Command {
  /** @param {import("souk:miniapp/events@0.1.0").Command} told */
  constructor(told) {
    /** Without the slash, as in the manifest. */
    this.name = told.name;
    /** What followed, trimmed. The person's words: do not trust them. */
    this.arguments = told.arguments;
    /**
     * What the link said that the person followed; undefined when they typed. Anybody can write
     * another into a link: the person's words, do not trust them.
     */
    this.startParameter = told.startParameter ?? undefined;
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
    /**
     * The revision the person saw. It can be one of the last 24 hours: what has changed since is
     * for the app to know.
     */
    this.revision = told.revision;
    /** The button's id in the card. */
    this.button = told.button;
    /**
     * What this app put on the button; null when it put nothing there.
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

/** Something a person said where this app listens. */
export class Heard {
  /** @param {import("souk:miniapp/events@0.1.0").Heard} told */
  constructor(told) {
    /** The message, to answer it. */
    this.message = told.message;
    /** What it says. The person's words: do not trust them. */
    this.text = told.text;
    /** The message it answers, if it answers one. */
    this.replyTo = told.replyTo ?? undefined;
  }
}

/** Something that this version of the SDK has no handler for. */
export class Happening {
  /** @param {import("souk:miniapp/events@0.1.0").Happening} told */
  constructor(told) {
    /** What happened, for programs: the name that a later version has for it. */
    this.code = told.code;
    /** The id of what it happened to, if that has one. */
    this.subject = told.subject ?? undefined;
    /**
     * What else there is to tell.
     * @type {Record<string, any>}
     */
    this.data = JSON.parse(told.data);
    /** What happened in words, for people. */
    this.text = told.text;
  }
}

/**
 * Reads an event in the words of the contract.
 *
 * @param {import("souk:miniapp/events@0.1.0").Event} told
 * @returns {Happened}
 *
 * @typedef {object} Happened
 * @property {Event} event
 * @property {Command} [command]
 * @property {Action} [action]
 * @property {Heard} [message]
 * @property {string} [order]
 * @property {string} [lastLook]
 * @property {string} [view]
 * @property {Timer} [timer]
 * @property {Answer} [response]
 * @property {Happening} [other]
 */
export function parse(told) {
  const { cause } = told;
  const event = new Event(told);
  switch (cause.tag) {
    case "command":
      return { event, command: new Command(cause.val) };
    case "action":
      return { event, action: new Action(cause.val) };
    case "message":
      return { event, message: new Heard(cause.val) };
    case "order":
      return { event, order: cause.val };
    case "last-look":
      return { event, lastLook: cause.val };
    case "view":
      return { event, view: cause.val };
    case "timer":
      return { event, timer: new Timer(cause.val) };
    case "response":
      return { event, response: new Answer(cause.val) };
    case "other":
      return { event, other: new Happening(cause.val) };
  }
}
