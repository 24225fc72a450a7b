// Who an event came from, as far as this app may know.

import { User as Handle } from "souk:identity/users@0.1.0";
import { Denied, ask } from "./denied.js";

/** The person an event came from. */
export class User {
  #handle;

  /** @param {Handle} handle */
  constructor(handle) {
    this.#handle = handle;
  }

  /**
   * Returns the person who did it; in an order's event, the payer. Needs no permission;
   * `not-granted` when nobody did it.
   */
  static current() {
    return new User(ask(() => Handle.current()));
  }

  /**
   * Stable, this app's alone, and it says nothing by itself. It is dead once they leave the app;
   * should they come back, they are somebody new.
   */
  get id() {
    return this.#handle.id();
  }

  /**
   * Returns the id under which all apps of this app's merchant see the person, until they leave one
   * of them. Needs `identity.merchant-id`.
   */
  merchantScopedId() {
    return ask(() => this.#handle.merchantScopedId());
  }

  /**
   * Returns the host's word, for the merchant's own backend, that this person uses this app now:
   * a JWT for 60 seconds and one use, which verifies with the keys at the host's
   * `/.well-known/jwks.json`. Only in a command or an action.
   *
   * @param {string} nonce At most 256 bytes, to know the token again.
   */
  launchToken(nonce) {
    return ask(() => this.#handle.launchToken(nonce));
  }

  /**
   * Returns the name people know this person by. Needs `identity.profile` with the claim `name`;
   * `consent-refused` once they said no.
   */
  name() {
    const found = this.profile(["name"]).find((claim) => claim.name === "name");
    if (!found) throw new Denied({ tag: "not-found" });
    return found.value;
  }

  /**
   * Returns what the person agreed to share of these claims. Where nobody has asked them yet,
   * a command or an action ends at this call: the host asks, and runs the same event again.
   *
   * @param {string[]} claims
   */
  profile(claims) {
    return ask(() => this.#handle.profile(claims));
  }
}
