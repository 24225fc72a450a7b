// A list of named steps, run in order and counted. A step that throws failed; the rest goes on,
// unless it is one that everything after it needs.

import { AssertionError } from "node:assert";

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
      console.log(String(words).replace(/^/gm, "      "));
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
