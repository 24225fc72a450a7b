/// <reference path="./souk-types-common.d.ts" />
declare module 'souk:identity/users@0.1.0' {
  export type Denied = import('souk:types/common@0.1.0').Denied;
  /**
   * One thing a person lets the app know.
   */
  export interface Claim {
    /**
     * An OpenID Connect name. Known so far: `name`.
     */
    name: string,
    /**
     * What the person's profile says.
     */
    value: string,
  }
  
  export class User implements Disposable {
    /**
     * This type does not have a public constructor.
     */
    private constructor();
    /**
    * The person who did it; in an `order` or `last-look` event, the payer. Needs no permission: the id says
    * nothing by itself. `not-granted` when nobody did it.
    */
    static current(): User;
    /**
    * Pairwise: stable for this app, unlinkable with what other merchants' apps see, and dead once
    * the person leaves the app: should they come back, they are somebody new.
    */
    id(): string;
    /**
    * Stable across this app's merchant's apps, and unlinkable with what other merchants see.
    * Leaving any of these apps ends it. Needs `identity.merchant-id`.
    */
    merchantScopedId(): string;
    /**
    * Claims the person agreed to share. Needs `identity.profile` with these claims in the
    * manifest (else `not-granted`). When the person has not been asked yet, a command or an
    * action ends here, the host asks, and the same event runs again with the answer; any other
    * event gets `not-granted`. `consent-refused` once they said no to any one of the claims that
    * are named. Asking twice in one event gives the same answer.
    */
    profile(claims: Array<string>): Array<Claim>;
    /**
    * A signed statement of the host that this person is using this app now, for the merchant's
    * own backend: a JWT (EdDSA) that verifies with the keys at the host's
    * `/.well-known/jwks.json`. `iss` is the host, `aud` this app's id, `sub` the person's `id`,
    * `chat` the chat's id if there is one, `nonce` what is passed here, at most 256 bytes. It is
    * good for 60 seconds, and for one use: the backend remembers its `jti` for as long. Only in a
    * person's command or action; `not-granted` in any other event.
    */
    launchToken(nonce: string): string;
    [Symbol.dispose](): void;
  }
}
