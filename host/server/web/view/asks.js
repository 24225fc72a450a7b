// What waits for this person's answer: payments and questions, one sheet at a time.
//
// A sheet opens by itself when it is asked for, never on top of another, and can be put off: it
// then waits behind the button at the top of the page.

import { model, on, waitingOrders } from "../model.js";
import { consentSheet } from "./consent.js";
import { paymentSheet } from "./sheet.js";

/** What was put off; it does not open by itself again. */
const later = new Set();
let showing = null;

/** Begins to watch. */
export function asks() {
  on("orders", next);
  on("consents", next);
}

/** How many answers are waited for. */
export function waiting() {
  return model.consents.size + waitingOrders().length;
}

/** Opens what waits, put off or not. */
export function answerNow() {
  later.clear();
  next();
}

/** Opens one payment that waits. */
export function review(order) {
  later.delete(order.id);
  if (!showing) show(order.id, () => paymentSheet(order, put(order.id)));
}

function next() {
  if (showing) return;
  // Another dialog of the person's own is open: do not push in front of it.
  if (document.querySelector("dialog[open]")) return setTimeout(next, 500);
  const consent = [...model.consents.values()].find(({ id }) => !later.has(id));
  if (consent) return show(consent.id, () => consentSheet(consent, put(consent.id)));
  const order = waitingOrders().find(({ id }) => !later.has(id));
  if (order) show(order.id, () => paymentSheet(order, put(order.id)));
}

function show(id, open) {
  showing = id;
  open();
}

/** What a sheet calls when it goes away. */
function put(id) {
  return (answered) => {
    if (!answered) later.add(id);
    showing = null;
    next();
  };
}
