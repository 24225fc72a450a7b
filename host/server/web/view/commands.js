// The command picker: while a text begins with `/`, the commands that fit, to be chosen by key or
// finger. The names are the apps'; what each is for stands beside it in the app's words.

import { el, fill, name, quote } from "../dom.js";
import { loadApps, model, on } from "../model.js";

const SHOWN_MAX = 8;

/** Builds a picker for a text box. `choose` gets the command without its slash. */
export function commandPicker(text, choose) {
  const node = el("ul", {
    class: "commands",
    role: "listbox",
    id: `c-${crypto.randomUUID()}`,
    "aria-label": "Commands",
    hidden: true,
  });
  let found = [];
  let at = 0;
  let dismissed = false;
  let last;
  text.setAttribute("aria-controls", node.id);
  text.addEventListener("blur", () => setTimeout(hide, 150));
  text.addEventListener("focus", look);
  on("apps", look);
  return { node, look, key };

  /** Shows what fits the text as it is now. */
  function look() {
    const typed = /^\/(\S*)$/.exec(text.value)?.[1];
    if (typed === undefined) dismissed = false;
    // Apps may have been published since the last time somebody began a command.
    if (typed === "" && last === undefined) loadApps().catch(() => null);
    last = typed;
    found = typed === undefined || dismissed ? [] : fitting(typed);
    at = 0;
    draw();
  }

  /** Takes a key if the picker is open. Says whether it did. */
  function key(event) {
    if (node.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) at = (at + step + found.length) % found.length;
    else if (event.key === "Escape") {
      dismissed = true;
      found = [];
    } else if (event.key === "Tab" || (event.key === "Enter" && !isWhole())) choose(found[at].name);
    else return false;
    event.preventDefault();
    draw();
    return true;
  }

  /** The text is a whole command already: Enter sends it. */
  function isWhole() {
    return text.value === `/${found[at].name}`;
  }

  function hide() {
    found = [];
    draw();
  }

  function draw() {
    node.hidden = found.length === 0 || document.activeElement !== text;
    fill(node, node.hidden ? [] : found.map(option));
    const chosen = node.children[at];
    if (chosen) text.setAttribute("aria-activedescendant", chosen.id);
    else text.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  function option(command, place) {
    // The text box keeps the cursor.
    const onpointerdown = (event) => {
      event.preventDefault();
      choose(command.name);
    };
    return el(
      "li",
      {
        role: "option",
        id: `${node.id}-${place}`,
        "aria-selected": String(place === at),
        onpointerdown,
      },
      el("code", {}, `/${command.name}`),
      quote(command.description),
      el("span", { class: "hint" }, name(command.app)),
    );
  }
}

function fitting(typed) {
  const all = model.apps.flatMap(({ commands, name: app }) =>
    commands.map((command) => ({ ...command, app })),
  );
  return all
    .filter(({ name: called }) => called.startsWith(typed.toLowerCase()))
    .slice(0, SHOWN_MAX);
}
