import { User as Handle } from "souk:identity/users@0.1.0";
/** The person an event came from. */
export declare class User {
    #private;
    /** @param {Handle} handle */
    constructor(handle: Handle);
    /**
     * Returns the person who did it; in an order's event, the payer. Needs no permission;
     * `not-granted` when nobody did it.
     */
    static current(): User;
    /**
     * Stable, this app's alone, and it says nothing by itself. It is dead once they leave the app;
     * should they come back, they are somebody new.
     */
    get id(): string;
    /**
     * Returns the id under which all apps of this app's merchant see the person, until they leave one
     * of them. Needs `identity.merchant-id`.
     */
    merchantScopedId(): string;
    /**
     * Returns the host's word, for the merchant's own backend, that this person uses this app now:
     * a JWT for 60 seconds and one use, which verifies with the keys at the host's
     * `/.well-known/jwks.json`. Only in a command or an action.
     *
     * @param {string} nonce At most 256 bytes, to know the token again.
     */
    launchToken(nonce: string): string;
    /**
     * Returns the name people know this person by. Needs `identity.profile` with the claim `name`;
     * `consent-refused` once they said no.
     */
    name(): string;
    /**
     * Returns what the person agreed to share of these claims. Where nobody has asked them yet,
     * a command or an action ends at this call: the host asks, and runs the same event again.
     *
     * @param {string[]} claims
     */
    profile(claims: string[]): import("souk:identity/users@0.1.0").Claim[];
}
