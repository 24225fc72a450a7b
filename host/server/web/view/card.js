// A card in a message: drawn by the vendored renderer, its buttons sent to the host.
//
// What a button carries is the host's to know, from the card it stored: only the button's id, the
// message's revision and view and what was entered go over the wire.

import { act } from "../wire/api.js";
import { el, fill } from "../dom.js";
import { model } from "../model.js";
import { parse } from "./card-profile.js";
import { complain, during } from "./ended.js";
import { leave } from "./link.js";

/** The card of each drawn node, to carry over what was entered when the app edits its message. */
const cards = new WeakMap();

/** Draws a message's card. `drawn` is what showed the message before, if anything did. */
export function cardNode(message, drawn) {
  const card = parse(keep(message.card, entered(drawn?.querySelector(".card"))));
  const node = el("form", {
    class: "card",
    novalidate: true,
    onsubmit: (event) => event.preventDefault(),
  });
  const body = card?.render();
  if (!body)
    return el("p", { class: "bubble", dir: "auto" }, message.card.fallbackText ?? message.text);
  const trouble = el("div", { class: "trouble", role: "alert" });
  card.onExecuteAction = (action) => {
    if (action.getJsonTypeName() === "Action.OpenUrl") leave(action.url);
    else press(message, card, action, node, trouble);
  };
  tame(body);
  cards.set(node, card);
  fill(node, body, trouble);
  return node;
}

/** Sends a button and what was entered beside it. */
async function press(message, card, action, node, trouble) {
  const chat = model.open;
  const pressed = /** @type {HTMLElement | null} */ (document.activeElement);
  fill(trouble);
  node.inert = true;
  node.ariaBusy = "true";
  try {
    await during(() =>
      act(`/v1/chats/${chat}/messages/${message.id}/actions`, {
        revision: message.revision,
        view: message.view ?? 0,
        button: action.id,
        inputs: action.associatedInputs === "none" ? {} : values(card),
      }),
    );
  } catch (problem) {
    if (problem.fields.length > 0)
      fill(
        trouble,
        el(
          "ul",
          {},
          problem.fields.map((wrong) => wrongField(card, wrong)),
        ),
      );
    else complain(chat, problem, message.from.name);
  }
  node.inert = false;
  node.ariaBusy = "false";
  pressed?.focus();
}

function wrongField(card, { field, text }) {
  const input = card.getAllInputs().find(({ id }) => id === field);
  return el("li", {}, el("strong", {}, input?.label ?? field), ` ${text}`);
}

function values(card) {
  const entries = card.getAllInputs().map(({ id, value }) => [id, value]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== null));
}

/** What was entered by hand, by input. */
function entered(node) {
  const inputs = cards.get(node)?.getAllInputs() ?? [];
  return new Map(inputs.filter((input) => input.isDirty()).map(({ id, value }) => [id, value]));
}

/** A copy of a card whose inputs hold what was entered. */
function keep(json, values) {
  if (values.size === 0 || json === null || typeof json !== "object") return json;
  if (Array.isArray(json)) return json.map((part) => keep(part, values));
  const copy = Object.fromEntries(
    Object.entries(json).map(([name, part]) => [name, keep(part, values)]),
  );
  if (String(json.type).startsWith("Input.") && values.has(json.id))
    copy.value = values.get(json.id);
  return copy;
}

/** Takes out of the drawn card what would act by itself: its ids, and where a click would lead. */
function tame(body) {
  for (const node of body.querySelectorAll("[id]")) {
    if (!node.id.startsWith("__ac-")) node.removeAttribute("id");
  }
  for (const anchor of body.querySelectorAll("a[href]")) {
    anchor.removeAttribute("href");
    anchor.removeAttribute("target");
    anchor.tabIndex = 0;
    anchor.onkeydown = ({ key }) => {
      if (key === "Enter") anchor.click();
    };
  }
}
