/// <reference path="./souk-types-common.d.ts" />
declare module 'souk:runtime/limits@0.1.0' {
  /**
   * What is left now: of `host-calls` (this call counts too), `answer-bytes` (what all calls
   * together may hand to the app), `memory-bytes` (all memories and tables), `handles` and
   * `log-bytes`. More names may come. Time is none of them: a run sees no time pass. What belongs
   * to one capability is told by its own `allowances`.
   */
  export function allowances(): Array<Allowance>;
  export type Allowance = import('souk:types/common@0.1.0').Allowance;
}
