/**
 * Nothing happens: everything the handler staged is dropped. The texts are shown to the person as
 * the app's words, quoted, plain and short. Throw one:
 *
 *     throw Failure.rejected("The apron is taken.");
 *
 * A `Denied` that is thrown on becomes one by itself: a retry where that may help, not before the
 * time that it says, else a rejection in the denial's words. Any other error is a fault of the app.
 */
export declare class Failure extends Error {
    failure: import("souk:miniapp/events@0.1.0").Failure;
    /** @param {import("souk:miniapp/events@0.1.0").Failure} failure */
    constructor(failure: import("souk:miniapp/events@0.1.0").Failure);
    /**
     * Returns a failure that tells the person why.
     * @param {string} why
     */
    static rejected(why: string): Failure;
    /**
     * Returns a failure that points at one input and says what is wrong with it.
     * @param {string} field The input's id in the card.
     * @param {string} text
     */
    static invalidInput(field: string, text: string): Failure;
    /**
     * Returns a failure that asks the host to run the same event again later, at most four times.
     * @param {string} why
     * @param {number} [afterMs] How long it waits at least; more than a day counts as a day.
     */
    static retry(why: string, afterMs?: number): Failure;
}
/**
 * Writes what a handler threw for the contract. What is not meant for people stays an error, and
 * ends the run as a fault of the app.
 *
 * @param {unknown} error
 * @returns {unknown}
 */
export declare function written(error: unknown): unknown;
