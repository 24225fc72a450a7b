// An amount in a form: how much, of which currency.

import { el, fill } from "../dom.js";
import { code, read } from "../money.js";

/** The two fields side by side, with `money()`: the amount typed, or null. */
export function amountField({ label, value = "", currencies, currency }) {
  const amount = el("input", {
    value,
    inputmode: "decimal",
    size: 8,
    placeholder: "0.00",
    required: true,
    "aria-label": label,
    autocomplete: "off",
  });
  const which = el("select", { "aria-label": "Currency" });
  offer(currencies, currency);
  return {
    nodes: [amount, which],
    money: () => read(amount.value, which.value),
    wrong: () => `That is not an amount of ${code(which.value)}.`,
    offer,
    clear: () => (amount.value = ""),
  };

  /** Offers these currencies, the one that was chosen first if it is still there. */
  function offer(codes, chosen = which.value) {
    const option = (each) => el("option", { value: each, selected: each === chosen }, code(each));
    fill(which, codes.map(option));
  }
}

/**
 * A small form of the wallet. `send` asks the host and returns the words for what happened; it gets
 * the amount that was typed. `failed` words a problem.
 */
export function moneyForm({ amount, fields = [], button, hint, send, failed }) {
  const submit = el("button", { class: "quiet", type: "submit" }, button);
  const outcome = el("p", { class: "hint", role: "status" }, hint);
  const node = el(
    "form",
    { class: "money-form", onsubmit },
    fields,
    el("div", { class: "together" }, amount.nodes, submit),
    outcome,
  );
  return node;

  async function onsubmit(event) {
    event.preventDefault();
    const money = amount.money();
    if (money === null) return void fill(outcome, amount.wrong());
    submit.disabled = true;
    try {
      fill(outcome, await send(money));
    } catch (problem) {
      fill(outcome, failed(problem));
    }
    submit.disabled = false;
  }
}
