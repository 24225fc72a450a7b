// A budget: the most this person wants to spend at an app, in one order, on a day, and in all until
// it ends. It approves nothing.

import { act } from "../wire/api.js";
import { el, field, fill } from "../dom.js";
import { code, currencies, read, write } from "../money.js";
import { dateOf } from "../time.js";
import { say } from "./live.js";
import { trouble } from "./trouble.js";

const DAY_MS = 86400000;
/** As long as the host keeps a budget. */
const DAYS_MAX = 31;

const BOUNDS = { order: "In one order", day: "On one day", in_all: "In all, until it ends" };

/** The form for an app's budget; `again` draws the app as it is after a change. */
export function budgetForm({ budget, matters }, { app, again }) {
  const now = budget ?? {};
  const wanted = matters.find(({ at_most }) => at_most)?.at_most.currency;
  const chosen = Object.keys(BOUNDS).map((bound) => now[bound]?.currency).find(Boolean) ?? wanted;
  const currency = el(
    "select",
    {},
    currencies().map((each) => el("option", { value: each, selected: each === chosen }, code(each))),
  );
  const bounds = Object.entries(BOUNDS).map(([bound, label]) => {
    const value = now[bound] ? write(now[bound]).split(" ")[0] : "";
    return { bound, label, input: el("input", { value, inputmode: "decimal", autocomplete: "off" }) };
  });
  const left = now.until && Math.max(1, Math.floor((now.until - Date.now()) / DAY_MS));
  const days = el("input", { type: "number", min: 1, max: DAYS_MAX, value: left ?? "" });
  const outcome = el("p", { class: "hint", role: "status" }, standing(now));
  return el(
    "form",
    { class: "money-form", onsubmit },
    bounds.map(({ label, input }) => field(label, input)),
    field("Currency", currency, "In other currencies you can spend nothing here then."),
    field("For how many days", days, "Needed for a bound in all; without it the budget stays."),
    el(
      "div",
      { class: "together" },
      el("button", { class: "primary", type: "submit" }, "Set the budget"),
      budget && el("button", { class: "quiet", type: "button", onclick: takeAway }, "Take it away"),
    ),
    outcome,
  );

  function onsubmit(event) {
    event.preventDefault();
    const asked = { currency: currency.value };
    for (const { bound, label, input } of bounds) {
      if (input.value.trim() === "") continue;
      const money = read(input.value, currency.value);
      if (money === null) return void fill(outcome, `${label}: that is not an amount.`);
      asked[bound] = money.minor;
    }
    if (Object.keys(asked).length === 1) return void fill(outcome, "Say how much, in one field.");
    if (days.value) asked.until = Date.now() + Number(days.value) * DAY_MS;
    if (asked.in_all && !asked.until) return void fill(outcome, "Say for how many days.");
    set(asked);
  }

  function takeAway() {
    set({ currency: currency.value });
  }

  async function set(asked) {
    try {
      await act(`/v1/me/grants/${app}/budget`, asked);
      say("Done.");
      await again();
    } catch (problem) {
      fill(outcome, trouble(problem));
    }
  }
}

/** What holds now. */
function standing({ until, ...bounds }) {
  const said = Object.entries(BOUNDS).filter(([bound]) => bounds[bound]);
  if (said.length === 0) return "Every payment still has its sheet.";
  const words = said.map(([bound, label]) => `${label.split(",")[0]} ${write(bounds[bound])}`);
  return `${words.join(" · ")}${until ? ` · until ${dateOf(until)}` : ""}`;
}
