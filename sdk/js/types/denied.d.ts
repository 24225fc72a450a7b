/** Why the host said no. Look at `code`, or throw it on: the person reads its words. */
export declare class Denied extends Error {
    /** For programs, like `not-granted`; of a reason this SDK does not know, its own. */
    code: string;
    /** Of `conflict`: what is so, like `paid` of an order. More states may come. */
    state: string | undefined;
    /** Of `over-limit`: which limit, how much it allows, in what, and when to try again. */
    limit: {
        name: string;
        allowed: number;
        currency: string | undefined;
        retryAfterMs: number | undefined;
    } | undefined;
    /** @param {import("souk:types/common@0.1.0").Denied} denied */
    constructor(denied: import("souk:types/common@0.1.0").Denied);
    /**
     * Returns a denial of the SDK's own: what it was given is malformed.
     * @param {string} what
     */
    static invalid(what: string): Denied;
}
/**
 * Asks the host for something; its no is thrown as a `Denied`.
 *
 * @template T
 * @param {() => T} call
 * @returns {T}
 */
export declare function ask<T>(call: () => T): T;
