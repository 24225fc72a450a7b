// What a run may still use.

import * as limits from "souk:runtime/limits@0.1.0";

/**
 * Returns what is left now: of host calls, of bytes that calls may hand to the app, of memory, of
 * handles and of the log. Time is none of them: a run sees no time pass.
 */
export function allowances() {
  return limits.allowances();
}
