/// <reference path="./souk-http-types.d.ts" />
/// <reference path="./souk-types-common.d.ts" />
declare module 'souk:http/reader@0.1.0' {
  /**
   * Asks for what is at a URL, and waits for the answer, at most a second. An answer is kept for the
   * event: the same URL with the same headers is given it again, also when the event runs again.
   * What failed is not kept. At most 4 calls in one run, repeated ones counted, 1.5 seconds of
   * waiting in all of it, and 120 requests of this app a minute. A URL is at most 2,048 bytes; of headers there are at most 64,
   * with 16 KiB together. `not-granted` for an origin the manifest does not name; `unavailable` when
   * the host there cannot be reached now, or did not answer in time. What else went wrong outside is
   * `other`, with one of these codes, to which more may come: `unknown-host` (the name leads
   * nowhere), `private-host` (it leads into a private network), `tls` (it cannot prove that it is
   * who it should be), `not-http` (it does not speak HTTP) and `answer-large`.
   */
  export function get(url: string, headers: Array<Header>): Response;
  /**
   * What is left: of `reads` in this event, and of `read-ms`, how long it may wait for answers.
   * More names may come.
   */
  export function allowances(): Array<Allowance>;
  export type Denied = import('souk:types/common@0.1.0').Denied;
  export type Allowance = import('souk:types/common@0.1.0').Allowance;
  export type Header = import('souk:http/types@0.1.0').Header;
  export type Response = import('souk:http/types@0.1.0').Response;
}
