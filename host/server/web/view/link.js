// Leaving: a card's link is followed only after the person has seen where it leads.

import { el } from "../dom.js";
import { icon } from "../icons.js";
import { dialog } from "./dialog.js";
import { start } from "./start.js";

/** Shows the destination, and a link to it. Anything but https goes nowhere. */
export function leave(address) {
  const url = parse(address);
  if (url === null || (url.origin === location.origin && start(url.hash))) return;
  const { close, node } = dialog({
    label: "Leave Souk?",
    kind: "leaving",
    content: [
      el("p", {}, "This link was made by an app. It leads to another site:"),
      el("p", { class: "destination" }, el("strong", {}, url.host), el("code", {}, url.href)),
      el(
        "footer",
        {},
        el("button", { class: "quiet", type: "button", onclick: () => node.close() }, "Stay"),
        el(
          "a",
          {
            class: "button primary",
            href: url.href,
            target: "_blank",
            rel: "noopener noreferrer",
            onclick: () => close(),
          },
          icon("link"),
          el("span", {}, "Open ", el("bdi", {}, url.host)),
        ),
      ),
    ],
  });
}

function parse(address) {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url?.protocol === "https:" ? url : null;
}
