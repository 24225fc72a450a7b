// The consent sheet: what an app asks for, line by line, why it says it does, and this person's answer.

import { act } from "../wire/api.js";
import { el, fill, name, quote } from "../dom.js";
import { dropConsent, model, on } from "../model.js";
import { dialog } from "./dialog.js";
import { trouble } from "./trouble.js";

/** What would be told, by matter. */
const TOLD = {
  "identity.profile:name": () => model.me.name,
};

/** Opens the sheet of a question. `done(true)` when it was answered, `done(false)` when put off. */
export function consentSheet(consent, done) {
  let answered = false;
  const wrong = el("p", { class: "trouble", role: "alert" });
  const key = crypto.randomUUID();
  const no = el(
    "button",
    { class: "quiet", type: "button", onclick: () => answer(false) },
    "Don’t allow",
  );
  const yes = el(
    "button",
    { class: "primary", type: "button", onclick: () => answer(true) },
    "Allow",
  );
  const { close } = dialog({
    label: [name(consent.app_name), " asks you"],
    kind: "consent",
    from: "Your data",
    closeWord: "Not now",
    content: [
      el("ul", { class: "claims" }, consent.lines.map(row)),
      el(
        "p",
        { class: "hint" },
        "Until you answer, what you asked for waits. The app is ",
        el("code", {}, consent.app),
        ".",
      ),
      wrong,
      el("footer", {}, no, yes),
    ],
    closed: () => {
      off();
      done(answered);
    },
  });
  const off = on("consents", () => {
    if (!model.consents.has(consent.id)) {
      answered = true;
      close();
    }
  });

  async function answer(allow) {
    for (const button of [no, yes]) button.disabled = true;
    try {
      await act(`/v1/consents/${consent.id}`, { allow }, { key: `${key}-${allow}` });
      dropConsent(consent.id);
    } catch (problem) {
      // Somebody answered in another window.
      if (problem.kind === "not-found") return dropConsent(consent.id);
      fill(wrong, trouble(problem));
      for (const button of [no, yes]) button.disabled = false;
    }
  }
}

function row({ matter, words, so_far, reason }) {
  const told = TOLD[matter]?.();
  return el(
    "li",
    {},
    words,
    told !== undefined && el("strong", {}, el("bdi", {}, told)),
    so_far !== undefined && el("p", { class: "hint" }, "So far: ", so_far),
    reason !== "" && el("p", { class: "says" }, quote(reason)),
  );
}
