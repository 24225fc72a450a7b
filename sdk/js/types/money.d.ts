/** An amount: never negative, never mixed with another currency, never rounded. */
export declare class Money {
    #private;
    minor: number;
    currency: string;
    /**
     * @param {number} minor Smallest units: 12.50 USD is 1250.
     * @param {string} currency Of ISO 4217, or an asset of the host like GOLD:4.
     */
    constructor(minor: number, currency: string);
    /** @param {{ minor: number, currency: string }} money */
    static read({ minor, currency }: {
        minor: number;
        currency: string;
    }): Money;
    /** @param {Money} other */
    plus(other: Money): Money;
    /** @param {Money} other */
    minus(other: Money): Money;
    /** @param {number} count */
    times(count: number): Money;
    /** Like `12.50 USD`. */
    toString(): string;
}
/**
 * Returns so many cents.
 * @param {number} cents
 */
export declare function usd(cents: number): Money;
