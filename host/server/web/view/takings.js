// What a merchant's shops took: waiting for refunds, and settled.

import { get } from "../wire/api.js";
import { add, el, fill, name } from "../dom.js";
import { code, learn, shown } from "../money.js";
import { isOpen, standings } from "./standing.js";
import { statement } from "./statement.js";
import { withdrawForm } from "./withdraw.js";

/** A part of the wallet that is there only for merchants, read by `read()`. */
export function takings() {
  const lines = el("ul", { class: "passages", "aria-label": "Takings" });
  const form = withdrawForm({ currencies: [], path: "/v1/takings/withdrawals" });
  const out = el("details", {}, el("summary", {}, "Take out what is settled"), form.node);
  const limits = el("div", { class: "standings" });
  const kept = el("div", {});
  /** The statement of each currency that was ever settled. */
  const books = new Map();
  const head = el("h3", {}, "Your shops");
  const node = el("section", { hidden: true }, head, lines, limits, out, kept);
  return { node, read };

  async function read() {
    const { apps, settled } = await get("/v1/takings").catch(() => ({ apps: [], settled: [] }));
    for (const { available, text } of settled) learn(available, text);
    node.hidden = apps.length === 0;
    fill(lines, apps.map(shop), el("li", {}, el("p", {}, sums(settled), " settled to you")));
    fill(limits, apps.flatMap(stuck), standings(settled, (code) => [`What is settled in ${code}`]));
    settled.forEach(({ available: { currency } }) => book(currency).read(currency));
    const some = settled.filter((each) => each.available.minor > 0 && isOpen(each));
    form.offer(some.map(({ available }) => available.currency));
    out.hidden = some.length === 0;
  }

  /** What moved of what was settled in a currency. */
  function book(currency) {
    if (!books.has(currency)) {
      const made = statement({ path: "/v1/takings/statement" });
      const words = `What was settled in ${code(currency)}, line by line`;
      books.set(currency, made);
      add(kept, el("details", {}, el("summary", {}, words), made.nodes));
    }
    return books.get(currency);
  }

  function stuck({ app_name, pending }) {
    return standings(pending, (code) => ["What waits with ", name(app_name), ` in ${code}`]);
  }

  function shop({ app_name, pending }) {
    return el("li", {}, el("p", {}, sums(pending), " wait with ", name(app_name), " for refunds"));
  }
}

function sums(balances) {
  const texts = balances.map(({ text }) => shown(text));
  return el("strong", {}, texts.join(" · ") || "No money");
}
