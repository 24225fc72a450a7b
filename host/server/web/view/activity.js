// What apps did for this person: a line for each run, also of those that failed.

import { get } from "../wire/api.js";
import { add, el, fill, name } from "../dom.js";
import { model, titleOf } from "../model.js";
import { dateOf } from "../time.js";
import { trouble } from "./trouble.js";

const LINES = 10;

const ENDED = {
  done: "done",
  rejected: "it said no",
  "invalid-input": "it wanted another look",
  parked: "it waits",
  fault: "it failed, and left nothing",
};

/** What the use of a permission is, to whom it happens. */
const DID = {
  "messaging.post": "wrote in the chat",
  "messaging.push": "may write to you later",
  "identity.profile": "read your profile",
  "identity.merchant-id": "knew you as its merchant does",
  "wallet.request": "asked for payment",
  "wallet.pay-out": "paid somebody",
  "storage.app": "used what it keeps for all",
  "storage.chat": "used what it keeps of the chat",
  "storage.user": "used what it keeps about you",
  config: "read its settings",
  schedule: "set a reminder",
  http: "spoke to the outside",
};

/** The lines, newest first, and the way to earlier ones. */
export function activity() {
  const lines = el("ol", { class: "activity", "aria-label": "Activity" });
  const more = el("button", { class: "quiet", type: "button", hidden: true }, "Earlier");
  read("");
  return { nodes: [lines, more] };

  async function read(cursor) {
    try {
      const page = await get(`/v1/me/activity?limit=${LINES}${cursor}`);
      const rows = page.items.map(line);
      if (cursor) add(lines, rows);
      else fill(lines, rows.length > 0 ? rows : el("li", { class: "hint" }, "Nothing yet."));
      more.hidden = !page.next;
      more.onclick = () => read(`&cursor=${encodeURIComponent(page.next)}`);
    } catch (problem) {
      fill(lines, el("li", { class: "trouble" }, trouble(problem)));
    }
  }
}

function line({ app, at, chat, ended, uses }) {
  const called = model.apps.find(({ id }) => id === app)?.name ?? app;
  const where = chat && model.chats.has(chat) && titleOf(model.chats.get(chat));
  const did = [...counted(uses)].map(([words, count]) => (count > 1 ? `${words} ${count}×` : words));
  return el(
    "li",
    {},
    el("p", {}, name(called), where && [" in ", name(where)], `: ${ENDED[ended] ?? ended}`),
    el("p", { class: "hint" }, [el("time", {}, dateOf(at)), ...did].flatMap(spaced)),
  );
}

/** How often it did what, and how often it was not let. */
function counted(uses) {
  const did = new Map();
  for (const { permission, count, denied } of uses) {
    if (!DID[permission]) continue;
    if (count > denied) note(DID[permission], count - denied);
    if (denied > 0) note("was told no", denied);
  }
  return did;

  function note(words, count) {
    did.set(words, (did.get(words) ?? 0) + count);
  }
}

function spaced(part, at) {
  return at === 0 ? [part] : [" · ", part];
}
