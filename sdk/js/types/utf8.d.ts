/**
 * @param {string} text
 * @returns {Uint8Array}
 */
export declare function toUtf8(text: string): Uint8Array;
/**
 * @param {Iterable<number>} bytes
 * @returns {string}
 */
export declare function fromUtf8(bytes: Iterable<number>): string;
