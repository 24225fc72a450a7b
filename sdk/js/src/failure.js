// How a handler says that it could not.

import { Denied } from "./denied.js";

/**
 * Nothing happens: everything the handler staged is dropped. The texts are shown to the person as
 * the app's words, quoted, plain and short. Throw one:
 *
 *     throw Failure.rejected("The apron is taken.");
 *
 * A `Denied` that is thrown on becomes one by itself: a retry where that may help, not before the
 * time that it says, else a rejection in the denial's words. Any other error is a fault of the app.
 */
export class Failure extends Error {
  /** @param {import("souk:miniapp/events@0.1.0").Failure} failure */
  constructor(failure) {
    super(words(failure));
    this.name = "Failure";
    this.failure = failure;
  }

  /**
   * Returns a failure that tells the person why.
   * @param {string} why
   */
  static rejected(why) {
    return new Failure({ tag: "rejected", val: why });
  }

  /**
   * Returns a failure that points at one input and says what is wrong with it.
   * @param {string} field The input's id in the card.
   * @param {string} text
   */
  static invalidInput(field, text) {
    return new Failure({ tag: "invalid-input", val: [{ field, text }] });
  }

  /**
   * Returns a failure that asks the host to run the same event again later, at most four times.
   * @param {string} why
   * @param {number} [afterMs] How long it waits at least; more than a day counts as a day.
   */
  static retry(why, afterMs) {
    return new Failure({ tag: "retry", val: { text: why, afterMs } });
  }
}

/**
 * @param {import("souk:miniapp/events@0.1.0").Failure} failure
 * @returns {string}
 */
function words(failure) {
  switch (failure.tag) {
    case "rejected":
      return failure.val;
    case "invalid-input":
      return failure.val.map(said).join("; ");
    case "retry":
      return failure.val.text;
  }
}

/** @param {import("souk:miniapp/events@0.1.0").FieldError} error */
function said({ field, text }) {
  return `${field}: ${text}`;
}

/** What is worth waiting for: the host tries again for about so long. */
const SOON_MS = 10_000;

/**
 * Writes what a handler threw for the contract. What is not meant for people stays an error, and
 * ends the run as a fault of the app.
 *
 * @param {unknown} error
 * @returns {unknown}
 */
export function written(error) {
  if (error instanceof Failure) return error.failure;
  if (!(error instanceof Denied)) return error;
  const afterMs = error.limit?.retryAfterMs;
  const passes = error.code === "unavailable" || (afterMs ?? Infinity) <= SOON_MS;
  return passes
    ? Failure.retry(error.message, afterMs).failure
    : Failure.rejected(error.message).failure;
}
