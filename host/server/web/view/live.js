// What a screen reader is told as it happens, apart from what is drawn: cards and long histories
// would be read in full.

import { el } from "../dom.js";

const region = el("div", { class: "unseen", "aria-live": "polite", role: "status" });

/** The region, to be put on the page once. */
export function live() {
  return region;
}

/** Says something. */
export function say(words) {
  region.append(el("p", {}, words));
  // Only what is new is read; what was read is not kept.
  while (region.children.length > 5) region.firstChild.remove();
}
