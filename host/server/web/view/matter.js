// One thing an app asks for: what it means, why it says it wants it, how it stands, and what this
// person can say to it.

import { act } from "../wire/api.js";
import { el, fill, name, quote } from "../dom.js";
import { model, titleOf } from "../model.js";
import { dateOf } from "../time.js";
import { amountField } from "./amount.js";
import { say } from "./live.js";
import { trouble } from "./trouble.js";

const STATES = {
  granted: "Allowed",
  refused: "Refused",
  "not-asked": "It has to ask you",
  "not-allowed": "Not allowed here",
};

/** Who decides where it is not for this person. */
const OTHERS = {
  admins: "The admin of each group decides.",
  operator: "Whoever runs this host decides.",
  merchant: "The merchant decides.",
};

/** The row of a matter of an app; `again` draws the app as it is after a change. */
export function matterRow(matter, { app, again }) {
  const wrong = el("p", { class: "trouble", role: "alert" });
  const last = matter.used_last && ` Last used ${dateOf(matter.used_last)}`;
  const used = last && el("span", { class: "hint" }, last);
  return el(
    "li",
    {},
    el("p", {}, matter.words),
    el("p", { class: "hint" }, quote(matter.reason)),
    el("p", { class: `state ${matter.state}` }, STATES[matter.state] ?? matter.state, used),
    OTHERS[matter.by] ? el("p", { class: "hint" }, others()) : sayings(),
    wrong,
  );

  /** Who else decides, and where they have. */
  function others() {
    const groups = (matter.groups ?? []).map((group) => titleOf(model.chats.get(group)));
    const here = groups.length > 0 ? [" Here: ", name(groups.join(", "))] : [];
    return [OTHERS[matter.by], ...here];
  }

  /** What can be said to it as it stands. */
  function sayings() {
    if (matter.state === "not-allowed") return null;
    const granted = matter.state === "granted";
    const buttons = [
      !granted && button("Allow", "allow"),
      matter.state !== "not-asked" && button("Ask me again", "revoke"),
      matter.state !== "refused" && button("Refuse", "refuse"),
    ];
    return [el("div", { class: "together" }, buttons), granted && narrower()];
  }

  function button(words, saying) {
    const onclick = (event) => tell(saying, event.currentTarget);
    return el("button", { class: "quiet", type: "button", onclick }, words);
  }

  /** The form by which less is allowed, where there is a less. */
  function narrower() {
    if (matter.at_most) return lower(matter.at_most.currency);
    if (matter.origins?.length > 1) return fewer(matter.origins);
    return null;
  }

  function lower(currency) {
    const label = "At most, in one order";
    const amount = amountField({ label, currencies: [currency], currency });
    const less = () => (amount.money() === null ? amount.wrong() : { at_most: amount.money() });
    return form("Allow less", amount.nodes, less);
  }

  function fewer(origins) {
    const boxes = origins.map((origin) => el("input", { type: "checkbox", value: origin }));
    const lines = boxes.map((box) => el("label", { class: "choice" }, box, el("code", {}, box.value)));
    const only = () => {
      const kept = boxes.filter(({ checked }) => checked).map(({ value }) => value);
      return kept.length > 0 ? { only: kept } : "Choose where it may go.";
    };
    return form("Allow fewer", [el("div", { class: "choices" }, lines)], only);
  }

  function form(words, fields, less) {
    const submit = el("button", { class: "quiet", type: "submit" }, words);
    const onsubmit = (event) => {
      event.preventDefault();
      const saying = less();
      if (typeof saying === "string") fill(wrong, saying);
      else tell(saying, submit);
    };
    const inside = el("form", { class: "together", onsubmit }, fields, submit);
    return el("details", {}, el("summary", {}, "Less"), inside);
  }

  async function tell(saying, by) {
    by.disabled = true;
    try {
      await act(`/v1/me/grants/${app}`, { matter: matter.matter, say: saying });
      say("Done.");
      await again();
    } catch (problem) {
      fill(wrong, trouble(problem));
      by.disabled = false;
    }
  }
}
