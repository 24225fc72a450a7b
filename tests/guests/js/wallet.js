// Proves `wallet` in JavaScript: the commands are those of examples/wallet.rs.

import { Denied, Failure, Order, User, Wallet, miniApp, usd } from "souk-sdk";
import { Wallet as RawWallet } from "souk:wallet/payments@0.1.0";
import { Report, words } from "./report.js";

export const handler = miniApp({
  command(event, command) {
    const report = new Report();
    run(event, command.name, words(command), report);
    report.tell();
  },

  order(event, order) {
    const report = new Report();
    report.note("the payer's event", () => User.current().id === order.payerId);
    show(report, () => order);
    report.tell();
  },

  lastLook(event, order) {
    const report = new Report();
    const tea = { label: "Tea", quantity: 1, unit: usd(100) };
    report.check("wallet.request", () => Order.ask({ key: "more", items: [tea] }));
    switch (order.key) {
      case "gone":
        report.check("order.refuse", () => order.refuse("Sold out"));
        break;
      case "never":
        throw Failure.rejected("Not today");
      case "later":
        throw Failure.retry("Not yet");
    }
    show(report, () => order);
    report.tell();
  },

  view() {
    const report = new Report();
    report.check("order.void", () => Order.byKey("waits").void("Looked at"));
    report.check("order.capture", () => Order.byKey("held").capture(usd(900)));
    report.check("order.refund", () => Order.byKey("paid").refund("a", usd(250), "Looked at"));
    report.tell();
  },
});

function run(event, name, [first, second, third], report) {
  const cents = (word) => usd(Number(word));
  const item = (label, amount) => ({ key: first, items: [{ label, quantity: 1, unit: amount }] });
  const change = (call, change) => {
    report.check(call, () => change(Order.find(first)));
    show(report, () => Order.find(first));
  };
  switch (name) {
    case "ask":
      return show(report, () => Order.ask(item("Tea", cents(second))));
    case "rich":
      return show(report, () => Order.ask(rich(first)));
    case "soon": {
      const expires = event.at + Number(second);
      return show(report, () => Order.ask({ ...item("Tea", usd(100)), expires }));
    }
    case "wrong":
      return report.check("wallet.request", () => pastTheSdk(first, "USD", 101));
    case "mixed":
      return report.check("wallet.request", () => pastTheSdk(first, "EUR", 100));
    case "unknown":
      return report.check("wallet.request", () => pastTheSdk(first, "USD", 100, "surcharge"));
    case "find":
      return show(report, () => Order.find(first));
    case "by-key":
      return show(report, () => Order.byKey(first));
    case "void":
      return change("order.void", (order) => order.void("Sold out"));
    case "refund":
      return change("order.refund", (order) => order.refund(second, cents(third), "Cold"));
    case "hold": {
      const roses = item("Roses", cents(second));
      return show(report, () => Order.ask({ ...roses, authorizeOnly: true }));
    }
    case "capture":
      return change("order.capture", (order) => order.capture(cents(second)));
    case "watch": {
      const tulips = item("Tulips", cents(second));
      return show(report, () => Order.ask({ ...tulips, lastLook: true }));
    }
    case "refuse":
      return report.check("order.refuse", () => Order.find(first).refuse("Sold out"));
    case "pay-out": {
      const pay = () => Wallet.mine().payOut(first, second, cents(third), "A prize");
      return report.note("wallet.pay-out", pay);
    }
    case "statement":
      return statement(report, first);
    case "purse":
      return purse(report, first);
    default:
      throw Denied.invalid(`there is no ${name}`);
  }
}

function show(report, ask) {
  const order = report.check("order", ask);
  if (!order) return;
  report.say("order.id", order.id);
  report.say("order.key", order.key);
  report.say("order.state", order.state);
  report.say("order.revision", order.revision);
  report.say("order.payer-id", order.payerId ?? "");
  report.say("order.total", order.total);
  report.say("order.captured", order.captured);
  report.say("order.refunded", order.refunded);
  report.say("order.fee", order.fee);
  report.say("order.expires", order.expires ?? "never");
}

function rich(key) {
  return {
    key,
    items: [
      { label: "Jasmine", quantity: 2, unit: usd(350) },
      { id: "scone-1", label: "Scone", quantity: 1, unit: usd(200) },
    ],
    lines: [
      { kind: "discount", label: "Happy hour", amount: usd(100) },
      { kind: "fulfillment", label: "To your table", amount: usd(50) },
      { kind: "tax", label: "VAT", amount: usd(72) },
      { kind: "fee", label: "Cup", amount: usd(10) },
      { kind: "tip", label: "Thank you", amount: usd(68) },
    ],
    memo: "By the window",
  };
}

/** One item of 1.00 USD, and a total the SDK would never write. */
function pastTheSdk(key, currency, minor, kind = "subtotal") {
  const request = {
    key,
    items: [{ label: "Tea", quantity: 1, unit: { minor: 100, currency: "USD" } }],
    totals: [{ kind, label: "Tea", amount: { minor: 100, currency: "USD" } }],
    total: { minor, currency },
    memo: "",
    authorizeOnly: false,
    lastLook: false,
  };
  try {
    RawWallet.mine().request(request);
  } catch (error) {
    throw error.payload ? new Denied(error.payload) : error;
  }
}

function statement(report, currency) {
  const lines = report.check("wallet.statement", () =>
    Wallet.mine().statement(currency, undefined, 10),
  );
  for (const { place, incoming, amount, kind, other = "-", note = "-" } of lines ?? []) {
    report.say("line", `${place} ${incoming ? "+" : "-"}${amount} ${kind} ${other} ${note}`);
  }
}

function purse(report, currency) {
  const wallet = report.check("wallet.mine", () => Wallet.mine());
  if (!wallet) return;
  report.note("wallet.balance", () => wallet.balance(currency));
  report.note("wallet.currency-scale", () => wallet.currencyScale(currency));
  for (const { name, allowed, remaining, resets } of wallet.allowances()) {
    const when = resets == null ? "once" : "for now";
    report.say("allowance", `${name} ${remaining} of ${allowed}, ${when}`);
  }
}
