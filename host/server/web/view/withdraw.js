// Taking money out: from the wallet, or, for a merchant, from settled takings.

import { act } from "../wire/api.js";
import { el, field } from "../dom.js";
import { isAsset, write } from "../money.js";
import { amountField, moneyForm } from "./amount.js";
import { trouble } from "./trouble.js";

/** How much, and where to. What is taken out says which way it goes. */
export function withdrawForm({ currencies, currency, path = "/v1/wallet/withdrawals" }) {
  const to = el("input", { required: true, autocomplete: "off", maxlength: 140 });
  const amount = amountField({ label: "Amount to take out", currencies, currency });
  const node = moneyForm({
    amount,
    fields: [field("Where to", to, "An account at the bank, or an address on the chain")],
    button: "Take out",
    hint: "It is set aside at once, and can be kept here until it is sent.",
    send,
    failed: trouble,
  });
  return { node, offer: amount.offer };

  async function send(money) {
    const rail = isAsset(money.currency) ? "chain" : "bank";
    await act(path, { rail, amount: money, to: to.value.trim() });
    amount.clear();
    return `${write(money)} are on their way out.`;
  }
}
