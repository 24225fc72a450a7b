/// <reference path="./souk-types-common.d.ts" />
declare module 'souk:wallet/payments@0.1.0' {
  export type Money = import('souk:types/common@0.1.0').Money;
  export type Timestamp = import('souk:types/common@0.1.0').Timestamp;
  export type Denied = import('souk:types/common@0.1.0').Denied;
  export type Allowance = import('souk:types/common@0.1.0').Allowance;
  /**
   * One line of what is sold.
   */
  export interface Item {
    /**
     * The shop's own name of the article (its SKU), for the shop: a line of at most 64 characters
     * that the payer is not shown.
     */
    id?: string,
    /**
     * Never empty. Shown to the payer quoted, plain, at most 200 characters.
     */
    label: string,
    /**
     * At least 1.
     */
    quantity: number,
    /**
     * The price of one.
     */
    unit: Money,
  }
  /**
   * One line under the items.
   */
  export interface TotalLine {
    /**
     * What it is, in the words of ucp.dev: `subtotal`, the sum of the items, is said and not
     * counted; `discount` is taken off; `fulfillment` (what bringing it costs), `tax`, `fee` (of
     * the merchant) and `tip` come on top. Any other word is `invalid`; more may come.
     */
    kind: string,
    /**
     * Never empty. Shown to the payer quoted, plain, at most 200 characters.
     */
    label: string,
    /**
     * Never negative: a discount is taken off by its kind.
     */
    amount: Money,
  }
  /**
   * What is asked of the payer: the person the event came from.
   */
  export interface Request {
    /**
     * Chosen by the app, 1 to 200 bytes, unique in this app: the same key with the same contents,
     * for the same payer in the same chat, returns the same order; anything else is `key-reused`.
     */
    key: string,
    /**
     * What is sold: at least one. Items and totals are at most 100 lines and, with the memo, at
     * most 32 KiB of text.
     */
    items: Array<Item>,
    /**
     * What comes on top of the items and what is taken off; may be empty.
     */
    totals: Array<TotalLine>,
    /**
     * More than nothing. The host checks that it is items plus totals, discounts taken off, all in
     * one currency.
     */
    total: Money,
    /**
     * Shown to the payer quoted, plain, at most 200 characters. May be empty.
     */
    memo: string,
    /**
     * Approving only sets the money aside, for `capture` or `void` within seven days, or
     * what the operator says; after that it goes back by itself. Otherwise it is paid on approval.
     */
    authorizeOnly: boolean,
    /**
     * This app is asked once more when the payer approves, before any money moves: in a `last-look`
     * event. For what can be gone by then, like the last of something.
     */
    lastLook: boolean,
    /**
     * An unpaid order closes itself then: at least a second and at most seven days after this run
     * began, which can be long after `event.at` when the event had to wait; two hours after it if
     * absent.
     */
    expires?: Timestamp,
  }
  /**
   * One line of this app's statement.
   */
  export interface StatementLine {
    /**
     * Its place on the account; pages go on after it.
     */
    place: number,
    /**
     * The entry.
     */
    id: string,
    /**
     * When.
     */
    at: Timestamp,
    /**
     * Why: `payment` of an order; `refund` of part or all of one; `fee`, the host's for a payment;
     * `pay-out` to a person; `settlement`, takings that went to the merchant; `recall`, what the
     * merchant put back of them. More words may come.
     */
    kind: string,
    /**
     * Whether this app has more since.
     */
    incoming: boolean,
    /**
     * How much.
     */
    amount: Money,
    /**
     * The order that was paid or refunded.
     */
    orderId?: string,
    /**
     * The pairwise id of the person at the other end, as this app knew them then: a dead one if
     * they have left it since. None when nobody is: the host, or the merchant.
     */
    other?: string,
    /**
     * Why, in the words of who moved it; none when there are none, or when they were erased.
     */
    note?: string,
  }
  
  export class Order implements Disposable {
    /**
     * This type does not have a public constructor.
     */
    private constructor();
    /**
    * `not-found` unless it is this app's, `invalid` when it is no id at all.
    */
    static find(id: string): Order;
    /**
    * The order this app asked for with this key; `not-found` if there is none.
    */
    static byKey(key: string): Order;
    /**
    * The order's name on this host.
    */
    id(): string;
    /**
    * The key this app asked for it with.
    */
    key(): string;
    /**
    * `pending`, `authorized`, `paid`, `declined`, `canceled`, `expired`, `voided` or `refunded`;
    * more words may come. States never go back. An order of which a part was given back is still
    * `paid`.
    */
    state(): string;
    /**
    * Counts up with every change, from 1.
    */
    revision(): number;
    /**
    * The pairwise id of who pays, or was asked to: what `user.id` gave then. Of somebody who has
    * left this app since it is a dead one. None as long as that is nobody in particular.
    */
    payerId(): string | undefined;
    /**
    * What was asked for.
    */
    total(): Money;
    /**
    * What was paid: nothing before, then the total or the part of it that was captured.
    */
    captured(): Money;
    /**
    * The sum of all refunds so far.
    */
    refunded(): Money;
    /**
    * What the host takes from this app for it: of the total before it is paid, then of what was
    * paid. It is not given back with a refund.
    */
    fee(): Money;
    /**
    * When it closes itself if nobody pays; while it is authorized, when that goes back. None once
    * neither can happen any more.
    */
    expires(): Timestamp | undefined;
    /**
    * Takes an authorized amount, or part of it; the rest goes back to the payer. Once: the same
    * amount again changes nothing. `conflict` has the state when there is nothing to take,
    * `over-limit` above what was authorized.
    */
    capture(amount: Money): void;
    /**
    * Closes an order nobody has paid, or gives an authorization back; a second time changes
    * nothing. `conflict` has the state when it is too late. The payer reads the reason, at most
    * 200 characters of it.
    */
    'void'(reason: string): void;
    /**
    * Does not let the payment happen that this `last-look` event is about; anywhere else, and of
    * another order, it is `conflict` with the code `no-last-look`. The order stays `pending`, and
    * what else this event stages is kept. The payer reads the reason, at most 200 characters of
    * it; of several the last.
    */
    refuse(reason: string): void;
    /**
    * Gives money back: at most what was captured and is not refunded yet, once per key of 1 to 200
    * bytes. The same key with the same amount and reason changes nothing, with others it is
    * `key-reused`.
    * The payer reads the reason, at most 200 characters of it.
    */
    refund(key: string, amount: Money, reason: string): void;
    [Symbol.dispose](): void;
  }
  
  export class Wallet implements Disposable {
    /**
     * This type does not have a public constructor.
     */
    private constructor();
    /**
    * `not-granted` without `wallet.request` and without `wallet.pay-out`: either gives it.
    */
    static mine(): Wallet;
    /**
    * What is there to be given back or paid out: what came in, less refunds, fees, pay-outs and
    * what was settled to the merchant.
    */
    balance(currency: string): Money;
    /**
    * Digits after the point: 2 for USD, 0 for JPY.
    */
    currencyScale(currency: string): number;
    /**
    * Puts a payment sheet, drawn by the host, before the payer. Only from a command or an action
    * (else `not-granted`). `over-limit` above the manifest's `max_amount` (or what the person
    * made of it), with three sheets waiting for them, or after 16 sheets in one event.
    */
    request(request: Request): Order;
    /**
    * Pays a person of this chat, named by their pairwise id, from this app's own balance. Needs
    * `wallet.pay-out` (else `not-granted`). Returns the entry's id. The same key, 1 to 200 bytes,
    * with the same contents changes nothing, with others it is `key-reused`. `over-limit` above
    * the day's budget, `insufficient-funds` above the balance, `not-found` for somebody who is not
    * here. `other` with the code `not-accepted` when it cannot arrive: why is between the person
    * and the host. The person reads the memo, at most 200 characters.
    */
    payOut(userId: string, key: string, amount: Money, memo: string): string;
    /**
    * This app's entries in a currency, newest first, at most 100, beyond the line `after` if it is
    * given.
    */
    statement(currency: string, after: number | undefined, limit: number): Array<StatementLine>;
    /**
    * What is left: of `orders`, the sheets of this event; of `sheets-waiting`, those that wait for
    * the person of the event, if there is one; and of `pay-out`, the day's budget, in the smallest
    * unit of its currency. What is not granted is not there. More names may come.
    */
    allowances(): Array<Allowance>;
    [Symbol.dispose](): void;
  }
}
