/// <reference path="./souk-http-types.d.ts" />
/// <reference path="./souk-types-common.d.ts" />
declare module 'souk:http/reader@0.1.0' {
  /**
   * Asks for what is at a URL, and waits for the answer, at most a second. In one event the same
   * URL with the same headers has one answer: it is kept, and given again when the event runs
   * again. At most 4 different ones in one event. `not-granted` for an origin the manifest does not
   * name; `unavailable` when the host there cannot be reached now; `other` names what else went
   * wrong outside, like `private-host` or `answer-large`.
   */
  export function get(url: string, headers: Array<Header>): Response;
  export type Denied = import('souk:types/common@0.1.0').Denied;
  export type Header = import('souk:http/types@0.1.0').Header;
  export type Response = import('souk:http/types@0.1.0').Response;
}
