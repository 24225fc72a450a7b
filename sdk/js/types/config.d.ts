import * as values from "souk:config/values@0.1.0";
/**
 * Returns what is set under a name; `undefined` when nothing is, or when it is a secret.
 * @param {string} name
 */
export declare function get(name: string): string | undefined;
/**
 * A value the merchant marked as a secret. Once revealed, the host strikes it out of what the app
 * prints and of the reasons it gives; what the app posts is the app's to watch.
 */
export declare class Secret {
    #private;
    /** @param {values.Secret} handle */
    constructor(handle: values.Secret);
    /**
     * Opens the secret of this name; `not-found` when nothing is set, or when it is no secret.
     * @param {string} name
     */
    static open(name: string): Secret;
    /** Returns what it says. */
    reveal(): string;
}
