// Where things are said: a text, or a command with the picker above it.

import { act } from "../wire/api.js";
import { el } from "../dom.js";
import { icon } from "../icons.js";
import { model, on } from "../model.js";
import { commandPicker } from "./commands.js";
import { complain, during } from "./ended.js";

/** The composer, and how to put the cursor in it. */
export function composer() {
  const text = el("textarea", {
    rows: 1,
    placeholder: "Message, or / for shops",
    "aria-label": "Message",
    autocomplete: "off",
    "aria-haspopup": "listbox",
    "aria-autocomplete": "list",
    oninput,
    onkeydown,
  });
  const send = el(
    "button",
    { class: "primary send", type: "submit", "aria-label": "Send", disabled: true },
    icon("send"),
  );
  const picker = commandPicker(text, choose);
  const node = el(
    "form",
    { class: "composer", onsubmit },
    picker.node,
    el(
      "button",
      {
        class: "round",
        type: "button",
        "aria-label": "Commands",
        title: "Commands",
        onclick: offer,
      },
      icon("slash"),
    ),
    text,
    send,
  );
  /** What was half written, by chat. */
  const drafts = new Map();
  let chat = null;
  on("open", () => {
    drafts.set(chat, text.value);
    chat = model.open;
    write(drafts.get(chat) ?? "");
  });
  return { node, focus: () => text.focus() };

  function write(words) {
    text.value = words;
    oninput();
  }

  function oninput() {
    send.disabled = text.value.trim() === "";
    // Grows with what is written, up to what the style allows.
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight}px`;
    picker.look();
  }

  function onkeydown(event) {
    if (picker.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      node.requestSubmit();
    }
  }

  function offer() {
    if (!text.value.startsWith("/")) write("/");
    text.focus();
  }

  function choose(command) {
    write(`/${command} `);
    text.focus();
  }

  async function onsubmit(event) {
    event.preventDefault();
    const words = text.value.trim();
    const to = chat;
    if (words === "" || to === null) return;
    write("");
    try {
      await during(() => act(`/v1/chats/${to}/messages`, { text: words }));
    } catch (problem) {
      complain(to, problem, appOf(words));
      // What the host did not take is given back, unless something new was begun.
      if (!problem.event && chat === to && text.value === "") write(words);
    }
  }
}

/** Whose command it was. */
function appOf(words) {
  const typed = words.slice(1).split(/\s/)[0];
  return model.apps.find(({ commands }) => commands.some(({ name }) => name === typed))?.name;
}
