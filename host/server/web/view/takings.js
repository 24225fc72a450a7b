// What a merchant's shops took: waiting for refunds, and settled.

import { get } from "../wire/api.js";
import { el, fill, name } from "../dom.js";
import { learn, shown } from "../money.js";
import { withdrawForm } from "./withdraw.js";

/** A part of the wallet that is there only for merchants, read by `read()`. */
export function takings() {
  const lines = el("ul", { class: "passages", "aria-label": "Takings" });
  const form = withdrawForm({ currencies: [], path: "/v1/takings/withdrawals" });
  const out = el("details", {}, el("summary", {}, "Take out what is settled"), form.node);
  const node = el("section", { hidden: true }, el("h3", {}, "Your shops"), lines, out);
  return { node, read };

  async function read() {
    const { apps, settled } = await get("/v1/takings").catch(() => ({ apps: [], settled: [] }));
    for (const { available, text } of settled) learn(available, text);
    node.hidden = apps.length === 0;
    fill(lines, apps.map(shop), el("li", {}, el("p", {}, sums(settled), " settled to you")));
    const some = settled.filter(({ available }) => available.minor > 0);
    form.offer(some.map(({ available }) => available.currency));
    out.hidden = some.length === 0;
  }

  function shop({ app_name, pending }) {
    return el("li", {}, el("p", {}, sums(pending), " wait with ", name(app_name), " for refunds"));
  }
}

function sums(balances) {
  const texts = balances.map(({ text }) => shown(text));
  return el("strong", {}, texts.join(" · ") || "No money");
}
