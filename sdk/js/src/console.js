// The console. The engine has none; what is printed here stands in the app's log, line by line.

import * as told from "souk:runtime/log@0.1.0";

/**
 * A value as it is printed: text as it is, errors with their stack, the rest as JSON.
 *
 * @param {unknown} value
 * @returns {string}
 */
function shown(value) {
  if (typeof value === "string") return value;
  if (value instanceof Error) return value.stack ? `${value}\n${value.stack}` : String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

/** @param {unknown[]} values */
function log(...values) {
  for (const line of values.map(shown).join(" ").trimEnd().split("\n")) told.print(line);
}

// In Node there is one, and tests want to see what it says.
if (!("console" in globalThis)) {
  const console = { debug: log, error: log, info: log, log, trace: log, warn: log };
  Object.assign(globalThis, { console });
}
