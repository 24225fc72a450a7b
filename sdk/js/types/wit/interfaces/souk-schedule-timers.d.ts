/// <reference path="./souk-types-common.d.ts" />
declare module 'souk:schedule/timers@0.1.0' {
  /**
   * Sends this app a `timer` event with these bytes, once, at or after `at`: at least a second and
   * at most a year from this event. The same name in the same scope sets the timer anew. A name is
   * a line of at most 64 bytes, the bytes are at most 4 KiB; an app has at most 100 timers in one
   * chat and in no chat, and 10,000 in all; one event sets or takes off at most 16. `not-granted`
   * for `chat` where the event has none.
   */
  export function set(scope: Scope, name: string, at: Timestamp, payload: Uint8Array): void;
  /**
   * Takes a timer off. `not-found` when none of this name is set, or it went off already.
   */
  export function cancel(scope: Scope, name: string): void;
  /**
   * The timers that are set, by name.
   */
  export function list(scope: Scope): Array<Pending>;
  /**
   * What is left: of `timers`, what this event may set or take off; of `chat-timers`, in the chat
   * of this event or, where it has none, in no chat; and of `app-timers`. More names may come.
   */
  export function allowances(): Array<Allowance>;
  export type Timestamp = import('souk:types/common@0.1.0').Timestamp;
  export type Denied = import('souk:types/common@0.1.0').Denied;
  export type Allowance = import('souk:types/common@0.1.0').Allowance;
  /**
   * Where a timer goes off.
   * # Variants
   * 
   * ## `"app"`
   * 
   * In no chat and for nobody: only what is the whole app's can be reached.
   * ## `"chat"`
   * 
   * In the chat this event happened in, for nobody in particular: the app may speak there. Of
   * a timer that went off, the chat of its event.
   */
  export type Scope = 'app' | 'chat';
  /**
   * A timer that is set.
   */
  export interface Pending {
    /**
     * What the app calls it.
     */
    name: string,
    /**
     * When it goes off, or soon after.
     */
    at: Timestamp,
  }
}
