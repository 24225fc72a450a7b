/// <reference path="./souk-types-common.d.ts" />
declare module 'souk:config/values@0.1.0' {
  /**
   * What is set under a name of at most 64 bytes; none when nothing is, or when it is a secret.
   */
  export function get(name: string): string | undefined;
  export type Denied = import('souk:types/common@0.1.0').Denied;
  
  export class Secret implements Disposable {
    /**
     * This type does not have a public constructor.
     */
    private constructor();
    /**
    * The secret of this name; `not-found` when nothing is set, or when it is no secret.
    */
    static open(name: string): Secret;
    /**
    * What it says.
    */
    reveal(): string;
    [Symbol.dispose](): void;
  }
}
