// The consent sheet: what an app wants to know, why it says it does, and this person's answer.

import { act } from "../wire/api.js";
import { el, fill, name, quote } from "../dom.js";
import { dropConsent, model, on } from "../model.js";
import { dialog } from "./dialog.js";
import { trouble } from "./trouble.js";

/** What each claim is, and what would be told. Names are OpenID Connect's. */
const CLAIMS = {
  name: { words: "Your name", value: () => model.me.name },
};

/** Opens the sheet of a question. `done(true)` when it was answered, `done(false)` when put off. */
export function consentSheet(consent, done) {
  let answered = false;
  const wrong = el("p", { class: "trouble", role: "alert" });
  const key = crypto.randomUUID();
  const no = el(
    "button",
    { class: "quiet", type: "button", onclick: () => answer(false) },
    "Don’t share",
  );
  const yes = el(
    "button",
    { class: "primary", type: "button", onclick: () => answer(true) },
    "Share",
  );
  const { close } = dialog({
    label: [name(consent.app_name), " wants to know"],
    kind: "consent",
    from: "Your data",
    closeWord: "Not now",
    content: [
      el("ul", { class: "claims" }, consent.claims.map(claim)),
      consent.reason !== "" &&
        el("p", { class: "says" }, name(consent.app_name), " says ", quote(consent.reason)),
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

  async function answer(share) {
    for (const button of [no, yes]) button.disabled = true;
    try {
      await act(`/v1/consents/${consent.id}`, { share }, { key: `${key}-${share}` });
      dropConsent(consent.id);
    } catch (problem) {
      // Somebody answered in another window.
      if (problem.kind === "not-found") return dropConsent(consent.id);
      fill(wrong, trouble(problem));
      for (const button of [no, yes]) button.disabled = false;
    }
  }
}

function claim(asked) {
  const known = CLAIMS[asked];
  return el(
    "li",
    {},
    known?.words ?? asked,
    known && el("strong", {}, el("bdi", {}, known.value())),
  );
}
