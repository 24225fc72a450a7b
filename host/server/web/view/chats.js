// The list of chats, and the way to a new one.

import { el, fill, name } from "../dom.js";
import { icon } from "../icons.js";
import { model, on, titleOf } from "../model.js";
import { avatar } from "./avatar.js";
import { openChat } from "./open.js";

/** The list, kept up to date. */
export function chatList() {
  const list = el("ul", {});
  const node = el(
    "nav",
    { class: "chats", "aria-label": "Chats" },
    el(
      "header",
      {},
      el("h2", {}, "Chats"),
      el("button", { class: "quiet", type: "button", onclick: openChat }, icon("plus"), "New chat"),
    ),
    list,
  );
  const draw = () =>
    fill(list, model.chats.size > 0 ? [...model.chats.values()].map(entry) : nobody());
  on("chats", draw);
  on("open", draw);
  return node;
}

function entry(chat) {
  const unread = model.unread.get(chat.id) ?? 0;
  const isOpen = chat.id === model.open;
  return el(
    "li",
    {},
    el(
      "a",
      { href: `#${chat.id}`, "aria-current": isOpen && "page" },
      chatAvatar(chat),
      el(
        "div",
        { class: "lines" },
        el("p", { class: "title" }, name(titleOf(chat))),
        el("p", { class: "hint" }, el("bdi", {}, withWhom(chat))),
      ),
      unread > 0 &&
        el("span", { class: "unread" }, unread, el("span", { class: "unseen" }, " unread")),
    ),
  );
}

/** A chat's sign: of a direct one, the other person's. */
export function chatAvatar(chat) {
  const other = chat.kind === "direct" && chat.members.find(({ id }) => id !== model.me.id);
  return avatar(other ? other.id : chat.id, titleOf(chat), chat.kind);
}

/** Who else is there. */
export function withWhom(chat) {
  const others = chat.members.filter(({ id }) => id !== model.me.id);
  if (chat.kind === "direct") return others.map(({ handle }) => `@${handle}`).join(", ");
  const names = others.map(({ name: called }) => called);
  return names.length === 0 ? "Only you" : `You, ${names.join(", ")}`;
}

function nobody() {
  return el("li", { class: "hint empty" }, "No chats yet. Start one with somebody’s handle.");
}
