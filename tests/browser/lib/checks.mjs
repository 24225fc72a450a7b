// A list of named steps, run in order and counted. A step that throws failed; the rest goes on,
// unless it is one that everything after it needs.

import { AssertionError } from "node:assert";

/** What is said of a failure; the browser's own account of it can be very long. */
const LINES_MAX = 16;

export class Checks {
  #passed = 0;
  #failed = 0;

  /** Runs a step and prints how it went. */
  async step(name, run) {
    try {
      await run();
      this.#passed += 1;
      console.log(`ok    ${name}`);
    } catch (error) {
      this.#failed += 1;
      console.log(`FAIL  ${name}`);
      const words = error instanceof AssertionError ? error.message : error.stack;
      const lines = String(words).split("\n").slice(0, LINES_MAX);
      console.log(lines.map((line) => `      ${line}`).join("\n"));
    }
  }

  /** Tells whether everything has passed so far. */
  get fine() {
    return this.#failed === 0;
  }

  /** Prints the last line and returns the exit code. */
  end() {
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed === 0 ? 0 : 1;
  }
}
