// What the host's problems say to people. The host words them for people and programs alike; where
// its next step is one for programs, the page has its own.

import { sentence } from "../dom.js";

const STEPS = {
  "app-refused": "",
  "insufficient-funds": "Add money, then approve again; the order still waits.",
  "malformed-body": "",
  "no-simulated-bank": "",
  "not-found": "Check the spelling.",
  "not-signed-in": "Load the page again to sign in.",
  "stale-approval": "Read the sheet again.",
  "unknown-command": "Type / to see what there is.",
  "wrong-state": "",
};

/** What is wrong, and the next step, in one or two sentences. */
export function trouble({ kind, message, hint }) {
  const step = STEPS[kind] ?? hint;
  return `${sentence(message)} ${step}`.trim();
}
