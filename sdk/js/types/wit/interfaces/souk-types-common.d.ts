declare module 'souk:types/common@0.1.0' {
  /**
   * Money in the smallest unit of its currency: 12.50 USD is { minor: 1250, currency: "USD" }.
   */
  export interface Money {
    /**
     * Smallest units. The host refuses more than 2^53 - 1, so that every guest language holds
     * them exactly.
     */
    minor: number,
    /**
     * Three capital letters of ISO 4217, or an asset of this host with its digits after the point,
     * like GOLD:4.
     */
    currency: string,
  }
  /**
   * Milliseconds since 1970-01-01T00:00:00Z. The host's clock stands still during an event.
   */
  export type Timestamp = number;
  /**
   * A limit that was reached. `host/docs/limits.md` lists all of them; more names may come, and an
   * operator may allow less than this contract says: what is told here counts.
   */
  export interface Limit {
    /**
     * Which one, for programs.
     */
    name: string,
    /**
     * How much it allows: in bytes, characters, milliseconds, steps or pieces, as that list says,
     * or in the smallest unit of `currency`.
     */
    allowed: number,
    /**
     * What the limit is in, when it is one on money.
     */
    currency?: string,
    /**
     * After how many milliseconds it is worth trying again; none: not known.
     */
    retryAfterMs?: number,
  }
  /**
   * A state, a reason, or something a later version of the contract has a name for.
   */
  export interface Note {
    /**
     * Its name, for programs.
     */
    code: string,
    /**
     * The same in words, for people.
     */
    text: string,
  }
  /**
   * Why the host said no. `not-granted` and `consent-refused` come before anything the host has
   * to look up; among the others there is no order: when several apply, any of them is returned.
   * More reasons can come; until a new version of this package names them they are `other`.
   */
  export type Denied = DeniedNotGranted | DeniedConsentRefused | DeniedInvalid | DeniedNotFound | DeniedConflict | DeniedKeyReused | DeniedInsufficientFunds | DeniedOverLimit | DeniedUnavailable | DeniedOther;
  /**
   * The manifest does not ask for it, or the operator does not allow it, or it is not available
   * in this kind of event, or the event's person has never opened this app or has left it: then
   * only `messaging.post`, `storage.app`, `storage.chat` and `config` are granted.
   */
  export interface DeniedNotGranted {
    tag: 'not-granted',
  }
  /**
   * The person said no. Asking again changes nothing until they change it in their settings.
   * (While they have not answered yet, the host ends the run, asks, and runs the same event
   * again with the answer.)
   */
  export interface DeniedConsentRefused {
    tag: 'consent-refused',
  }
  /**
   * An argument is malformed, an id or a token too. The text names it for developers: it has no
   * form that programs could rely on.
   */
  export interface DeniedInvalid {
    tag: 'invalid',
    val: string,
  }
  /**
   * No such thing, or not this app's to see. The two are never told apart.
   */
  export interface DeniedNotFound {
    tag: 'not-found',
  }
  /**
   * A stated condition does not hold. The code is the present state, like `paid` of an order or
   * `absent` of a value; more states may come.
   */
  export interface DeniedConflict {
    tag: 'conflict',
    val: Note,
  }
  /**
   * The same idempotency key was used with other contents.
   */
  export interface DeniedKeyReused {
    tag: 'key-reused',
  }
  /**
   * There is not enough money in the account that would pay.
   */
  export interface DeniedInsufficientFunds {
    tag: 'insufficient-funds',
  }
  /**
   * Over a limit; which one, how much, and when it is worth trying again.
   */
  export interface DeniedOverLimit {
    tag: 'over-limit',
    val: Limit,
  }
  /**
   * The host cannot answer now. Safe to repeat with the same key.
   */
  export interface DeniedUnavailable {
    tag: 'unavailable',
  }
  /**
   * A reason this version of the contract does not name.
   */
  export interface DeniedOther {
    tag: 'other',
    val: Note,
  }
  /**
   * What is left of a limit in its present window. More names may come.
   */
  export interface Allowance {
    /**
     * Which limit, for programs: a name as in `limit`.
     */
    name: string,
    /**
     * How much it allows in all, in the unit that `limit` says.
     */
    allowed: number,
    /**
     * How much is left of that.
     */
    remaining: number,
    /**
     * When all of it is there again; none: with the next event, or not known.
     */
    resets?: Timestamp,
  }
}
