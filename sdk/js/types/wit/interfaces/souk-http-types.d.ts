declare module 'souk:http/types@0.1.0' {
  /**
   * A header: its name and its value.
   */
  export interface Header {
    /**
     * In any letters; the host sends small ones.
     */
    name: string,
    /**
     * One line of visible letters.
     */
    value: string,
  }
  /**
   * An answer from outside, whole. Whatever the status: a redirect is an answer, and so is an error.
   */
  export interface Response {
    /**
     * From 100 to 999.
     */
    status: number,
    /**
     * Without those that say how the answer travelled; at most 64, and 16 KiB together. What is not
     * UTF-8 in one is replaced, letter by letter.
     */
    headers: Array<Header>,
    /**
     * At most 48 KiB.
     */
    body: Uint8Array,
  }
}
