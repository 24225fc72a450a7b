// The wallet: what there is, what went through it, and the receipts.

import { get, items } from "../wire/api.js";
import { add, el, fill } from "../dom.js";
import { icon } from "../icons.js";
import { model, on } from "../model.js";
import { write } from "../money.js";
import { dateOf } from "../time.js";
import { depositForm } from "./deposit.js";
import { dialog } from "./dialog.js";
import { trouble } from "./trouble.js";

/** What the app of an order calls itself. */
const names = new Map();

const WORDS = { deposit: "Added", payment: "Paid", refund: "Refunded" };

/** Opens the wallet. */
export function wallet() {
  let currency = model.balances[0]?.available.currency;
  const purse = el("ul", { class: "purse-list", "aria-label": "Balances" });
  const entries = el("ol", { class: "statement", "aria-label": "Statement" });
  const more = el("button", { class: "quiet", type: "button", hidden: true }, "Earlier entries");
  const off = on("balances", draw);
  dialog({
    label: "Your wallet",
    kind: "wallet",
    content: [
      purse,
      model.bank && depositForm({ currency }),
      el("h3", {}, "Statement"),
      entries,
      more,
    ],
    closed: off,
  });
  draw();
  payees();

  /** Who was paid stands on the orders. */
  async function payees() {
    const orders = await items("/v1/orders?limit=200").catch(() => []);
    for (const order of orders) names.set(order.id, order.app_name);
    draw();
  }

  function draw() {
    currency ??= model.balances[0]?.available.currency;
    fill(
      purse,
      model.balances.length > 0 ? model.balances.map(holding) : el("li", {}, "No money yet"),
    );
    if (currency) read("");
    else fill(entries, nothing());
  }

  /** What there is of a currency; with several, a press shows the statement of one. */
  function holding({ available, text }) {
    if (model.balances.length === 1) return el("li", {}, text);
    const chosen = available.currency === currency;
    const choose = () => {
      currency = available.currency;
      draw();
    };
    return el(
      "li",
      {},
      el("button", { type: "button", "aria-pressed": String(chosen), onclick: choose }, text),
    );
  }

  /** Reads the newest page, or the one that a cursor names. */
  async function read(cursor) {
    const asked = currency;
    try {
      const page = await get(`/v1/wallet/statement?currency=${currency}&limit=20${cursor}`);
      if (asked !== currency) return;
      const rows = page.items.map(line);
      if (cursor) add(entries, rows);
      else fill(entries, rows.length > 0 ? rows : nothing());
      more.hidden = !page.next;
      more.onclick = () => read(`&cursor=${encodeURIComponent(page.next)}`);
    } catch (problem) {
      fill(entries, el("li", { class: "trouble" }, trouble(problem)));
    }
  }
}

function nothing() {
  return el("li", { class: "hint" }, "Nothing has moved yet.");
}

function line({ id, kind, incoming, amount, at, order }) {
  const payee = names.get(order);
  const to = payee && (incoming ? ` by ${payee}` : ` to ${payee}`);
  return el(
    "li",
    { class: incoming ? "in" : "out" },
    el(
      "div",
      {},
      el("p", {}, `${WORDS[kind] ?? kind}${to ?? ""}`),
      el("time", { class: "hint" }, dateOf(at)),
    ),
    el("p", { class: "moved" }, `${incoming ? "+" : "−"}${write(amount)}`),
    receipt(id),
  );
}

/** A link that saves the signed receipt of an entry. */
export function receipt(entry, words) {
  return el(
    "a",
    {
      class: words ? "link" : "round",
      href: `/v1/receipts/${entry}`,
      download: `receipt-${entry}.json`,
      "aria-label": "Download the receipt",
      title: "Download the receipt",
    },
    icon("download"),
    words,
  );
}
