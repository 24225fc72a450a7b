/// <reference path="./souk-types-common.d.ts" />
declare module 'souk:storage/buckets@0.1.0' {
  export type Denied = import('souk:types/common@0.1.0').Denied;
  export type Allowance = import('souk:types/common@0.1.0').Allowance;
  /**
   * Who shares the data. Each needs its permission.
   * # Variants
   * 
   * ## `"app"`
   * 
   * All of this app's chats and people. Needs `storage.app`.
   * ## `"chat"`
   * 
   * The people of the chat this event serves. Needs `storage.chat`.
   * ## `"user"`
   * 
   * The person this event serves, in all their chats. Needs `storage.user`. Begins empty again
   * each time they leave the app.
   */
  export type Scope = 'app' | 'chat' | 'user';
  /**
   * A stored value.
   */
  export interface Entry {
    /**
     * At most 512 bytes.
     */
    key: string,
    /**
     * At most 64 KiB.
     */
    value: Uint8Array,
    /**
     * Counts up with every change of this key; compare it with `condition.version`.
     */
    version: number,
  }
  /**
   * What must hold for a write to happen.
   */
  export type Condition = ConditionAlways | ConditionAbsent | ConditionVersion;
  /**
   * Whatever is there.
   */
  export interface ConditionAlways {
    tag: 'always',
  }
  /**
   * Nothing is there yet.
   */
  export interface ConditionAbsent {
    tag: 'absent',
  }
  /**
   * Exactly this version is there.
   */
  export interface ConditionVersion {
    tag: 'version',
    val: number,
  }
  
  export class Bucket implements Disposable {
    /**
     * This type does not have a public constructor.
     */
    private constructor();
    /**
    * `not-granted` without the permission, or when the event has no such chat or user.
    */
    static open(scope: Scope): Bucket;
    /**
    * The value, this event's own writes included; none if nothing is there.
    */
    get(key: string): Entry | undefined;
    /**
    * Stages a write and returns the key's new version, to be compared with at the next write.
    * `conflict` when the condition does not hold; `over-limit` when key, value or bucket would be
    * too large.
    * 
    * With `ttl-ms` the value lives for so many milliseconds from this event's time on, from 1000
    * (a second) to 31622400000 (366 days); other numbers are `invalid`. Then it is gone in every
    * respect: `get` finds nothing, `scan` leaves it out, conditions see nothing there. It takes no
    * room any more: a hundred expired values make room at once for what is written, the rest is
    * cleared away in the background. An event sees it gone once its own time has come that far,
    * or earlier if the event has waited and the host's has. Its key's version goes on. Every `put`
    * says anew how long its value lives: without `ttl-ms` it stays, as long as its person does. What
    * an event that has a person puts for a `chat` or a `user` is erased when that person's account
    * ends, and is then as if nothing were there.
    */
    put(key: string, value: Uint8Array, condition: Condition, ttlMs: number | undefined): number;
    /**
    * Stages a deletion. `conflict` when the condition does not hold; deleting nothing is no
    * error.
    */
    'delete'(key: string, condition: Condition): void;
    /**
    * Adds to a counter without reading it: any number of events can do it at once and none runs
    * again. Counters are apart from values; `count` reads them. A counter says from −(2^53 − 1) to
    * 2^53 − 1; `over-limit` (`counter`) when it would leave that.
    */
    increment(key: string, delta: number): void;
    /**
    * What a counter says; 0 before the first `increment`.
    */
    count(key: string): number;
    /**
    * The next number of a series, from 1, each given once, without gaps. Events that meet here
    * run again. Series are apart from values and counters, and end at 2^53 − 1: `over-limit`
    * (`series`).
    */
    next(key: string): number;
    /**
    * Values whose keys start with `prefix`, in key order, beyond the key `after`, at most
    * `limit`; more than 100 is as good as 100. Fewer than that are the last there are. A page as a
    * whole may be `over-limit` (`answer-bytes`), when it comes to more than the event may still be
    * handed: ask for a smaller one, or `get` by key.
    */
    scan(prefix: string, after: string | undefined, limit: number): Array<Entry>;
    /**
    * What is left of the limits on storing: `bucket-bytes` and `staged-bytes`. More names may come.
    */
    allowances(): Array<Allowance>;
    [Symbol.dispose](): void;
  }
}
