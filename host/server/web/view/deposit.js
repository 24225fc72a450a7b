// Adding money from the simulated bank, where the operator has turned it on.

import { act } from "../wire/api.js";
import { el, fill } from "../dom.js";
import { model, tell } from "../model.js";
import { currencies, read, write } from "../money.js";
import { say } from "./live.js";
import { trouble } from "./trouble.js";

/** A small form: how much, of which currency. The balance is told by the stream. */
export function depositForm({ currency = "USD" } = {}) {
  const amount = el("input", {
    value: "20.00",
    inputmode: "decimal",
    size: 8,
    required: true,
    "aria-label": "Amount to add",
    autocomplete: "off",
  });
  const which = el(
    "select",
    { "aria-label": "Currency" },
    currencies().map((code) => el("option", { selected: code === currency }, code)),
  );
  const submit = el("button", { class: "quiet", type: "submit" }, "Add money");
  const outcome = el(
    "p",
    { class: "hint", role: "status" },
    "From the simulated bank of this host.",
  );
  const node = el(
    "form",
    { class: "deposit", onsubmit },
    el("div", { class: "together" }, amount, which, submit),
    outcome,
  );
  return node;

  async function onsubmit(event) {
    event.preventDefault();
    const money = read(amount.value, which.value);
    if (money === null) return void fill(outcome, `That is not an amount of ${which.value}.`);
    submit.disabled = true;
    try {
      await act("/v1/wallet/deposits", { amount: money });
      fill(outcome, `Added ${write(money)}.`);
      say(`Added ${write(money)}.`);
    } catch (problem) {
      fill(outcome, trouble(problem));
      if (problem.kind === "no-simulated-bank") off();
    }
    submit.disabled = false;
  }

  /** The host has no such bank: nothing offers it any more. */
  function off() {
    model.bank = false;
    for (const part of [amount, which, submit]) part.hidden = true;
    tell("balances");
  }
}
