/// <reference path="./souk-http-types.d.ts" />
/// <reference path="./souk-types-common.d.ts" />
declare module 'souk:http/outbox@0.1.0' {
  /**
   * Stages a request: it leaves once this event has committed, and the answer comes in a `response`
   * event. Returns the id that event will name; it is also sent as Idempotency-Key, so that
   * a request that has to be sent again happens once. It is tried up to five times in about an hour
   * and a half; if nothing answers by then, the event brings a note instead of an answer, with the
   * codes of `reader.get` or one of `unreachable`, `slow`, `not-granted` (it was taken back
   * meanwhile), `url`, `method`, `headers` and `body`; more may come. A try that is put off because
   * this app sends too much leaves later, and does not count. Nothing comes any more of a request
   * whose person's account has ended. At most 8 in one event, and 1,000 of this app on their way; an answer to an answer to an
   * answer and so on is denied after 8.
   */
  export function send(request: Request): string;
  /**
   * What is left: of `sends` in this event, and of `sends-waiting`, this app's requests that are on
   * their way. More names may come.
   */
  export function allowances(): Array<Allowance>;
  export type Denied = import('souk:types/common@0.1.0').Denied;
  export type Allowance = import('souk:types/common@0.1.0').Allowance;
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
     * An origin of the manifest, then a path: at most 2,048 bytes.
     */
    url: string,
    /**
     * Without those that say how the request travels; at most 64, and 16 KiB together.
     */
    headers: Array<Header>,
    /**
     * At most 48 KiB.
     */
    body: Uint8Array,
  }
}
