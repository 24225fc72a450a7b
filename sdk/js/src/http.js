// The outside: reading it, and changing it. Needs the permission `http`, which names every origin
// and method.
//
// `get` waits for its answer. A change is staged like everything an event does: it leaves when the
// event has committed, and its answer comes to the handler `response`.

import * as outbox from "souk:http/outbox@0.1.0";
import * as reader from "souk:http/reader@0.1.0";
import { Denied, ask } from "./denied.js";
import { fromUtf8, toUtf8 } from "./utf8.js";

/**
 * Names and values, names in small letters.
 * @typedef {Record<string, string>} Headers
 */

/** What the outside answered. Whatever its status: a redirect is an answer, and so is an error. */
export class Response {
  #headers;

  /** @param {import("souk:http/types@0.1.0").Response} told */
  constructor({ status, headers, body }) {
    /** The status, like 200. */
    this.status = status;
    /** What it carries, as bytes. */
    this.body = body;
    this.#headers = headers;
  }

  /** Whether the status is one of success, from 200 to 299. */
  get isSuccess() {
    return this.status >= 200 && this.status < 300;
  }

  /**
   * Returns the first header of a name, given in small letters, or `undefined`.
   * @param {string} name
   */
  header(name) {
    return this.#headers.find((header) => header.name === name)?.value;
  }

  /** What it carries, as text. Outside words: do not trust them. */
  text() {
    return fromUtf8(this.body);
  }

  /**
   * What it carries, as JSON. Outside words: do not trust them.
   * @returns {any}
   */
  json() {
    try {
      return JSON.parse(this.text());
    } catch (error) {
      throw Denied.invalid(`the answer is no JSON: ${error}`);
    }
  }
}

/** What became of a request that an earlier event sent. */
export class Answer {
  /** @param {import("souk:miniapp/events@0.1.0").Answer} told */
  constructor({ request, outcome }) {
    /** Which request it is the answer to: what `send` returned. */
    this.request = request;
    /** What came, if anything came. */
    this.response = outcome.tag === "ok" ? new Response(outcome.val) : undefined;
    /** Why nothing came and nothing will, by its name and in words. */
    this.silence = outcome.tag === "err" ? outcome.val : undefined;
  }
}

/**
 * Asks for what is at a URL, and waits for the answer, at most a second.
 *
 * @param {string} url
 * @param {Headers} [headers]
 */
export function get(url, headers = {}) {
  return new Response(ask(() => reader.get(url, listed(headers))));
}

/**
 * What a request carries: a text, bytes, or anything as JSON.
 *
 * @typedef {object} Sends
 * @property {Headers} [headers]
 * @property {string | Uint8Array} [body]
 * @property {unknown} [json]
 */

/**
 * Stages a request and returns its id. It leaves when this event has committed, under that id, up
 * to five times in about an hour and a half until the other side answers; at most 8 in one event.
 *
 * @param {string} method
 * @param {string} url
 * @param {Sends} [sends]
 */
export function send(method, url, { headers = {}, body = "", json } = {}) {
  if (json !== undefined) {
    return send(method, url, {
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(json),
    });
  }
  const bytes = typeof body === "string" ? toUtf8(body) : body;
  return ask(() => outbox.send({ method, url, headers: listed(headers), body: bytes }));
}

/** Returns what is left of the limits on reading and sending. */
export function allowances() {
  return [...reader.allowances(), ...outbox.allowances()];
}

/**
 * Has something processed: `send` with POST.
 *
 * @param {string} url
 * @param {Sends} [sends]
 */
export function post(url, sends) {
  return send("POST", url, sends);
}

/**
 * Replaces what is at a URL: `send` with PUT.
 *
 * @param {string} url
 * @param {Sends} [sends]
 */
export function put(url, sends) {
  return send("PUT", url, sends);
}

/** @param {Headers} headers */
function listed(headers) {
  return Object.entries(headers).map(([name, value]) => ({ name, value }));
}
