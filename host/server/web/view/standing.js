// What the host says of an account that is frozen or closed: what that means, what still works, and
// whom to ask.

import { el } from "../dom.js";
import { code } from "../money.js";

const WORDS = {
  frozen: {
    is: "is frozen",
    means:
      "Money still comes in, and what is set aside already goes where it was meant to. Nothing " +
      "else goes out: no payment, nothing to others, no withdrawal.",
    ask: "Only the operator of this host can let it go again. Ask whoever runs",
  },
  closed: {
    is: "is closed",
    means:
      "It is empty, and nothing moves on it any more. Its statement and its receipts stay yours.",
    ask: "It cannot be opened again. If that surprises you, ask whoever runs",
  },
};

/** Tells whether everything may happen on the account of a balance. */
export function isOpen({ standing }) {
  return standing === "open";
}

/** Tells whether money still comes into the account of a balance. */
export function takesMoney({ standing }) {
  return standing !== "closed";
}

/** Says it of each account that is not open. `called` names one, as a sentence begins. */
export function standings(balances, called = (currency) => [`Your ${currency} account`]) {
  return balances.filter((balance) => !isOpen(balance)).map(notice);

  function notice({ available: { currency }, standing }) {
    const { is, means, ask } = WORDS[standing];
    return el(
      "div",
      { class: "standing", role: "status" },
      el("p", {}, el("strong", {}, called(code(currency)), ` ${is}.`)),
      el("p", {}, means),
      el("p", { class: "hint" }, `${ask} `, el("code", {}, location.host), "."),
    );
  }
}
