// The frame of the page: the header with the balance, the chats beside the one that is open.
//
// Which chat is open stands in the address (`#chat_…`), so that a reload keeps it and a phone's
// back button leaves it.

import { el, fill } from "../dom.js";
import { icon } from "../icons.js";
import { model, on, tell } from "../model.js";
import { shown } from "../money.js";
import { answerNow, waiting } from "./asks.js";
import { chatList } from "./chats.js";
import { grants } from "./grants.js";
import { live } from "./live.js";
import { start } from "./start.js";
import { talk } from "./talk.js";
import { wallet } from "./wallet.js";

/** Builds the page. */
export function frame({ signOut }) {
  fill(document.body, header(signOut), el("div", { class: "stage" }, chatList(), talk()), live());
  addEventListener("hashchange", follow);
  on("chats", () => {
    follow();
    title();
  });
  document.addEventListener("visibilitychange", () => document.hidden || seen());
}

function header(signOut) {
  return el(
    "header",
    { class: "top" },
    el(
      "a",
      { class: "brand", href: "#", "aria-label": "Souk, all chats" },
      el("img", { src: "/web/mark.svg", alt: "", width: 28, height: 28 }),
      el("span", {}, "Souk"),
    ),
    offline(),
    el("div", { class: "mine" }, answers(), balance(), apps(), person(signOut)),
  );
}

/** Says so when the stream is away; what is shown may then be old. */
function offline() {
  const node = el("p", { class: "offline", role: "status" });
  let timer = 0;
  on("connected", () => {
    clearTimeout(timer);
    if (model.connected) return fill(node);
    // A connection that comes right back is not worth a word.
    timer = setTimeout(() => fill(node, "Connecting…"), 1500);
  });
  return node;
}

/** What was put off and still waits for an answer. */
function answers() {
  const button = el("button", {
    class: "waiting",
    type: "button",
    hidden: true,
    onclick: answerNow,
  });
  const draw = () => {
    button.hidden = waiting() === 0;
    fill(button, `${waiting()} to answer`);
  };
  on("orders", draw);
  on("consents", draw);
  return button;
}

function balance() {
  const amount = el("span", { class: "amount" });
  const button = el(
    "button",
    { class: "balance", type: "button", onclick: wallet },
    icon("wallet"),
    amount,
  );
  const draw = () => {
    const kept = model.balances.filter(({ standing }) => standing !== "closed");
    const text = kept.map(({ text: words }) => shown(words)).join(" · ") || "No money";
    fill(amount, text);
    button.setAttribute("aria-label", `Your wallet: ${text}`);
  };
  draw();
  on("balances", draw);
  return button;
}

/** The way to what apps may do. */
function apps() {
  const words = "What apps may do";
  return el(
    "button",
    { class: "round", type: "button", "aria-label": words, title: words, onclick: grants },
    icon("shield"),
  );
}

function person(signOut) {
  const { name, handle } = model.me;
  return el(
    "div",
    { class: "person" },
    el("bdi", { class: "who", title: `@${handle}` }, name),
    el(
      "button",
      {
        class: "round",
        type: "button",
        "aria-label": "Sign out",
        title: "Sign out",
        onclick: signOut,
      },
      icon("out"),
    ),
  );
}

/** Opens the chat that the address names, as soon as it is known; asks about an app's link. */
function follow() {
  if (start(location.hash)) history.replaceState(null, "", `#${model.open ?? ""}`);
  const id = decodeURIComponent(location.hash.slice(1)) || first();
  const found = model.chats.has(id) ? id : null;
  if (found === model.open) return;
  model.open = found;
  document.body.classList.toggle("talking", found !== null);
  seen();
  tell("open");
}

/** Where there is room for a chat beside the list, one is open. */
function first() {
  return matchMedia("(min-width: 721px)").matches ? model.chats.keys().next().value : "";
}

/** What is on the screen counts as read. */
function seen() {
  if (model.open && model.unread.delete(model.open)) tell("chats");
}

function title() {
  const unread = [...model.unread.values()].reduce((sum, count) => sum + count, 0);
  document.title = unread > 0 ? `(${unread}) Souk` : "Souk";
}
