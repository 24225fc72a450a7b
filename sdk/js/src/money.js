// Money in the smallest unit of its currency, without floats.

import { Denied } from "./denied.js";

/** The most the host takes, so that every guest language holds it exactly. */
const MINOR_MAX = Number.MAX_SAFE_INTEGER;

/** Currencies of ISO 4217 that do not have two digits after the point. */
const DIGITS = new Map(
  Object.entries({
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
  }).flatMap(([digits, codes]) => codes.split(" ").map((code) => [code, Number(digits)])),
);

/** An amount: never negative, never mixed with another currency, never rounded. */
export class Money {
  /**
   * @param {number} minor Smallest units: 12.50 USD is 1250.
   * @param {string} currency Of ISO 4217, or an asset of the host like GOLD:4.
   */
  constructor(minor, currency) {
    if (!Number.isSafeInteger(minor) || minor < 0 || minor > MINOR_MAX) {
      throw Denied.invalid(`${minor} is no amount of ${currency}`);
    }
    this.minor = minor;
    this.currency = currency;
    Object.freeze(this);
  }

  /** @param {{ minor: number, currency: string }} money */
  static read({ minor, currency }) {
    return new Money(minor, currency);
  }

  /** @param {Money} other */
  plus(other) {
    return new Money(this.minor + this.#alike(other), this.currency);
  }

  /** @param {Money} other */
  minus(other) {
    return new Money(this.minor - this.#alike(other), this.currency);
  }

  /** @param {number} count */
  times(count) {
    return new Money(this.minor * count, this.currency);
  }

  /** @param {Money} other */
  #alike({ minor, currency }) {
    if (currency !== this.currency) {
      throw Denied.invalid(`${this.currency} and ${currency} do not add up`);
    }
    return minor;
  }

  /** Like `12.50 USD`. */
  toString() {
    const digits = digitsOf(this.currency);
    const text = String(this.minor).padStart(digits + 1, "0");
    const whole = text.slice(0, text.length - digits);
    return `${digits === 0 ? text : `${whole}.${text.slice(-digits)}`} ${this.currency}`;
  }
}

/**
 * Returns so many cents.
 * @param {number} cents
 */
export function usd(cents) {
  return new Money(cents, "USD");
}

/** @param {string} currency */
function digitsOf(currency) {
  const [, digits] = currency.split(":");
  return digits === undefined ? (DIGITS.get(currency) ?? 2) : Number(digits);
}
