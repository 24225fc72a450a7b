// The statement of an account: what moved, why, and the receipts.

import { get } from "../wire/api.js";
import { add, el, fill, quote } from "../dom.js";
import { icon } from "../icons.js";
import { write } from "../money.js";
import { dateOf } from "../time.js";
import { trouble } from "./trouble.js";

const WORDS = {
  deposit: "Added",
  payment: "Paid",
  refund: "Refunded",
  settlement: "Settled",
  recall: "Taken back to the shop",
  gift: "Sent",
  withdrawal: "Taken out",
  reversal: "Taken back by the bank or the chain",
  "pay-out": "Paid out",
};

/** What is said of a gift that came. */
const RECEIVED = "Received";

/** What only the operator moves with a word to it. */
const BY_HAND = new Set(["deposit", "withdrawal", "recall"]);

/**
 * The lines in `nodes`, newest first, of one currency at a time: `read(currency)`. `path` says of
 * which account; `names` knows what the app of an order calls itself.
 */
export function statement({ path, names = new Map() }) {
  const entries = el("ol", { class: "statement", "aria-label": "Statement" });
  const more = el("button", { class: "quiet", type: "button", hidden: true }, "Earlier entries");
  let asked;
  return { nodes: [entries, more], read };

  function read(currency) {
    asked = currency;
    if (currency) return page(currency, "");
    fill(entries, nothing());
  }

  /** Reads the newest page, or the one that a cursor names. */
  async function page(currency, cursor) {
    try {
      const which = `currency=${encodeURIComponent(currency)}&limit=20${cursor}`;
      const found = await get(`${path}?${which}`);
      if (asked !== currency) return;
      const rows = found.items.map((each) => line(each, names));
      if (cursor) add(entries, rows);
      else fill(entries, rows.length > 0 ? rows : nothing());
      more.hidden = !found.next;
      more.onclick = () => page(currency, `&cursor=${encodeURIComponent(found.next)}`);
    } catch (problem) {
      fill(entries, el("li", { class: "trouble" }, trouble(problem)));
    }
  }
}

function nothing() {
  return el("li", { class: "hint" }, "Nothing has moved yet.");
}

function line({ id, kind, incoming, amount, at, order, note }, names) {
  const payee = names.get(order);
  const to = payee && (incoming ? ` by ${payee}` : ` to ${payee}`);
  const says = note && [BY_HAND.has(kind) ? " · The operator: " : " · ", quote(note)];
  return el(
    "li",
    { class: incoming ? "in" : "out" },
    el(
      "div",
      {},
      el("p", {}, `${happened(kind, incoming)}${to ?? ""}`),
      el("p", { class: "hint" }, [el("time", {}, dateOf(at)), says].flat()),
    ),
    el("p", { class: "moved" }, `${incoming ? "+" : "−"}${write(amount)}`),
    receipt(id),
  );
}

/** What happened, as the one whose statement it is says it. */
function happened(kind, incoming) {
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
