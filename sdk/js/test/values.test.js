// What is written for the contract: money, orders, messages, texts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Chat, Denied, Money, card, heading, numberInput, submit, usd } from "souk-sdk";
import { written as message } from "../src/messaging.js";
import { fromUtf8, toUtf8 } from "../src/utf8.js";
import { written as order } from "../src/wallet.js";

const refused = (code) => (error) => error instanceof Denied && error.code === code;

test("amounts are written as their currency is", () => {
  const said = (minor, currency) => String(new Money(minor, currency));
  assert.equal(said(1_250, "USD"), "12.50 USD");
  assert.equal(said(5, "EUR"), "0.05 EUR");
  assert.equal(said(300, "JPY"), "300 JPY");
  assert.equal(said(1_234, "KWD"), "1.234 KWD");
  assert.equal(said(5_000, "GOLD:4"), "0.5000 GOLD:4");
});

test("sums never mix, wrap or go below zero", () => {
  assert.equal(String(usd(250).times(3).minus(usd(50))), "7.00 USD");
  assert.throws(() => usd(1).plus(new Money(1, "JPY")), refused("invalid"));
  assert.throws(() => usd(1).minus(usd(2)), refused("invalid"));
  assert.throws(() => usd(Number.MAX_SAFE_INTEGER).plus(usd(1)), refused("invalid"));
  assert.throws(() => usd(0.5), refused("invalid"));
});

test("every line of an order is counted once and a discount is taken off", () => {
  const items = [
    { label: "Jasmine", quantity: 2, unit: usd(350) },
    { id: "scone-1", label: "Scone", quantity: 1, unit: usd(200) },
  ];
  const lines = [
    { kind: "discount", label: "Happy hour", amount: usd(100) },
    { kind: "tip", label: "Thank you", amount: usd(68) },
  ];
  const asked = order({ key: "evt_1", items, lines });
  assert.deepEqual(asked.total, { minor: 868, currency: "USD" });
  const said = asked.totals.map(({ kind, amount }) => `${kind} ${amount.minor}`);
  assert.deepEqual(said, ["subtotal 900", "discount 100", "tip 68"]);
  assert.deepEqual(asked.items.map(({ id }) => id), [undefined, "scone-1"]);
  assert.deepEqual(order({ key: "evt_1", items }).totals, []);
  assert.throws(() => order({ key: "evt_1", items: [] }), refused("invalid"));
});

test("a card brings its summary as the text", () => {
  const tea = card("Tea, 2.50 USD", [heading("Tea"), numberInput("cups", "How many?")], [
    submit("order", "Order", { tea: "jasmine" }),
  ]);
  const said = message({ says: tea, replyTo: "msg_1" });
  assert.equal(said.text, "Tea, 2.50 USD");
  assert.equal(said.replyTo, "msg_1");
  assert.deepEqual(JSON.parse(said.card), tea);
  const plain = { text: "Hello", replyTo: undefined, perViewer: false };
  assert.deepEqual(message("Hello"), plain);
  assert.deepEqual(message({ says: "Hello", perViewer: true }), { ...plain, perViewer: true });
});

test("texts go to bytes and back", () => {
  for (const text of ["", "tea", "té", "茶 for 2", "🫖 done"]) {
    assert.deepEqual(Buffer.from(toUtf8(text)), Buffer.from(text));
    assert.equal(fromUtf8(toUtf8(text)), text);
  }
  assert.equal(fromUtf8(toUtf8("\ud800")), "\ufffd");
});

test("whoever calls the host without one hears of it", () => {
  assert.throws(() => Chat.current(), /Chat needs a host/);
});
