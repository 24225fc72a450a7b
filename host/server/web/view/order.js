// What has become of an order, as a line of the host's in the chat where it was asked.

import { el, name } from "../dom.js";
import { write } from "../money.js";
import { review } from "./asks.js";
import { receipt } from "./statement.js";

/** The words, and what can be done. */
export function orderLine(order) {
  const app = name(order.app_name);
  const sum = el("strong", {}, order.total_text);
  switch (order.state) {
    case "pending":
      return el(
        "p",
        { class: "together" },
        el("span", {}, app, " asks you for ", sum, "."),
        el("button", { class: "quiet", type: "button", onclick: () => review(order) }, "Review"),
      );
    case "authorized":
      return el("p", {}, "You set ", sum, " aside for ", app, ". It is not paid yet.");
    case "voided":
      return el("p", {}, app, " let go of ", sum, ". Nothing was charged.");
    case "paid":
      return el(
        "p",
        { class: "together" },
        el("span", {}, "You paid ", sum, " to ", app, ".", back(order)),
        proof(order),
      );
    case "refunded":
      return el(
        "p",
        { class: "together" },
        el("span", {}, app, " gave ", sum, " back."),
        proof(order),
      );
    case "declined":
      return el("p", {}, "You declined to pay ", sum, " to ", app, ". Nothing was charged.");
    case "canceled":
      return el("p", {}, app, " took back its request for ", sum, ". Nothing was charged.");
    case "expired":
      return el(
        "p",
        {},
        "The request of ",
        app,
        " for ",
        sum,
        " has expired. Nothing was charged.",
      );
    default:
      return el("p", {}, "The request of ", app, " for ", sum, ` is ${order.state}.`);
  }
}

/** What was given back so far. */
function back({ refunded }) {
  return refunded.minor > 0 && ` ${write(refunded)} of it was given back.`;
}

function proof({ entry }) {
  return entry && receipt(entry, "Receipt");
}
