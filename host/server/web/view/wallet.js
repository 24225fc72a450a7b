// The wallet: what there is, what may happen with it, what is on its way, and what went through it.

import { get, items } from "../wire/api.js";
import { el, fill } from "../dom.js";
import { held, model, on } from "../model.js";
import { shown, write } from "../money.js";
import { depositForm } from "./deposit.js";
import { dialog } from "./dialog.js";
import { passages } from "./passages.js";
import { periodForm } from "./period.js";
import { sendForm } from "./send.js";
import { isOpen, standings, takesMoney } from "./standing.js";
import { statement } from "./statement.js";
import { takings } from "./takings.js";
import { trouble } from "./trouble.js";
import { withdrawForm } from "./withdraw.js";

/** What the app of an order calls itself. */
const names = new Map();

/** Opens the wallet. */
export function wallet() {
  let currency = first();
  const purse = el("ul", { class: "purse-list", "aria-label": "Balances" });
  const limits = el("div", { class: "standings" });
  const moved = statement({ path: "/v1/wallet/statement", names });
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
      limits,
      el("div", { class: "acts" }, doing.nodes),
      ...moving.nodes,
      shops.node,
      el("h3", {}, "Statement"),
      ...moved.nodes,
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
    currency ??= first();
    fill(
      purse,
      model.balances.length > 0 ? model.balances.map(holding) : el("li", {}, "No money yet"),
    );
    fill(limits, standings(model.balances));
    doing.draw();
    period.draw();
    moving.read();
    shops.read();
    moved.read(currency);
  }

  /** What there is of a currency; with several, a press shows the statement of one. */
  function holding({ available, text, held: aside, standing }) {
    const words = [
      !isOpen({ standing }) && standing,
      aside.minor > 0 && `${write(aside)} set aside`,
    ].filter(Boolean);
    const set = words.length > 0 && el("p", { class: "hint" }, words.join(" · "));
    if (model.balances.length === 1) return el("li", {}, shown(text), set);
    const chosen = available.currency === currency;
    const choose = () => {
      currency = available.currency;
      draw();
    };
    const pressed = { type: "button", "aria-pressed": String(chosen), onclick: choose };
    return el("li", {}, el("button", pressed, shown(text)), set);
  }
}

/** What is shown and offered at first: what is open, else what money still comes into. */
function first() {
  const { balances } = model;
  const open = balances.find(isOpen) ?? balances.find(takesMoney) ?? balances[0];
  return open?.available.currency;
}

/** What can be done with money: one at a time, behind its name. */
function acts(currency) {
  const { bank, chain } = model.rails;
  const send = sendForm({ currency });
  const out = withdrawForm({ currencies: held(), currency });
  const rail = bank || chain;
  const leaving = [
    act("Send to somebody", false, send.node),
    rail && act("Take out", false, out.node),
  ].filter(Boolean);
  const nodes = [
    rail && act("Add money", true, bank && depositForm({ currency }), chain && paidTo()),
    ...leaving,
  ];
  return { nodes, draw };

  function draw() {
    // Where all there is cannot leave, nothing offers it.
    const stuck = held().length === 0 && !model.balances.every(isOpen);
    for (const node of leaving) node.hidden = stuck;
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
