// What the app's merchant set on this host: addresses, texts, switches, keys. Needs the permission
// `config`.

import * as values from "souk:config/values@0.1.0";
import { ask } from "./denied.js";

/**
 * Returns what is set under a name; `undefined` when nothing is, or when it is a secret.
 * @param {string} name
 */
export function get(name) {
  return ask(() => values.get(name)) ?? undefined;
}

/**
 * A value the merchant marked as a secret. Once revealed, the host strikes it out of what the app
 * prints and of the reasons it gives; what the app posts is the app's to watch.
 */
export class Secret {
  #handle;

  /** @param {values.Secret} handle */
  constructor(handle) {
    this.#handle = handle;
  }

  /**
   * Opens the secret of this name; `not-found` when nothing is set, or when it is no secret.
   * @param {string} name
   */
  static open(name) {
    return new Secret(ask(() => values.Secret.open(name)));
  }

  /** Returns what it says. */
  reveal() {
    return this.#handle.reveal();
  }
}
