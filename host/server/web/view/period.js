// A statement of a period, to be kept as a file: a table for people, signed JSON as proof.

import { el, field } from "../dom.js";
import { icon } from "../icons.js";

const WORDS =
  "Opening balance, every movement, closing balance. The JSON is signed by this host.";

const DAY_MS = 24 * 60 * 60 * 1000;

/** From when to when, and the two files. `currency` says of which account. */
export function periodForm({ currency }) {
  const today = new Date();
  const first = new Date(today.getFullYear(), today.getMonth(), 1);
  const from = el("input", { type: "date", value: dayOf(first) });
  const to = el("input", { type: "date", value: dayOf(today) });
  const links = ["csv", "json"].map((form) => ({ form, node: link(form) }));
  for (const input of [from, to]) input.addEventListener("change", draw);
  draw();
  return {
    node: el(
      "details",
      {},
      el("summary", {}, "Download a statement"),
      el(
        "div",
        { class: "period" },
        el("div", { class: "together" }, field("From", from), field("To", to)),
        el("div", { class: "together" }, links.map(({ node }) => node)),
        el("p", { class: "hint" }, WORDS),
      ),
    ),
    draw,
  };

  function draw() {
    const begin = midnight(from.value) ?? 0;
    const end = midnight(to.value);
    const until = end === null ? "" : `&to=${end + DAY_MS}`;
    const asked = `currency=${encodeURIComponent(currency() ?? "")}&from=${begin}${until}`;
    for (const { form, node } of links) {
      node.href = `/v1/wallet/statement.${form}?${asked}`;
      node.download = `statement-${from.value}-${to.value}.${form}`;
    }
  }
}

function link(form) {
  return el("a", { class: "button quiet" }, icon("download"), form.toUpperCase());
}

/** A day as the field has it: `2026-11-24`. */
function dayOf(date) {
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** When a day begins here; null without one. */
function midnight(day) {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  return year ? new Date(Number(year), Number(month) - 1, Number(date)).getTime() : null;
}
