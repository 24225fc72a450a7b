// Asking for payment, which needs the permission `wallet.request`, and paying people out of what the
// app has, which needs `wallet.pay-out`.
//
// A mini-app never moves anyone's money: it asks, the host draws the sheet, the person approves,
// and the app hears of it in its `order` handler.

import { Order as OrderHandle, Wallet as WalletHandle } from "souk:wallet/payments@0.1.0";
import { Denied, ask } from "./denied.js";
import { Money } from "./money.js";

/**
 * What is asked of the person an event came from. It is added up for you.
 *
 * @typedef {object} Ask
 * @property {string} key The same key with the same contents is the same order. The event's id is
 *   the natural one.
 * @property {{ id?: string, label: string, quantity: number, unit: Money }[]} items What is sold: at
 *   least one. `id` is the shop's own name of the article, for the shop.
 * @property {Line[]} [lines] What comes on top of the items and what is taken off.
 * @property {string} [memo] Shown quoted on the sheet, at most 200 characters.
 * @property {boolean} [authorizeOnly] Only sets the money aside, for `capture` or `void`.
 * @property {boolean} [lastLook] Has this app asked once more when the person approves, before any
 *   money moves: the `lastLook` handler.
 * @property {number} [expires] When it closes itself if nobody pays, in milliseconds since 1970.
 *
 * @typedef {object} Line
 * @property {"discount" | "fulfillment" | "tax" | "fee" | "tip"} kind
 * @property {string} label
 * @property {Money} amount Never negative: a discount is taken off by its kind.
 */

/** One order of this app, and what became of it, read when it was opened. */
export class Order {
  #handle;

  /** @param {OrderHandle} handle */
  constructor(handle) {
    this.#handle = handle;
  }

  /**
   * Puts a payment sheet, drawn by the host, before the person the event came from. Only from
   * a command or an action.
   *
   * @param {Ask} asked
   */
  static ask(asked) {
    const request = written(asked);
    return new Order(ask(() => WalletHandle.mine().request(request)));
  }

  /**
   * Returns this app's order with this id; `not-found` unless it is this app's.
   * @param {string} id
   */
  static find(id) {
    return new Order(ask(() => OrderHandle.find(id)));
  }

  /**
   * Returns the order this app asked for with this key.
   * @param {string} key
   */
  static byKey(key) {
    return new Order(ask(() => OrderHandle.byKey(key)));
  }

  get id() {
    return this.#handle.id();
  }

  /** The key this app asked for it with. */
  get key() {
    return this.#handle.key();
  }

  /**
   * `pending`, `authorized`, `paid`, `declined`, `canceled`, `expired`, `voided` or `refunded`;
   * more words may come. States never go back.
   */
  get state() {
    return this.#handle.state();
  }

  /** Counts up with every change, from 1. */
  get revision() {
    return this.#handle.revision();
  }

  /**
   * The id of the person who pays, or was asked to: what `User.id` gave then. `undefined` as long as
   * that is nobody in particular.
   */
  get payerId() {
    return this.#handle.payerId() ?? undefined;
  }

  get total() {
    return Money.read(this.#handle.total());
  }

  /** What was paid: nothing before, then the total or the part of it that was captured. */
  get captured() {
    return Money.read(this.#handle.captured());
  }

  /** The sum of all refunds so far. */
  get refunded() {
    return Money.read(this.#handle.refunded());
  }

  /** What the host takes from this app for it. */
  get fee() {
    return Money.read(this.#handle.fee());
  }

  /**
   * When it closes itself if nobody pays; while it is authorized, when that goes back. `undefined`
   * once neither can happen any more.
   */
  get expires() {
    return this.#handle.expires() ?? undefined;
  }

  /**
   * Takes an authorized amount, or part of it; the rest goes back. Once: the same amount again
   * changes nothing.
   *
   * @param {Money} amount
   */
  capture(amount) {
    ask(() => this.#handle.capture(plain(amount)));
  }

  /**
   * Closes an order nobody has paid, or gives back what was authorized. The person reads `reason`.
   * @param {string} reason
   */
  void(reason) {
    ask(() => this.#handle.void(reason));
  }

  /**
   * Does not let the payment happen that a last look is about; `conflict` with the code
   * `no-last-look` anywhere else. The order stays pending, and what else was staged is kept. The
   * person reads `reason`.
   * @param {string} reason
   */
  refuse(reason) {
    ask(() => this.#handle.refuse(reason));
  }

  /**
   * Gives money back: at most what was paid and is not given back yet, once per `key`. The person
   * reads `reason`.
   *
   * @param {string} key
   * @param {Money} amount
   * @param {string} reason
   */
  refund(key, amount, reason) {
    ask(() => this.#handle.refund(key, plain(amount), reason));
  }
}

/** This app's own wallet. It holds no right over anyone's money. */
export class Wallet {
  #handle;

  /** @param {WalletHandle} handle */
  constructor(handle) {
    this.#handle = handle;
  }

  /** Returns this app's wallet. Either permission gives it; `not-granted` without both. */
  static mine() {
    return new Wallet(ask(() => WalletHandle.mine()));
  }

  /**
   * Returns what is there to be given back or paid out: what came in, less refunds, fees, pay-outs
   * and what was settled to the merchant.
   * @param {string} currency
   */
  balance(currency) {
    return Money.read(ask(() => this.#handle.balance(currency)));
  }

  /**
   * Returns the digits after the point, as the host counts them.
   * @param {string} currency
   */
  currencyScale(currency) {
    return ask(() => this.#handle.currencyScale(currency));
  }

  /**
   * Pays a person of this chat out of what this app has, once per `key`, and returns the entry's
   * id. Needs `wallet.pay-out`. `not-accepted` when it cannot arrive: why is between the person and
   * the host.
   *
   * @param {string} to The person's pairwise id.
   * @param {string} key
   * @param {Money} amount
   * @param {string} memo
   */
  payOut(to, key, amount, memo) {
    return ask(() => this.#handle.payOut(to, key, plain(amount), memo));
  }

  /**
   * Returns this app's entries in a currency, newest first, beyond the place `after`.
   *
   * @param {string} currency
   * @param {number} [after]
   * @param {number} [limit]
   */
  statement(currency, after, limit = 100) {
    const lines = ask(() => this.#handle.statement(currency, after, limit));
    return lines.map(({ orderId, other, note, ...line }) => ({
      ...line,
      amount: Money.read(line.amount),
      orderId: orderId ?? undefined,
      other: other ?? undefined,
      note: note ?? undefined,
    }));
  }

  /** Returns what is left of the limits on asking and of the day's budget for pay-outs. */
  allowances() {
    return this.#handle.allowances();
  }
}

/**
 * Adds an order up and writes it for the contract. A subtotal is said where lines follow it.
 *
 * @param {Ask} asked
 * @returns {import("souk:wallet/payments@0.1.0").Request}
 */
export function written({ key, items, lines = [], memo = "", ...asked }) {
  const { authorizeOnly = false, lastLook = false, expires } = asked;
  if (items.length === 0) throw Denied.invalid("an order needs an item");
  const subtotal = items
    .map(({ unit, quantity }) => unit.times(quantity))
    .reduce((sum, item) => sum.plus(item));
  const total = lines.reduce(
    (sum, { kind, amount }) => (kind === "discount" ? sum.minus(amount) : sum.plus(amount)),
    subtotal,
  );
  const said = { kind: /** @type {const} */ ("subtotal"), label: "Subtotal", amount: subtotal };
  return {
    key,
    items: items.map((item) => ({ ...item, unit: plain(item.unit) })),
    totals: (lines.length > 0 ? [said, ...lines] : []).map(totalLine),
    total: plain(total),
    memo,
    authorizeOnly,
    lastLook,
    expires,
  };
}

/** @param {Line | { kind: "subtotal", label: string, amount: Money }} line */
function totalLine({ kind, label, amount }) {
  return { kind, label, amount: plain(amount) };
}

/** @param {Money} money */
function plain({ minor, currency }) {
  return { minor, currency };
}
