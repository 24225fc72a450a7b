import { Bucket as Handle } from "souk:storage/buckets@0.1.0";
export type Entry = {
    key: string;
    value: any;
    /**
     * Counts up with every change of this key.
     */
    version: number;
};
export type If = "absent" | number;
/**
 * A stored value.
 *
 * @typedef {object} Entry
 * @property {string} key
 * @property {any} value
 * @property {number} version Counts up with every change of this key.
 */
/**
 * What must hold for a write to happen: nothing is there yet, or exactly this version is.
 * @typedef {"absent" | number} If
 */
/** The authority over one scope's values. */
export declare class Bucket {
    #private;
    /** @param {Handle} handle */
    constructor(handle: Handle);
    /** Returns the values this app shares with all its chats and people. */
    static app(): Bucket;
    /** Returns the values of the chat this event happened in. */
    static chat(): Bucket;
    /** Returns the values of the person this event came from. */
    static user(): Bucket;
    /**
     * Returns the value of `key`, this event's own writes included, or `undefined`.
     * @param {string} key
     */
    get(key: string): any;
    /**
     * Returns the value of `key` with its version, or `undefined`.
     * @param {string} key
     */
    entry(key: string): Entry | undefined;
    /**
     * Stores `value` under `key`, if `condition` holds; else `conflict`. With `ttlMs` it is gone so
     * many milliseconds after this event (from a second to 366 days), as if it had been deleted;
     * without, it stays. Returns its version, for the next condition.
     *
     * @param {string} key
     * @param {unknown} value
     * @param {If} [condition]
     * @param {number} [ttlMs]
     */
    put(key: string, value: unknown, condition?: If, ttlMs?: number): number;
    /**
     * Deletes the value of `key`, if `condition` holds; else `conflict`. Deleting nothing is no error.
     *
     * @param {string} key
     * @param {If} [condition]
     */
    delete(key: string, condition?: If): void;
    /**
     * Adds to a counter without reading it: any number of events can do it at once and none runs
     * again. Counters are apart from values.
     *
     * @param {string} key
     * @param {number} delta
     */
    add(key: string, delta: number): void;
    /**
     * Returns what a counter says; 0 before the first `add`.
     * @param {string} key
     */
    count(key: string): number;
    /**
     * Returns the next number of a series, from 1: each is given once, without gaps.
     * @param {string} key
     */
    next(key: string): number;
    /**
     * Returns the values whose keys start with `prefix`, in key order, beyond the key `after`, at
     * most `limit`; more than 100 is as good as 100. Fewer than that are the last there are. A page
     * that comes to more than the event may still be handed is `over-limit`: ask for a smaller one.
     *
     * @param {string} prefix
     * @param {string} [after]
     * @param {number} [limit]
     */
    scan(prefix: string, after?: string, limit?: number): Entry[];
    /**
     * Gives all values whose keys start with `prefix`, in key order, fetched page by page.
     *
     * @param {string} prefix
     * @returns {Generator<Entry>}
     */
    entries(prefix: string): Generator<Entry>;
    /** Returns what is left of the limits on storing. */
    allowances(): import("souk:types/common@0.1.0").Allowance[];
}
