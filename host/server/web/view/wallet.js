// The wallet: what there is, what is on its way, what went through it, and the receipts.

import { get, items } from "../wire/api.js";
import { add, el, fill } from "../dom.js";
import { icon } from "../icons.js";
import { held, model, on } from "../model.js";
import { shown, write } from "../money.js";
import { dateOf } from "../time.js";
import { depositForm } from "./deposit.js";
import { dialog } from "./dialog.js";
import { passages } from "./passages.js";
import { periodForm } from "./period.js";
import { sendForm } from "./send.js";
import { takings } from "./takings.js";
import { trouble } from "./trouble.js";
import { withdrawForm } from "./withdraw.js";

/** What the app of an order calls itself. */
const names = new Map();

const WORDS = {
  deposit: "Added",
  payment: "Paid",
  refund: "Refunded",
  gift: "Sent",
  withdrawal: "Taken out",
  reversal: "Taken back by the bank or the chain",
  "pay-out": "Paid out",
};

/** What is said of a gift that came. */
const RECEIVED = "Received";

/** Opens the wallet. */
export function wallet() {
  let currency = model.balances[0]?.available.currency;
  const purse = el("ul", { class: "purse-list", "aria-label": "Balances" });
  const entries = el("ol", { class: "statement", "aria-label": "Statement" });
  const more = el("button", { class: "quiet", type: "button", hidden: true }, "Earlier entries");
  const moving = passages();
  const doing = acts(currency);
  const shops = takings();
  const period = periodForm({ currency: () => currency });
  const off = on("balances", draw);
  dialog({
    label: "Your wallet",
    kind: "wallet",
    content: [
      purse,
      el("div", { class: "acts" }, doing.nodes),
      ...moving.nodes,
      shops.node,
      el("h3", {}, "Statement"),
      entries,
      more,
      el("div", { class: "acts" }, moving.past, period.node),
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
    doing.draw();
    period.draw();
    moving.read();
    shops.read();
    if (currency) read("");
    else fill(entries, nothing());
  }

  /** What there is of a currency; with several, a press shows the statement of one. */
  function holding({ available, text, held: aside }) {
    const set = aside.minor > 0 && el("p", { class: "hint" }, `${write(aside)} set aside`);
    if (model.balances.length === 1) return el("li", {}, shown(text), set);
    const chosen = available.currency === currency;
    const choose = () => {
      currency = available.currency;
      draw();
    };
    const pressed = { type: "button", "aria-pressed": String(chosen), onclick: choose };
    return el("li", {}, el("button", pressed, shown(text)), set);
  }

  /** Reads the newest page, or the one that a cursor names. */
  async function read(cursor) {
    const asked = currency;
    try {
      const which = `currency=${encodeURIComponent(currency)}&limit=20${cursor}`;
      const page = await get(`/v1/wallet/statement?${which}`);
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

/** What can be done with money: one at a time, behind its name. */
function acts(currency) {
  const { bank, chain } = model.rails;
  const send = sendForm({ currency });
  const out = withdrawForm({ currencies: held(), currency });
  const rail = bank || chain;
  const nodes = [
    rail && act("Add money", true, bank && depositForm({ currency }), chain && paidTo()),
    act("Send to somebody", false, send.node),
    rail && act("Take out", false, out.node),
  ];
  return { nodes, draw };

  function draw() {
    send.draw();
    out.offer(held());
  }
}

function act(words, open, ...content) {
  return el("details", { name: "wallet-act", open }, el("summary", {}, words), content);
}

/** Where others pay to, on the chain. */
function paidTo() {
  const address = el("code", {}, "…");
  get("/v1/wallet/address")
    .then((found) => fill(address, found.address))
    .catch((problem) => fill(address, trouble(problem)));
  const label = el("span", { class: "hint" }, "Your address on the chain");
  return el("p", { class: "paid-to" }, label, address);
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
      el("p", {}, `${says(kind, incoming)}${to ?? ""}`),
      el("time", { class: "hint" }, dateOf(at)),
    ),
    el("p", { class: "moved" }, `${incoming ? "+" : "−"}${write(amount)}`),
    receipt(id),
  );
}

/** What happened, as the one whose statement it is says it. */
function says(kind, incoming) {
  if (kind === "gift" && incoming) return RECEIVED;
  return WORDS[kind] ?? kind;
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
