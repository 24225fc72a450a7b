// Leaving an app: what it means is said before it is done.

import { act } from "../wire/api.js";
import { el, fill, name } from "../dom.js";
import { say } from "./live.js";
import { trouble } from "./trouble.js";

/** The way out of an app, behind one press more; `left` is called when it is done. */
export function leaveForm({ app, app_name }, left) {
  const wrong = el("p", { class: "trouble", role: "alert" });
  const button = el(
    "button",
    { class: "quiet", type: "button", onclick: leave },
    el("span", {}, "Leave ", name(app_name)),
  );
  return el(
    "details",
    { class: "bound" },
    el("summary", {}, "Leave this app"),
    el(
      "p",
      {},
      name(app_name),
      " and its merchant will know you no more: what the app kept about you is deleted, what you ",
      "answered it is forgotten, and it can write to you no more. If you use it again, you are ",
      "somebody new to it.",
    ),
    el(
      "p",
      { class: "hint" },
      "What you said and paid stays, and so do orders that are still open and your budget.",
    ),
    el("div", { class: "together" }, button),
    wrong,
  );

  async function leave() {
    button.disabled = true;
    try {
      await act(`/v1/apps/${app}/leave`);
      say("Done.");
      await left();
    } catch (problem) {
      fill(wrong, trouble(problem));
      button.disabled = false;
    }
  }
}
