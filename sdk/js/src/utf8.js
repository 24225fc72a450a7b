// Texts as bytes. The engine mini-apps run on has no TextEncoder.

/**
 * @param {string} text
 * @returns {Uint8Array}
 */
export function toUtf8(text) {
  const bytes = [];
  for (const letter of text.toWellFormed()) {
    const code = /** @type {number} */ (letter.codePointAt(0));
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), rest(code));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), rest(code >> 6), rest(code));
    else bytes.push(0xf0 | (code >> 18), rest(code >> 12), rest(code >> 6), rest(code));
  }
  return Uint8Array.from(bytes);
}

/** @param {number} code */
function rest(code) {
  return 0x80 | (code & 0x3f);
}

/**
 * @param {Iterable<number>} bytes
 * @returns {string}
 */
export function fromUtf8(bytes) {
  const hex = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, "0")}`);
  return decodeURIComponent(hex.join(""));
}
