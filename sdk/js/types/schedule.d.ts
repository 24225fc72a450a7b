import * as timers from "souk:schedule/timers@0.1.0";
/** The timers of one scope. */
export declare class Timers {
    #private;
    /** @param {import("souk:schedule/timers@0.1.0").Scope} scope */
    constructor(scope: import("souk:schedule/timers@0.1.0").Scope);
    /**
     * Sets a timer, in the place of one of the same name: at least a second and at most a year from
     * this event. It brings `payload` back, at most 4 KiB as JSON.
     *
     * @param {string} name
     * @param {number} at In milliseconds since 1970, as `event.at` is.
     * @param {unknown} payload
     */
    set(name: string, at: number, payload: unknown): void;
    /**
     * Takes a timer off; `not-found` when none of this name is set, or it went off already.
     * @param {string} name
     */
    cancel(name: string): void;
    /** Returns the timers that are set, by name, each with its time. */
    list(): timers.Pending[];
}
/** Returns the timers of the chat this event happened in. They may speak there. */
export declare function inChat(): Timers;
/** Returns the timers of no chat. */
export declare function inApp(): Timers;
/** Returns what is left of the limits on setting timers. */
export declare function allowances(): import("souk:types/common@0.1.0").Allowance[];
/** A timer that went off. */
export declare class Timer {
    #private;
    /** Where it went off, `chat` or `app`: names are told apart within one scope. */
    scope: timers.Scope;
    /** What the app called it. */
    name: string;
    /**
     * When the app wanted to be told, in milliseconds since 1970. `event.at` is when it went off:
     * soon after, or much later if the host was away.
     */
    due: number;
    /** @param {import("souk:miniapp/events@0.1.0").Timer} told */
    constructor({ scope, name, due, payload }: import("souk:miniapp/events@0.1.0").Timer);
    /**
     * Returns what the app wanted to have back.
     * @returns {any}
     */
    get payload(): any;
}
