// The card's own logic, without a host.

import assert from "node:assert/strict";
import { test } from "node:test";
import { drawn, isFull, NEW, PLACES, stamped } from "../src/stamps.js";
import { sentence } from "../src/treats.js";

/** A card after these people stamped it. */
const after = (...people) => people.reduce(stamped, NEW);

/** All that a card says, in one text. */
const said = (stamps) => JSON.stringify(drawn(stamps));

test("a card shows its stamps and what is missing", () => {
  assert.match(said(NEW), /○○○○○/);
  assert.match(said(NEW), /5 stamps to go/);
  assert.match(said(after("ana", "ben")), /●●○○○/);
  assert.match(said(after("ana", "ben", "ana", "ben")), /One stamp to go/);
});

test("a full card cannot be pressed", () => {
  const full = after("ana", "ben", "ana", "ben", "ana");
  assert.equal(full.count, PLACES);
  assert.ok(isFull(full) && !isFull(after("ana")));
  assert.equal(drawn(full).actions, undefined);
  assert.equal(drawn(NEW).actions.length, 1);
});

test("who stamped last is on the card, and nowhere people see it", () => {
  assert.equal(after("ana", "ben").last, "ben");
  assert.doesNotMatch(said(after("ana", "ben")), /ana|ben/);
});

test("treats are told as one says it", () => {
  assert.match(sentence(0), /No card is full yet/);
  assert.equal(sentence(1), "This chat has filled 1 card.");
  assert.equal(sentence(3), "This chat has filled 3 cards.");
});
