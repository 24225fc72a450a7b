// Why the host said no, and what it still allows.

/**
 * What each denial says in words; those that bring their own are not here.
 * @type {Record<string, string>}
 */
const WORDS = {
  "not-granted": "this app was not granted what it needs for that",
  "consent-refused": "you chose not to allow what this needs",
  "not-found": "there is no such thing here",
  "key-reused": "that was already asked for in other words",
  "insufficient-funds": "there is not enough money",
  unavailable: "that is not possible right now",
};

/** Why the host said no. Look at `code`, or throw it on: the person reads its words. */
export class Denied extends Error {
  /** @param {import("souk:types/common@0.1.0").Denied} denied */
  constructor(denied) {
    super(words(denied));
    this.name = "Denied";
    /** For programs, like `not-granted`; of a reason this SDK does not know, its own. */
    this.code = denied.tag === "other" ? denied.val.code : denied.tag;
    /** Of `conflict`: what is so, like `paid` of an order. More states may come. */
    this.state = denied.tag === "conflict" ? denied.val.code : undefined;
    /** Of `over-limit`: which limit, how much it allows, in what, and when to try again. */
    this.limit = denied.tag === "over-limit" ? limit(denied.val) : undefined;
  }

  /**
   * Returns a denial of the SDK's own: what it was given is malformed.
   * @param {string} what
   */
  static invalid(what) {
    return new Denied({ tag: "invalid", val: what });
  }
}

/**
 * @param {import("souk:types/common@0.1.0").Denied} denied
 * @returns {string}
 */
function words(denied) {
  switch (denied.tag) {
    case "invalid":
      return denied.val;
    case "conflict":
      return `that cannot be done now: ${denied.val.text}`;
    case "over-limit":
      return `that is over the limit of ${denied.val.allowed} (${denied.val.name})`;
    case "other":
      return denied.val.text;
    default:
      return WORDS[denied.tag];
  }
}

/** @param {import("souk:types/common@0.1.0").Limit} limit */
function limit({ name, allowed, currency, retryAfterMs }) {
  return {
    name,
    allowed,
    currency: currency ?? undefined,
    retryAfterMs: retryAfterMs ?? undefined,
  };
}

/**
 * Asks the host for something; its no is thrown as a `Denied`.
 *
 * @template T
 * @param {() => T} call
 * @returns {T}
 */
export function ask(call) {
  try {
    return call();
  } catch (error) {
    const payload = /** @type {any} */ (error)?.payload;
    throw payload?.tag ? new Denied(payload) : error;
  }
}
