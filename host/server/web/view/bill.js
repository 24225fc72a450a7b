// What a payment sheet says: to whom, for what, how much, and what is left. The app's words are in
// quotes; every number is the host's.

import { el, name, quote } from "../dom.js";
import { icon } from "../icons.js";
import { model } from "../model.js";
import { times, write } from "../money.js";
import { isOpen } from "./standing.js";

/** The parts of the sheet, from top to bottom. `clock` shows how long the order waits. */
export function bill(order, clock) {
  return [total(order, clock), lines(order), memo(order), purse(order)];
}

function total(order, clock) {
  return el(
    "div",
    { class: "total" },
    el("p", { class: "amount" }, order.total_text),
    el("p", { class: "payee" }, "to ", name(order.app_name), " ", el("code", {}, order.app)),
    el("p", { class: "clock" }, icon("clock"), clock),
    order.authorize_only && aside(),
  );
}

/** What approving means where nothing is paid yet. */
function aside() {
  const words = "It is only set aside now. The shop takes all of it or a part when it delivers;";
  return el("p", { class: "aside" }, `${words} what it does not take comes back by itself.`);
}

function lines({ items, totals, total_text: sum }) {
  const row = (count, label, amount, kind) =>
    el("tr", { class: kind }, el("td", {}, count), el("td", {}, label), el("td", {}, amount));
  return el(
    "table",
    { "aria-label": "What is to be paid" },
    el(
      "tbody",
      {},
      items.map(({ label, quantity, unit }) =>
        row(`${quantity} ×`, quote(label), write(times(unit, quantity))),
      ),
      totals.map(({ kind, label, amount }) => {
        const sign = kind === "discount" ? "−" : "";
        return row("", [kindWord(kind), quote(label)], sign + write(amount), `line ${kind}`);
      }),
    ),
    el("tfoot", {}, row("", "Total", sum)),
  );
}

/** What a line is, in the host's word, beside the app's. */
function kindWord(kind) {
  const words = {
    subtotal: "Subtotal",
    discount: "Discount",
    fulfillment: "Delivery",
    tax: "Tax",
    fee: "Fee",
    tip: "Tip",
  };
  return el("span", { class: "kind" }, words[kind] ?? kind);
}

function memo({ memo: words, app_name: app }) {
  return words !== "" && el("p", { class: "says" }, name(app), " says ", quote(words));
}

/** What the wallet holds, and what it would hold. */
function purse({ total: { minor, currency } }) {
  const held = model.balances.find(({ available }) => available.currency === currency);
  const has = held?.available.minor ?? 0;
  const rest = has - minor;
  const stuck = held && !isOpen(held);
  const after = () => {
    if (stuck) return `but is ${held.standing}: nothing is paid from it`;
    return rest < 0 ? "which is too little" : `and ${write({ minor: rest, currency })} after this`;
  };
  return el(
    "p",
    { class: stuck || rest < 0 ? "purse short" : "purse" },
    `Your wallet holds ${write({ minor: has, currency })}, ${after()}.`,
  );
}
