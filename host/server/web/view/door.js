// The door: sign in, or join.

import { act } from "../wire/api.js";
import { el, field, fill } from "../dom.js";
import { trouble } from "./trouble.js";

/** Shows the door. `entered` gets the person; a problem met on the way here is shown. */
export function door({ entered, problem = null, handle = "" }) {
  const stage = el("main", { class: "door" });
  document.title = "Souk";
  fill(document.body, stage);
  show(signIn);

  function show(form) {
    fill(stage, brand(), form());
    stage.querySelector("input").focus();
  }

  function signIn() {
    const form = ask({
      title: "Sign in",
      fields: [theirHandle(handle), password("current-password")],
      button: "Sign in",
      other: ["New here?", "Join", () => show(join)],
      send: (values) => act("/v1/sessions", values),
      entered,
    });
    if (problem) form.complain(problem);
    return form.node;
  }

  function join() {
    return ask({
      title: "Join",
      fields: [
        {
          key: "name",
          label: "Your name",
          hint: "What others call you.",
          autocomplete: "name",
          maxlength: 80,
        },
        { ...theirHandle(), hint: "2 to 32 small letters, digits, dots, hyphens, underscores." },
        { ...password("new-password"), hint: "At least 8 characters.", minlength: 8 },
      ],
      button: "Join",
      other: ["Been here before?", "Sign in", () => show(signIn)],
      send: (values) => act("/v1/accounts", values),
      entered,
    }).node;
  }
}

function brand() {
  return el(
    "header",
    { class: "welcome" },
    el("img", { src: "/web/mark.svg", alt: "", width: 56, height: 56 }),
    el("h1", {}, "Souk"),
    el("p", {}, "Talk and shop in the same place."),
  );
}

function theirHandle(value) {
  return {
    key: "handle",
    label: "Handle",
    autocomplete: "username",
    autocapitalize: "none",
    spellcheck: "false",
    maxlength: 32,
    value,
  };
}

function password(autocomplete) {
  return { key: "password", label: "Password", type: "password", autocomplete };
}

function ask({ title, fields, button, other, send, entered }) {
  const wrong = el("p", { class: "trouble", role: "alert" });
  const submit = el("button", { class: "primary", type: "submit" }, button);
  const inputs = fields.map(({ key, label, hint, ...rest }) => {
    return { key, label, hint, input: el("input", { required: true, ...rest }) };
  });
  const [question, word, go] = other;
  const node = el(
    "form",
    { class: "panel", onsubmit },
    el("h2", {}, title),
    inputs.map(({ label, hint, input }) => field(label, input, hint)),
    wrong,
    submit,
    el(
      "p",
      { class: "aside" },
      `${question} `,
      el("button", { class: "link", type: "button", onclick: go }, word),
    ),
  );
  return { node, complain };

  async function onsubmit(event) {
    event.preventDefault();
    fill(wrong);
    submit.disabled = true;
    const typed = ({ key, input }) => [key, key === "password" ? input.value : input.value.trim()];
    const values = Object.fromEntries(inputs.map(typed));
    try {
      entered(await send(values));
    } catch (problem) {
      complain(problem);
      submit.disabled = false;
    }
  }

  function complain(problem) {
    fill(wrong, trouble(problem));
  }
}
