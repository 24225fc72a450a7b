import { Order as OrderHandle, Wallet as WalletHandle } from "souk:wallet/payments@0.1.0";
import { Money } from "./money.js";
export type Ask = {
    /**
     * The same key with the same contents is the same order. The event's id is
     * the natural one.
     */
    key: string;
    /**
     * What is sold: at
     * least one. `id` is the shop's own name of the article, for the shop.
     */
    items: {
        id?: string;
        label: string;
        quantity: number;
        unit: Money;
    }[];
    /**
     * What comes on top of the items and what is taken off.
     */
    lines?: Line[];
    /**
     * Shown quoted on the sheet, at most 200 characters.
     */
    memo?: string;
    /**
     * Only sets the money aside, for `capture` or `void`.
     */
    authorizeOnly?: boolean;
    /**
     * Has this app asked once more when the person approves, before any
     * money moves: the `lastLook` handler.
     */
    lastLook?: boolean;
    /**
     * When it closes itself if nobody pays, in milliseconds since 1970.
     */
    expires?: number;
};
export type Line = {
    kind: "discount" | "fulfillment" | "tax" | "fee" | "tip";
    label: string;
    /**
     * Never negative: a discount is taken off by its kind.
     */
    amount: Money;
};
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
export declare class Order {
    #private;
    /** @param {OrderHandle} handle */
    constructor(handle: OrderHandle);
    /**
     * Puts a payment sheet, drawn by the host, before the person the event came from. Only from
     * a command or an action.
     *
     * @param {Ask} asked
     */
    static ask(asked: Ask): Order;
    /**
     * Returns this app's order with this id; `not-found` unless it is this app's.
     * @param {string} id
     */
    static find(id: string): Order;
    /**
     * Returns the order this app asked for with this key.
     * @param {string} key
     */
    static byKey(key: string): Order;
    get id(): string;
    /** The key this app asked for it with. */
    get key(): string;
    /**
     * `pending`, `authorized`, `paid`, `declined`, `canceled`, `expired`, `voided` or `refunded`;
     * more words may come. States never go back.
     */
    get state(): string;
    /** Counts up with every change, from 1. */
    get revision(): number;
    /**
     * The id of the person who pays, or was asked to: what `User.id` gave then. `undefined` as long as
     * that is nobody in particular.
     */
    get payerId(): string | undefined;
    get total(): Money;
    /** What was paid: nothing before, then the total or the part of it that was captured. */
    get captured(): Money;
    /** The sum of all refunds so far. */
    get refunded(): Money;
    /** What the host takes from this app for it. */
    get fee(): Money;
    /**
     * When it closes itself if nobody pays; while it is authorized, when that goes back. `undefined`
     * once neither can happen any more.
     */
    get expires(): number | undefined;
    /**
     * Takes an authorized amount, or part of it; the rest goes back. Once: the same amount again
     * changes nothing.
     *
     * @param {Money} amount
     */
    capture(amount: Money): void;
    /**
     * Closes an order nobody has paid, or gives back what was authorized. The person reads `reason`.
     * @param {string} reason
     */
    void(reason: string): void;
    /**
     * Does not let the payment happen that a last look is about; `conflict` with the code
     * `no-last-look` anywhere else. The order stays pending, and what else was staged is kept. The
     * person reads `reason`.
     * @param {string} reason
     */
    refuse(reason: string): void;
    /**
     * Gives money back: at most what was paid and is not given back yet, once per `key`. The person
     * reads `reason`.
     *
     * @param {string} key
     * @param {Money} amount
     * @param {string} reason
     */
    refund(key: string, amount: Money, reason: string): void;
}
/** This app's own wallet. It holds no right over anyone's money. */
export declare class Wallet {
    #private;
    /** @param {WalletHandle} handle */
    constructor(handle: WalletHandle);
    /** Returns this app's wallet. Either permission gives it; `not-granted` without both. */
    static mine(): Wallet;
    /**
     * Returns what is there to be given back or paid out: what came in, less refunds, fees, pay-outs
     * and what was settled to the merchant.
     * @param {string} currency
     */
    balance(currency: string): Money;
    /**
     * Returns the digits after the point, as the host counts them.
     * @param {string} currency
     */
    currencyScale(currency: string): number;
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
    payOut(to: string, key: string, amount: Money, memo: string): string;
    /**
     * Returns this app's entries in a currency, newest first, beyond the place `after`.
     *
     * @param {string} currency
     * @param {number} [after]
     * @param {number} [limit]
     */
    statement(currency: string, after?: number, limit?: number): {
        place: number;
        id: string;
        at: import("souk:wallet/payments@0.1.0").Timestamp;
        kind: string;
        incoming: boolean;
        amount: Money;
        orderId: string | undefined;
        other: string | undefined;
        note: string | undefined;
    }[];
    /** Returns what is left of the limits on asking and of the day's budget for pay-outs. */
    allowances(): import("souk:types/common@0.1.0").Allowance[];
}
/**
 * Adds an order up and writes it for the contract. A subtotal is said where lines follow it.
 *
 * @param {Ask} asked
 * @returns {import("souk:wallet/payments@0.1.0").Request}
 */
export declare function written({ key, items, lines, memo, ...asked }: Ask): import("souk:wallet/payments@0.1.0").Request;
