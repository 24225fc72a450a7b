// What is on its way: money from and to people, set aside for orders, and coming and going through
// a rail.

import { act, items } from "../wire/api.js";
import { el, fill, name, quote } from "../dom.js";
import { model } from "../model.js";
import { shown, write } from "../money.js";
import { dateOf } from "../time.js";
import { say } from "./live.js";
import { trouble } from "./trouble.js";

/** Where an arrival or a departure stands, as people say it. */
const STATES = {
  pending: "on its way",
  posted: "in the wallet",
  dropped: "lost on its way",
  reversed: "taken back",
  requested: "set aside",
  sent: "sent",
  done: "gone out",
  failed: "came back",
};

/**
 * What is on its way, in `nodes`, and what came and went, in `past`: read again by `read()` whenever
 * something may have changed.
 */
export function passages() {
  const open = el("ul", { class: "passages", "aria-label": "On its way" });
  const head = el("h3", {}, "On its way");
  const past = el("ul", { class: "passages", "aria-label": "Earlier arrivals and withdrawals" });
  const more = el("details", {}, el("summary", {}, "Arrivals and withdrawals"), past);
  let asked = 0;
  return { nodes: [head, open], past: more, read };

  async function read() {
    const mine = (asked += 1);
    const [gifts, orders, arrivals, departures] = await Promise.all([
      items("/v1/wallet/transfers"),
      items("/v1/orders?limit=200"),
      items("/v1/wallet/deposits?limit=20"),
      items("/v1/wallet/withdrawals?limit=20"),
    ]).catch(() => [[], [], [], []]);
    // An answer that was overtaken by a newer one says nothing any more.
    if (mine !== asked) return;
    const moving = [
      ...gifts.map(gift),
      ...orders.filter(({ state }) => state === "authorized").map(order),
      ...arrivals.filter(({ state }) => state === "pending").map(arrival),
      ...departures.filter(isMoving).map(departure),
    ];
    const rest = [
      ...arrivals.filter(({ state }) => state !== "pending").map((each) => ({ each, of: arrival })),
      ...departures.filter((each) => !isMoving(each)).map((each) => ({ each, of: departure })),
    ].sort((a, b) => b.each.at - a.each.at);
    fill(open, moving);
    fill(past, rest.map(({ each, of }) => of(each)));
    head.hidden = open.hidden = moving.length === 0;
    more.hidden = rest.length === 0;
  }

  function gift({ id, from, from_name, to_name, amount, note, expires }) {
    const mine = from === model.me.id;
    const words = mine
      ? [el("strong", {}, write(amount)), " to ", name(to_name ?? "somebody")]
      : [name(from_name ?? "Somebody"), " sends you ", el("strong", {}, write(amount))];
    const buttons = mine
      ? [button("Take back", `/v1/wallet/transfers/${id}/cancel`)]
      : [
          button("Accept", `/v1/wallet/transfers/${id}/accept`, "primary"),
          button("Decline", `/v1/wallet/transfers/${id}/decline`),
        ];
    const until = `Until ${dateOf(expires)}`;
    return row(words, [note && quote(note), note && " · ", until], buttons);
  }

  function order({ app_name, total_text }) {
    const words = [el("strong", {}, shown(total_text)), " for ", name(app_name)];
    return row(words, ["Set aside until the shop takes it or lets it go"]);
  }

  function arrival({ text, rail, state, reference, confirmations, needed, at }) {
    const words = [el("strong", {}, `+${shown(text)}`), ` ${STATES[state] ?? state}`];
    const seen = rail === "chain" && state === "pending" && `${confirmations} of ${needed} blocks`;
    const detail = [seen || dateOf(at), " · ", el("code", {}, reference)];
    return row(words, detail);
  }

  function departure({ id, text, to, state, at }) {
    const words = [el("strong", {}, `−${shown(text)}`), ` ${STATES[state] ?? state}`];
    const keep = state === "requested" && button("Keep", `/v1/wallet/withdrawals/${id}/cancel`);
    return row(words, [dateOf(at), ...(to ? [" · to ", el("code", {}, to)] : [])], keep ? [keep] : []);
  }

  function row(words, detail, buttons = []) {
    return el(
      "li",
      {},
      el("p", {}, words),
      el("p", { class: "hint" }, detail),
      buttons.length > 0 && el("div", { class: "together" }, buttons),
    );
  }

  /** Decides about one line; it is drawn again as it is then. */
  function button(words, path, looks = "quiet") {
    const node = el("button", { class: looks, type: "button", onclick }, words);
    return node;

    async function onclick() {
      node.disabled = true;
      const failed = await act(path).catch((problem) => problem);
      if (failed instanceof Error) {
        const told = el("p", { class: "trouble", role: "alert" }, trouble(failed));
        node.closest("li").append(told);
        node.disabled = false;
        return;
      }
      say("Done.");
      await read();
    }
  }
}

function isMoving({ state }) {
  return state === "requested" || state === "sent";
}
