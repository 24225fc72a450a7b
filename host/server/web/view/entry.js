// One line of a chat: a message, an order's state, or a word of the host's.
//
// A line is drawn again only when what it shows has changed, so a half-filled form stays.

import { el, fill, name } from "../dom.js";
import { model } from "../model.js";
import { dateOf, timeOf } from "../time.js";
import { avatar } from "./avatar.js";
import { cardNode } from "./card.js";
import { lookAt } from "./own.js";
import { orderLine } from "./order.js";
import { linked } from "./start.js";

/** Messages of one author within so many milliseconds stand together. */
const TOGETHER_MS = 5 * 60 * 1000;

/** Draws an entry, or returns what was drawn of it when nothing has changed. */
export function entryNode(entry, before, drawn) {
  const looks = look(entry, before);
  if (drawn?.dataset.looks === looks) return drawn;
  const node = entry.message
    ? messageNode(entry.message, isFollowing(entry, before), drawn)
    : hostNode(entry);
  node.dataset.looks = looks;
  return node;
}

/** Everything the drawing depends on. */
function look(entry, before) {
  const { message, order } = entry;
  if (message)
    return [
      message.revision,
      message.view ?? 0,
      message.text === undefined,
      isFollowing(entry, before),
    ].join(" ");
  return order ? `${order.state} ${order.revision}` : "";
}

function isFollowing({ message }, before) {
  const last = before?.message;
  if (!last || !message || message.card || last.card || message.whispered) return false;
  return (
    last.from.kind === message.from.kind &&
    last.from.id === message.from.id &&
    message.at - last.at < TOGETHER_MS
  );
}

function messageNode(message, follows, drawn) {
  const { from } = message;
  if (message.per_viewer && !message.view) lookAt(model.open, message);
  const mine = from.id === model.me.id;
  const classes = [
    "message",
    from.kind,
    mine && "mine",
    follows && "follows",
    message.card && "with-card",
  ];
  return el(
    "li",
    { class: classes.filter(Boolean).join(" ") },
    !mine &&
      (follows
        ? el("span", { class: "avatar none" })
        : avatar(from.id ?? "", from.name, from.kind)),
    el("article", {}, head(message, mine, follows), answered(message), content(message, drawn)),
  );
}

function head({ from, at, whispered }, mine, follows) {
  const when = el(
    "time",
    { class: "when", datetime: new Date(at).toISOString(), title: dateOf(at) },
    timeOf(at),
  );
  if (follows) return el("header", { class: "unseen" }, from.name, " ", when);
  const badge = from.kind === "app" && el("span", { class: "badge", title: from.id }, "App");
  const host = from.kind === "host" && el("span", { class: "badge" }, "This host");
  return el(
    "header",
    {},
    mine ? el("span", { class: "unseen" }, "You") : name(from.name),
    badge,
    host,
    whispered && el("span", { class: "hint" }, "only you see this"),
    when,
  );
}

/** What a message answers, in short. */
function answered({ reply_to: id }) {
  if (!id) return null;
  const found = model.timelines
    .get(model.open)
    ?.entries.find(({ message }) => message?.id === id)?.message;
  return el(
    "blockquote",
    {},
    found ? [name(found.from.name), " ", found.text ?? ""] : "An earlier message",
  );
}

function content(message, drawn) {
  if (message.text === undefined)
    return el("p", { class: "bubble gone" }, "This message was deleted.");
  if (message.card) return cardNode(message, drawn);
  return el("p", { class: "bubble", dir: "auto" }, linked(message.text));
}

function hostNode({ order, notice, at }) {
  const body = el("div", { class: "words" });
  fill(body, order ? orderLine(order) : el("p", {}, notice));
  return el(
    "li",
    { class: "host-line" },
    el("div", { class: "awning", "aria-hidden": "true" }),
    el(
      "header",
      {},
      "Souk",
      el("span", { class: "hint" }, "only you see this"),
      el("time", { class: "when" }, timeOf(at)),
    ),
    body,
  );
}
