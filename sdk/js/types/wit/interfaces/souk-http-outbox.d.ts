/// <reference path="./souk-http-types.d.ts" />
/// <reference path="./souk-types-common.d.ts" />
declare module 'souk:http/outbox@0.1.0' {
  /**
   * Stages a request: it leaves once this event has committed, and the answer comes in a `response`
   * event. Returns the id that event will name; it is also sent as Idempotency-Key, so that
   * a request that has to be sent again happens once. At most 8 in one event; an answer to an answer
   * to an answer and so on is denied after 8.
   */
  export function send(request: Request): string;
  export type Denied = import('souk:types/common@0.1.0').Denied;
  export type Header = import('souk:http/types@0.1.0').Header;
  /**
   * A request that changes something.
   */
  export interface Request {
    /**
     * `POST`, `PUT`, `PATCH` or `DELETE`.
     */
    method: string,
    /**
     * An origin of the manifest, then a path.
     */
    url: string,
    /**
     * Without those that say how the request travels.
     */
    headers: Array<Header>,
    /**
     * At most 48 KiB.
     */
    body: Uint8Array,
  }
}
