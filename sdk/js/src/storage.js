// Values this app keeps, as JSON. Each kind of bucket needs its permission: `storage.app`,
// `storage.chat`, `storage.user`.

import { Bucket as Handle } from "souk:storage/buckets@0.1.0";
import { Denied, ask } from "./denied.js";
import { fromUtf8, toUtf8 } from "./utf8.js";

/** How many values `entries` fetches at a time: the most the host gives. */
const PAGE = 100;

/**
 * A stored value.
 *
 * @typedef {object} Entry
 * @property {string} key
 * @property {any} value
 * @property {number} version Counts up with every change of this key.
 */

/**
 * What must hold for a write to happen: nothing is there yet, or exactly this version is.
 * @typedef {"absent" | number} If
 */

/** The authority over one scope's values. */
export class Bucket {
  #handle;

  /** @param {Handle} handle */
  constructor(handle) {
    this.#handle = handle;
  }

  /** Returns the values this app shares with all its chats and people. */
  static app() {
    return Bucket.#open("app");
  }

  /** Returns the values of the chat this event happened in. */
  static chat() {
    return Bucket.#open("chat");
  }

  /** Returns the values of the person this event came from. */
  static user() {
    return Bucket.#open("user");
  }

  /** @param {import("souk:storage/buckets@0.1.0").Scope} scope */
  static #open(scope) {
    return new Bucket(ask(() => Handle.open(scope)));
  }

  /**
   * Returns the value of `key`, this event's own writes included, or `undefined`.
   * @param {string} key
   */
  get(key) {
    return this.entry(key)?.value;
  }

  /**
   * Returns the value of `key` with its version, or `undefined`.
   * @param {string} key
   */
  entry(key) {
    const found = ask(() => this.#handle.get(key));
    return found ? read(found) : undefined;
  }

  /**
   * Stores `value` under `key`, if `condition` holds; else `conflict`. With `ttlMs` it is gone so
   * many milliseconds after this event (from a second to 366 days), as if it had been deleted;
   * without, it stays. Returns its version, for the next condition.
   *
   * @param {string} key
   * @param {unknown} value
   * @param {If} [condition]
   * @param {number} [ttlMs]
   */
  put(key, value, condition, ttlMs) {
    const json = JSON.stringify(value);
    if (json === undefined) throw Denied.invalid(`the value for \`${key}\` is no JSON`);
    return ask(() => this.#handle.put(key, toUtf8(json), when(condition), ttlMs));
  }

  /**
   * Deletes the value of `key`, if `condition` holds; else `conflict`. Deleting nothing is no error.
   *
   * @param {string} key
   * @param {If} [condition]
   */
  delete(key, condition) {
    ask(() => this.#handle.delete(key, when(condition)));
  }

  /**
   * Adds to a counter without reading it: any number of events can do it at once and none runs
   * again. Counters are apart from values.
   *
   * @param {string} key
   * @param {number} delta
   */
  add(key, delta) {
    ask(() => this.#handle.increment(key, delta));
  }

  /**
   * Returns what a counter says; 0 before the first `add`.
   * @param {string} key
   */
  count(key) {
    return ask(() => this.#handle.count(key));
  }

  /**
   * Returns the next number of a series, from 1: each is given once, without gaps.
   * @param {string} key
   */
  next(key) {
    return ask(() => this.#handle.next(key));
  }

  /**
   * Returns the values whose keys start with `prefix`, in key order, beyond the key `after`, at
   * most `limit`; more than 100 is as good as 100. Fewer than that are the last there are. A page
   * that comes to more than the event may still be handed is `over-limit`: ask for a smaller one.
   *
   * @param {string} prefix
   * @param {string} [after]
   * @param {number} [limit]
   */
  scan(prefix, after, limit = PAGE) {
    return ask(() => this.#handle.scan(prefix, after, limit)).map(read);
  }

  /**
   * Gives all values whose keys start with `prefix`, in key order, fetched page by page.
   *
   * @param {string} prefix
   * @returns {Generator<Entry>}
   */
  *entries(prefix) {
    for (let page = this.scan(prefix); page.length > 0; ) {
      yield* page;
      page = this.scan(prefix, page[page.length - 1].key);
    }
  }

  /** Returns what is left of the limits on storing. */
  allowances() {
    return this.#handle.allowances();
  }
}

/**
 * @param {import("souk:storage/buckets@0.1.0").Entry} entry
 * @returns {Entry}
 */
function read({ key, value, version }) {
  try {
    return { key, value: JSON.parse(fromUtf8(value)), version };
  } catch (error) {
    throw Denied.invalid(`\`${key}\` holds something else: ${error}`);
  }
}

/**
 * @param {If} [condition]
 * @returns {import("souk:storage/buckets@0.1.0").Condition}
 */
function when(condition) {
  if (condition === undefined) return { tag: "always" };
  if (condition === "absent") return { tag: "absent" };
  return { tag: "version", val: condition };
}
