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
   * The person this event serves, in all their chats. Needs `storage.user`.
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
    * Stages a write. `conflict` when the condition does not hold; `over-limit` when key, value or
    * bucket would be too large.
    */
    put(key: string, value: Uint8Array, condition: Condition): void;
    /**
    * Stages a deletion. `conflict` when the condition does not hold; deleting nothing is no
    * error.
    */
    'delete'(key: string, condition: Condition): void;
    /**
    * Adds to a counter without reading it: any number of events can do it at once and none runs
    * again. Counters are apart from values; `count` reads them.
    */
    increment(key: string, delta: number): void;
    /**
    * What a counter says; 0 before the first `increment`.
    */
    count(key: string): number;
    /**
    * The next number of a series, from 1, each given once, without gaps. Events that meet here
    * run again. Series are apart from values and counters.
    */
    next(key: string): number;
    /**
    * Values whose keys start with `prefix`, in key order, beyond the key `after`, at most
    * `limit`, which is at most 100.
    */
    scan(prefix: string, after: string | undefined, limit: number): Array<Entry>;
    /**
    * What is left of the limits on storing.
    */
    allowances(): Array<Allowance>;
    [Symbol.dispose](): void;
  }
}
