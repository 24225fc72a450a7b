// What the host puts before a person: one dialog at a time, in the host's own dress.
//
// A dialog is modal and lies in the browser's top layer, over everything an app can draw in. The
// awning at its top is the host's: no card has the means to draw it.

import { el } from "../dom.js";
import { icon } from "../icons.js";

/**
 * Opens a dialog and returns it with `close`. `label` is the heading; `from` says above it what the
 * host asks for; `closed` is called however it goes away.
 */
export function dialog({
  label,
  content,
  kind,
  from = "",
  closed = () => {},
  closeWord = "Close",
}) {
  const heading = el(
    "h2",
    { id: `d-${crypto.randomUUID()}`, tabindex: "-1", autofocus: true },
    label,
  );
  const close = () => node.close();
  const node = el(
    "dialog",
    { class: `host ${kind}`, "aria-labelledby": heading.id, onclose, onclick },
    el("div", { class: "awning", "aria-hidden": "true" }),
    el(
      "div",
      { class: "sheet" },
      el(
        "header",
        {},
        el("div", {}, from && el("p", { class: "from" }, `Souk · ${from}`), heading),
        el(
          "button",
          {
            class: "round",
            type: "button",
            "aria-label": closeWord,
            title: closeWord,
            onclick: close,
          },
          icon("close"),
        ),
      ),
      content,
    ),
  );
  document.body.append(node);
  node.showModal();
  heading.focus();
  return { node, close };

  function onclose() {
    node.remove();
    closed();
  }

  /** A click beside the sheet closes it, as people expect. */
  function onclick(event) {
    if (event.target === node) close();
  }
}
