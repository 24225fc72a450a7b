/**
 * Returns what is left now: of host calls, of bytes that calls may hand to the app, of memory, of
 * handles and of the log. Time is none of them: a run sees no time pass.
 */
export declare function allowances(): import("souk:types/common@0.1.0").Allowance[];
