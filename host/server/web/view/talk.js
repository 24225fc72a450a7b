// The chat that is open: who is in it, what was said, and where to say more.

import { el, fill, name } from "../dom.js";
import { icon } from "../icons.js";
import { model, on, timeline, titleOf } from "../model.js";
import { dayOf, daysApart } from "../time.js";
import { chatAvatar, withWhom } from "./chats.js";
import { complain } from "./ended.js";
import { composer } from "./composer.js";
import { entryNode } from "./entry.js";

/** Within so many pixels of the end, the end is followed. */
const NEAR_PX = 120;

/** The chat's part of the page, kept up to date. */
export function talk() {
  const head = el("header", { class: "head" });
  const list = el("ol", { class: "said", "aria-label": "Messages", tabindex: "0" });
  const newest = el(
    "button",
    { class: "newest", type: "button", hidden: true, onclick: toEnd },
    icon("down"),
    "New messages",
  );
  const { node: foot, focus } = composer();
  const node = el("main", { class: "talk" }, head, list, newest, foot);
  /** What is drawn, by the entry's key. */
  let drawn = new Map();
  on("open", open);
  on("chats", drawHead);
  on("talk", (chat) => {
    if (chat === model.open) draw();
  });
  list.addEventListener("scroll", () => {
    if (atEnd()) newest.hidden = true;
  });
  drawHead();
  return node;

  function open() {
    drawn = new Map();
    fill(list);
    drawHead();
    if (model.open === null) return;
    const chat = model.open;
    const known = timeline(chat);
    draw();
    if (!known.loaded)
      known.load().then(
        () => {
          if (chat === model.open) {
            draw();
            toEnd();
          }
        },
        (problem) => complain(chat, problem),
      );
    toEnd();
    if (matchMedia("(hover: hover)").matches) focus();
  }

  function drawHead() {
    const chat = model.chats.get(model.open);
    foot.hidden = !chat;
    fill(head, chat ? headOf(chat) : el("p", { class: "hint" }, "Choose a chat, or start one."));
  }

  /** Brings the list up to date; what did not change is not drawn again. */
  function draw() {
    const follows = atEnd();
    const count = list.childElementCount;
    const chat = timeline(model.open);
    const next = new Map();
    const nodes = [earlier(chat)];
    chat.entries.forEach((entry, at) => {
      const before = chat.entries[at - 1];
      if (!before || daysApart(before.at, entry.at))
        nodes.push(el("li", { class: "day" }, dayOf(entry.at)));
      const node = entryNode(entry, before, drawn.get(entry.key));
      next.set(entry.key, node);
      nodes.push(node);
    });
    if (chat.loaded && chat.entries.length === 0) nodes.push(welcome());
    settle(list, nodes.filter(Boolean));
    drawn = next;
    if (follows) toEnd();
    else if (list.childElementCount > count) newest.hidden = false;
  }

  function earlier(chat) {
    if (chat.before === null) return null;
    const more = async () => {
      const height = list.scrollHeight - list.scrollTop;
      await chat.earlier().catch((problem) => complain(chat.chat, problem));
      draw();
      newest.hidden = true;
      list.scrollTop = list.scrollHeight - height;
    };
    return el(
      "li",
      { class: "day" },
      el("button", { class: "quiet", type: "button", onclick: more }, "Earlier messages"),
    );
  }

  function atEnd() {
    return list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PX;
  }

  function toEnd() {
    list.scrollTop = list.scrollHeight;
    newest.hidden = true;
  }
}

function headOf(chat) {
  return [
    el("a", { class: "round back", href: "#", "aria-label": "All chats" }, icon("back")),
    chatAvatar(chat),
    el(
      "div",
      { class: "lines" },
      el("h1", {}, name(titleOf(chat))),
      el("p", { class: "hint" }, el("bdi", {}, withWhom(chat))),
    ),
  ];
}

/** What an empty chat says: which shops can be opened here. */
function welcome() {
  const commands = model.apps.flatMap(({ commands: of, name: app }) =>
    of.map((command) => ({ ...command, app })),
  );
  return el(
    "li",
    { class: "welcome" },
    el("p", {}, "Nothing has been said here yet."),
    commands.length > 0 &&
      el("p", { class: "hint" }, "Say hello, or type ", el("code", {}, "/"), " to open a shop:"),
    el(
      "ul",
      {},
      commands
        .slice(0, 4)
        .map(({ name: command, description }) =>
          el("li", {}, el("code", {}, `/${command}`), " ", el("q", {}, description)),
        ),
    ),
  );
}

/** Puts nodes in a list in their order, moving as little as possible: focus and scroll stay. */
function settle(list, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...list.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, at) => {
    if (list.children[at] !== node) list.insertBefore(node, list.children[at] ?? null);
  });
}
