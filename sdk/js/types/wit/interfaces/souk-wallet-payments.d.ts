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
     * Shown to the payer quoted, plain, at most 200 characters.
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
   * What a line of the totals is (the words of ucp.dev).
   * # Variants
   * 
   * ## `"subtotal"`
   * 
   * The sum of the items; said, not counted.
   * ## `"discount"`
   * 
   * Taken off.
   * ## `"fulfillment"`
   * 
   * What bringing it costs.
   * ## `"tax"`
   * 
   * A tax.
   * ## `"fee"`
   * 
   * A fee of the merchant.
   * ## `"tip"`
   * 
   * A tip.
   */
  export type TotalKind = 'subtotal' | 'discount' | 'fulfillment' | 'tax' | 'fee' | 'tip';
  /**
   * One line under the items.
   */
  export interface TotalLine {
    /**
     * Whether it is counted, and which way.
     */
    kind: TotalKind,
    /**
     * Shown to the payer quoted, plain, at most 200 characters.
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
     * Chosen by the app. The same key with the same contents returns the same order; with other
     * contents it is `key-reused`.
     */
    key: string,
    /**
     * What is sold: at least one.
     */
    items: Array<Item>,
    /**
     * What comes on top of the items and what is taken off; may be empty.
     */
    totals: Array<TotalLine>,
    /**
     * The host checks that it is items plus totals, discounts taken off, all in one currency.
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
     * An unpaid order closes itself then: at least a second ahead, at most seven days, two hours
     * if absent.
     */
    expires?: Timestamp,
  }
  /**
   * Why money moved on this app's account.
   * # Variants
   * 
   * ## `"payment"`
   * 
   * An order was paid.
   * ## `"refund"`
   * 
   * Part or all of a payment was given back.
   * ## `"fee"`
   * 
   * The host's fee for a payment.
   * ## `"pay-out"`
   * 
   * This app paid a person of its own accord.
   * ## `"settlement"`
   * 
   * Its takings went to its merchant, or came back from them.
   * ## `"other"`
   * 
   * Something a later version of the contract names.
   */
  export type LineKind = 'payment' | 'refund' | 'fee' | 'pay-out' | 'settlement' | 'other';
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
     * Why.
     */
    kind: LineKind,
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
  }
  
  export class Order implements Disposable {
    /**
     * This type does not have a public constructor.
     */
    private constructor();
    /**
    * `not-found` unless it is this app's.
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
    * pending, authorized, paid, declined, canceled, expired, voided or refunded. States never go
    * back. An order of which a part was given back is still paid.
    */
    state(): string;
    /**
    * Counts up with every change, from 1.
    */
    revision(): number;
    /**
    * The pairwise id of who was asked: what `user.id` gave then. Of somebody who has left this app
    * since it is a dead one.
    */
    payerId(): string;
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
    * When it closes itself if nobody pays; once it is authorized, when that goes back.
    */
    expires(): Timestamp;
    /**
    * Takes an authorized amount, or part of it; the rest goes back to the payer. Once: the same
    * amount again changes nothing. `conflict` names the state when there is nothing to take,
    * `over-limit` above what was authorized.
    */
    capture(amount: Money): void;
    /**
    * Closes an order nobody has paid, or gives an authorization back; a second time changes
    * nothing. `conflict` names the state when it is too late. The payer reads the reason.
    */
    'void'(reason: string): void;
    /**
    * Gives money back: at most what was captured and is not refunded yet, once per key. The same key
    * with the same amount changes nothing, with another it is `key-reused`. The payer reads the
    * reason.
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
    * What this app has been paid and not given back.
    */
    balance(currency: string): Money;
    /**
    * Digits after the point: 2 for USD, 0 for JPY.
    */
    currencyScale(currency: string): number;
    /**
    * Puts a payment sheet, drawn by the host, before the payer. Only from a command or an action
    * (else `not-granted`). `over-limit` above the manifest's `max_amount` or with three sheets
    * waiting.
    */
    request(request: Request): Order;
    /**
    * Pays a person of this chat, named by their pairwise id, from this app's own balance. Needs
    * `wallet.pay-out` (else `not-granted`). Returns the entry's id. The same key with the same
    * contents changes nothing, with others it is `key-reused`. `over-limit` above the day's budget,
    * `insufficient-funds` above the balance, `not-found` for somebody who is not here. The person
    * reads the memo.
    */
    payOut(userId: string, key: string, amount: Money, memo: string): string;
    /**
    * This app's entries in a currency, newest first, at most 100, beyond the line `after` if it is
    * given.
    */
    statement(currency: string, after: number | undefined, limit: number): Array<StatementLine>;
    /**
    * What is left of the limits on asking.
    */
    allowances(): Array<Allowance>;
    [Symbol.dispose](): void;
  }
}
