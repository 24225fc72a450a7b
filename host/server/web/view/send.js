// Sending money to another person, who has a day to accept it.

import { act } from "../wire/api.js";
import { el, field } from "../dom.js";
import { held } from "../model.js";
import { write } from "../money.js";
import { amountField, moneyForm } from "./amount.js";
import { trouble } from "./trouble.js";

/** To whom, how much, and a word with it. */
export function sendForm({ currency }) {
  const to = el("input", { required: true, autocomplete: "off", autocapitalize: "none" });
  const note = el("input", { autocomplete: "off", maxlength: 200 });
  const amount = amountField({ label: "Amount to send", currencies: held(), currency });
  const node = moneyForm({
    amount,
    fields: [field("To", to, "Their handle"), field("A word with it", note)],
    button: "Send",
    hint: "They have a day to accept; until then you can take it back.",
    send,
    failed: trouble,
  });
  return { node, draw: () => amount.offer(held()) };

  async function send(money) {
    const handle = to.value.trim().replace(/^@/, "");
    await act("/v1/wallet/transfers", { to: handle, amount: money, note: note.value });
    amount.clear();
    return `${write(money)} wait for @${handle} to accept.`;
  }
}
