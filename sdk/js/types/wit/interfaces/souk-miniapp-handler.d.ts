/// <reference path="./souk-miniapp-events.d.ts" />
declare module 'souk:miniapp/handler@0.1.0' {
  /**
   * The one way in. Returning ok commits everything that was staged; anything else commits
   * nothing. The host may run the same event again before it commits, on fresher data.
   */
  export function handle(event: Event): void;
  export type Event = import('souk:miniapp/events@0.1.0').Event;
  export type Failure = import('souk:miniapp/events@0.1.0').Failure;
}
