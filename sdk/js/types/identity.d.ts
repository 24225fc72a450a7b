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
    /** Stable, this app's alone, and it says nothing by itself. */
    get id(): string;
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
