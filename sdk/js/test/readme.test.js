// The app that README.md opens with is one.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const file = (/** @type {string} */ path) => new URL(path, import.meta.url);

test("the app of the README shows its menu", async () => {
  const [, app] = readFileSync(file("../README.md"), "utf8").match(/```js\n(.*?)```/s);
  const here = app.replace('"souk-sdk"', JSON.stringify(file("../src/index.js")));
  const { handler } = await import(`data:text/javascript,${encodeURIComponent(here)}`);
  const cause = { tag: "command", val: { name: "tea", arguments: "" } };
  const tea = () => handler.handle({ id: "evt_1", at: 1_000, locale: "en", cause });
  assert.throws(tea, /Chat needs a host/);
});
