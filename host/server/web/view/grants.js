// What apps may do with this person: one place to see it, narrow it, take it back, bound what is
// spent, leave an app, and read what was done.

import { get, items } from "../wire/api.js";
import { el, fill, name } from "../dom.js";
import { dateOf } from "../time.js";
import { activity } from "./activity.js";
import { budgetForm } from "./budget.js";
import { dialog } from "./dialog.js";
import { leaveForm } from "./leave.js";
import { matterRow } from "./matter.js";
import { trouble } from "./trouble.js";

/** Opens the page. */
export function grants() {
  const list = el("ul", { class: "apps", "aria-label": "Apps" });
  const done = activity();
  dialog({
    label: "What apps may do",
    kind: "grants",
    content: [list, el("h3", {}, "What they did for you"), ...done.nodes],
  });
  read();

  async function read() {
    try {
      const found = await items("/v1/me/grants");
      fill(list, found.length > 0 ? found.map(app) : none());
    } catch (problem) {
      fill(list, el("li", { class: "trouble" }, trouble(problem)));
    }
  }

  /** One app; what is said to it draws it again. */
  function app(grant) {
    const body = el("div", { class: "app" });
    const ran = grant.ran_last ? `Last ran for you ${dateOf(grant.ran_last)}` : "Has not run lately";
    draw(grant);
    return el(
      "li",
      {},
      el(
        "details",
        { name: "app" },
        el("summary", {}, name(grant.app_name), " ", el("span", { class: "hint" }, ran)),
        body,
      ),
    );

    async function again() {
      draw(await get(`/v1/me/grants/${grant.app}`));
    }

    function draw(now) {
      const change = { app: now.app, again };
      fill(
        body,
        el("p", { class: "hint" }, "The app is ", el("code", {}, now.app), "."),
        el("ul", { class: "matters" }, now.matters.map((matter) => matterRow(matter, change))),
        el(
          "details",
          { class: "bound" },
          el("summary", {}, now.budget ? "Your budget here" : "Set a budget"),
          budgetForm(now, change),
        ),
        leaveForm(now, read),
      );
    }
  }
}

function none() {
  return el("li", { class: "hint" }, "You have not opened an app yet.");
}
