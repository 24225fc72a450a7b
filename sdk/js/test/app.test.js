// An event meets its handler, and what a handler throws reaches the host in the contract's words.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Denied, Failure, miniApp } from "souk-sdk";

/** An event with this cause. */
const event = (tag, val) => ({ id: "evt_1", at: 1_000, locale: "en", cause: { tag, val } });
const typed = (name, startParameter) =>
  event("command", { name, arguments: "large please", startParameter });
const pressed = (data, inputs) =>
  event("action", { message: "msg_1", revision: 2, button: "send", data, inputs });

const poured = event("other", {
  code: "pour",
  subject: "cup_1",
  data: '{"cups":3,"more":[]}',
  text: "Tea was poured.",
});

/** Says what it was called with, by refusing in those words. */
const echo = miniApp({
  command(event, command) {
    const { name, startParameter = "typed" } = command;
    throw Failure.rejected(`${event.id} /${name} ${command.arguments} (${startParameter})`);
  },
  action(event, { message, revision, button, data, inputs }) {
    const pressed = `${button} of ${message}@${revision}`;
    throw Failure.rejected(`${event.at} ${pressed} ${data} ${inputs.cups}`);
  },
  other(event, { code, subject, data, text }) {
    throw Failure.rejected(`${code} of ${subject}: ${data.cups} (${text})`);
  },
});

/** What an app answers: what it throws, or ok. */
function answer(app, event) {
  try {
    app.handle(event);
    return "ok";
  } catch (thrown) {
    return thrown;
  }
}

const throwing = (error) =>
  miniApp({
    command() {
      throw error;
    },
  });

test("every event meets its handler", () => {
  const rejected = (val) => ({ tag: "rejected", val });
  assert.deepEqual(answer(echo, typed("tea")), rejected("evt_1 /tea large please (typed)"));
  const followed = answer(echo, typed("tea", "table-4"));
  assert.deepEqual(followed, rejected("evt_1 /tea large please (table-4)"));
  const sent = pressed('["order",7]', '{"cups":"3"}');
  assert.deepEqual(answer(echo, sent), rejected("1000 send of msg_1@2 order,7 3"));
});

test("what an app does not handle is refused or ignored", () => {
  const quiet = miniApp({
    command(_, command) {
      throw command.unknown();
    },
  });
  assert.equal(answer(quiet, typed("coffee")).val, "There is no /coffee here.");
  assert.equal(answer(quiet, pressed("null", "{}")).val, "This button does nothing.");
  assert.equal(answer(quiet, poured), "ok");
});

test("what a later contract names is told with its code and data", () => {
  assert.equal(answer(echo, poured).val, "pour of cup_1: 3 (Tea was poured.)");
});

test("a denial that is thrown on becomes words for people, or another try", () => {
  const over = (retryAfterMs) =>
    new Denied({ tag: "over-limit", val: { name: "posts", allowed: 16, retryAfterMs } });
  const thrown = (denied) => answer(throwing(denied), typed("tea"));
  assert.deepEqual(thrown(over(null)), {
    tag: "rejected",
    val: "that is over the limit of 16 (posts)",
  });
  assert.deepEqual(thrown(over(1_000)), {
    tag: "retry",
    val: { text: "that is over the limit of 16 (posts)", afterMs: 1_000 },
  });
  assert.deepEqual(thrown(new Denied({ tag: "unavailable" })), {
    tag: "retry",
    val: { text: "that is not possible right now", afterMs: undefined },
  });
  assert.equal(thrown(over(3_600_000)).tag, "rejected");
  const late = new Denied({ tag: "conflict", val: { code: "version", text: "version 3" } });
  assert.deepEqual([late.code, late.state], ["conflict", "version"]);
  assert.equal(thrown(late).val, "that cannot be done now: version 3");
  assert.equal(thrown(new Denied({ tag: "not-found" })).val, "there is no such thing here");
});

test("a mistake in the app is not shown as its words", () => {
  const mistake = new TypeError("cups is undefined");
  assert.equal(answer(throwing(mistake), typed("tea")), mistake);
});

test("an app says how long it wants to wait", () => {
  const failure = Failure.retry("the oven is hot", 60_000);
  assert.equal(failure.message, "the oven is hot");
  assert.deepEqual(answer(throwing(failure), typed("tea")), {
    tag: "retry",
    val: { text: "the oven is hot", afterMs: 60_000 },
  });
});

test("an input that needs another look is pointed at", () => {
  const failure = Failure.invalidInput("cups", "at most nine");
  assert.equal(failure.message, "cups: at most nine");
  assert.deepEqual(answer(throwing(failure), typed("tea")), {
    tag: "invalid-input",
    val: [{ field: "cups", text: "at most nine" }],
  });
});
