// Starting a chat: with one person, or a group, by their handles.

import { act } from "../wire/api.js";
import { el, field, fill } from "../dom.js";
import { loadChats } from "../model.js";
import { dialog } from "./dialog.js";
import { trouble } from "./trouble.js";

/** Asks with whom, opens the chat and goes there. */
export function openChat() {
  const handles = el("input", {
    required: true,
    autocapitalize: "none",
    spellcheck: "false",
    autocomplete: "off",
    placeholder: "ana, bo",
    oninput: look,
  });
  const title = el("input", { maxlength: 80, autocomplete: "off", placeholder: "Tea on Fridays" });
  const group = field("Name of the group", title);
  const wrong = el("p", { class: "trouble", role: "alert" });
  const submit = el("button", { class: "primary", type: "submit" }, "Start");
  const form = el(
    "form",
    { class: "panel", onsubmit },
    field(
      "With whom?",
      handles,
      "One handle for a direct chat; several, with commas, for a group.",
    ),
    group,
    wrong,
    el("footer", {}, submit),
  );
  const { close } = dialog({ label: "New chat", kind: "plain", content: form });
  look();
  handles.focus();

  /** A title is asked for when it is a group. */
  function look() {
    const several = typed().length > 1;
    group.hidden = !several;
    title.required = several;
  }

  function typed() {
    return handles.value
      .split(/[\s,]+/)
      .map((word) => word.replace(/^@/, ""))
      .filter((word) => word !== "");
  }

  async function onsubmit(event) {
    event.preventDefault();
    submit.disabled = true;
    fill(wrong);
    try {
      const chat = await act("/v1/chats", wanted());
      await loadChats();
      close();
      location.hash = chat.id;
    } catch (problem) {
      fill(wrong, trouble(problem));
      submit.disabled = false;
    }
  }

  function wanted() {
    const members = typed();
    if (members.length > 1) return { kind: "group", title: title.value.trim(), members };
    return { kind: "direct", with: members[0] };
  }
}
