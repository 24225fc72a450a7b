// Adding money from the simulated bank, where the operator has turned it on.

import { act } from "../wire/api.js";
import { model, tell } from "../model.js";
import { currencies, write } from "../money.js";
import { amountField, moneyForm } from "./amount.js";
import { say } from "./live.js";
import { trouble } from "./trouble.js";

/** A small form: how much, of which currency. The balance is told by the stream. */
export function depositForm({ currency = "USD" } = {}) {
  const amount = amountField({
    label: "Amount to add",
    value: "20.00",
    currencies: currencies().filter((code) => !code.includes(":")),
    currency,
  });
  const node = moneyForm({
    amount,
    button: "Add money",
    hint: "From the simulated bank of this host.",
    send,
    failed,
  });
  return node;

  async function send(money) {
    const arrival = await act("/v1/wallet/deposits", { amount: money });
    const words =
      arrival.state === "posted"
        ? `Added ${write(money)}.`
        : `${write(money)} are on their way as ${arrival.reference}.`;
    say(words);
    return words;
  }

  /** The host has no such bank: nothing offers it any more. */
  function failed(problem) {
    if (problem.kind === "no-simulated-bank") {
      model.rails = { ...model.rails, bank: undefined };
      for (const part of node.querySelectorAll("input, select, button")) part.hidden = true;
      tell("balances");
    }
    return trouble(problem);
  }
}
