// A sign for somebody: round for people, an arch for apps, so that no name makes one the other.

import { el } from "../dom.js";

const TONES = 6;

/** Draws it. `kind` is person, app, direct or group. */
export function avatar(id, called, kind) {
  const letter = [...called.trim()][0] ?? "?";
  return el(
    "span",
    { class: `avatar ${kind} tone-${tone(id)}`, "aria-hidden": "true" },
    letter.toUpperCase(),
  );
}

/** Always the same for an id, and that is all it has to be. */
function tone(id) {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return sum % TONES;
}
