// A link of an app's: the host says where it leads, and the person whether they go there.
//
// `#start=APP/PLACE/PARAMETER`, as the contract's `chat.link` gives it. Following one types a command
// where others read it, so nobody is taken there by a click alone.

import { act, get } from "../wire/api.js";
import { el, name } from "../dom.js";
import { titleOf } from "../model.js";
import { dialog } from "./dialog.js";
import { complain, during } from "./ended.js";
import { trouble } from "./trouble.js";

const PARTS = "#start=([\\w.-]+)/(\\w+)/([\\w-]*)";
const WHOLE = new RegExp(`^${PARTS}$`);
/** One in a text, whosever host it is of. */
const ANY = /(https?:\/\/[^\s/]+\/#start=[\w.-]+\/\w+\/[\w-]*)/;

/** Asks whether to follow a link, given by its fragment. Says whether it was one. */
export function start(hash) {
  const [, app, place, parameter] = WHOLE.exec(hash) ?? [];
  if (!app) return false;
  const path = `/v1/apps/${app}/links/${place}`;
  get(path).then((way) => offer(way, path, parameter), nowhere);
  return true;
}

/** A text in which this host's own links can be pressed. Everything else in it stays text. */
export function linked(text) {
  const isOwn = (part, at) => at % 2 === 1 && new URL(part).origin === location.origin;
  const parts = text.split(ANY);
  return parts.map((part, at) =>
    isOwn(part, at) ? el("a", { href: new URL(part).hash }, part) : part,
  );
}

function offer({ app_name, command, chat }, path, parameter) {
  const { close } = dialog({
    label: "Follow this link?",
    kind: "start",
    content: [
      el("p", {}, "It opens ", name(app_name), " in ", name(titleOf(chat)), "."),
      el(
        "p",
        { class: "hint" },
        "Everyone there sees that you typed ",
        el("code", {}, `/${command}`),
        ".",
      ),
      el(
        "footer",
        {},
        el("button", { class: "quiet", type: "button", onclick: () => close() }, "Not now"),
        el(
          "button",
          { class: "primary", type: "button", onclick: follow },
          el("span", {}, "Open ", name(app_name)),
        ),
      ),
    ],
  });

  async function follow() {
    close();
    location.hash = chat.id;
    try {
      await during(() => act(path, { start_parameter: parameter }));
    } catch (problem) {
      complain(chat.id, problem, app_name);
    }
  }
}

/** A link makes nobody a member. */
function nowhere(problem) {
  const words =
    problem.status === 404
      ? "Its chat is none of yours, or its app is gone. Somebody in the chat can add you."
      : trouble(problem);
  dialog({ label: "This link leads nowhere", kind: "start", content: el("p", {}, words) });
}
