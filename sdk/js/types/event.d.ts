import { Failure } from "./failure.js";
import { Answer } from "./http.js";
import { Timer } from "./schedule.js";
/** One event. It is handled by a fresh instance, once in effect. */
export declare class Event {
    /** The same however often the event runs: the natural key of what it asks for. */
    id: string;
    /** When it happened, in milliseconds since 1970. It is the only clock there is. */
    at: number;
    /**
     * The language of the person whose request caused it as a BCP 47 name, like `pt-BR`; undefined
     * when nobody asked, or said none.
     */
    locale: string | undefined;
    /** @param {import("souk:miniapp/events@0.1.0").Event} told */
    constructor(told: import("souk:miniapp/events@0.1.0").Event);
}
/**
 * Something a person typed: `/tea large please`. Or the link of `chat.link` that they followed: this
 * app's first command.
 */
export declare class Command {
    /** Without the slash, as in the manifest. */
    name: string;
    /** What followed, trimmed. The person's words: do not trust them. */
    arguments: string;
    /**
     * What the link said that the person followed; undefined when they typed. Anybody can write
     * another into a link: the person's words, do not trust them.
     */
    startParameter: string | undefined;
    /** @param {import("souk:miniapp/events@0.1.0").Command} told */
    constructor(told: import("souk:miniapp/events@0.1.0").Command);
    /** Returns a failure that says there is no such command. */
    unknown(): Failure;
}
/** A button pressed or a form sent. */
export declare class Action {
    /** The message the button is on. */
    message: string;
    /**
     * The revision the person saw. It can be one of the last 24 hours: what has changed since is
     * for the app to know.
     */
    revision: number;
    /** The button's id in the card. */
    button: string;
    /**
     * What this app put on the button; null when it put nothing there.
     * @type {any}
     */
    data: any;
    /**
     * What the person entered, by the inputs' ids: texts, checked against the card's inputs.
     * @type {Record<string, string>}
     */
    inputs: Record<string, string>;
    /** @param {import("souk:miniapp/events@0.1.0").Action} told */
    constructor(told: import("souk:miniapp/events@0.1.0").Action);
}
/** Something a person said where this app listens. */
export declare class Heard {
    /** The message, to answer it. */
    message: string;
    /** What it says. The person's words: do not trust them. */
    text: string;
    /** The message it answers, if it answers one. */
    replyTo: string | undefined;
    /** @param {import("souk:miniapp/events@0.1.0").Heard} told */
    constructor(told: import("souk:miniapp/events@0.1.0").Heard);
}
/** Something that this version of the SDK has no handler for. */
export declare class Happening {
    /** What happened, for programs: the name that a later version has for it. */
    code: string;
    /** The id of what it happened to, if that has one. */
    subject: string | undefined;
    /**
     * What else there is to tell.
     * @type {Record<string, any>}
     */
    data: Record<string, any>;
    /** What happened in words, for people. */
    text: string;
    /** @param {import("souk:miniapp/events@0.1.0").Happening} told */
    constructor(told: import("souk:miniapp/events@0.1.0").Happening);
}
export type Happened = {
    event: Event;
    command?: Command;
    action?: Action;
    message?: Heard;
    order?: string;
    lastLook?: string;
    view?: string;
    timer?: Timer;
    response?: Answer;
    other?: Happening;
};
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
export declare function parse(told: import("souk:miniapp/events@0.1.0").Event): Happened;
