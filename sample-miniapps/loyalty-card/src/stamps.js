// The card: how many stamps are on it, and how it looks.

import { card, heading, submit, text } from "souk-sdk";

/** How many stamps fill a card. */
export const PLACES = 5;

/**
 * @typedef {object} Stamps
 * @property {number} count
 * @property {string} [last] Who gave the last one.
 */

/** @type {Stamps} */
export const NEW = { count: 0 };

/**
 * @param {Stamps} stamps
 * @param {string} by
 * @returns {Stamps}
 */
export function stamped({ count }, by) {
  return { count: count + 1, last: by };
}

/** @param {Stamps} stamps */
export function isFull({ count }) {
  return count >= PLACES;
}

/**
 * Draws the card. A full one has no button: there is nothing left to press.
 * @param {Stamps} stamps
 */
export function drawn(stamps) {
  const { count } = stamps;
  const row = "●".repeat(count) + "○".repeat(PLACES - count);
  const body = [heading("Your loyalty card"), text(row, { size: "large" }), text(left(stamps))];
  const buttons = isFull(stamps) ? [] : [submit("stamp", "Stamp it", null, { style: "positive" })];
  return card(`Your loyalty card: ${count} of ${PLACES} stamps`, body, buttons);
}

/** @param {Stamps} stamps */
function left(stamps) {
  if (isFull(stamps)) return "It is full.";
  const more = PLACES - stamps.count;
  return more === 1 ? "One stamp to go." : `${more} stamps to go, never two in a row by one of you.`;
}
