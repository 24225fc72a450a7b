// What the guest programs share: a report of what the host answered, line by line, as the programs
// in Rust give it.
//
// The report is posted; where posting is denied it is the text of the failure. Nothing is printed:
// this engine has no console.

import { Chat, Denied, Failure } from "souk-sdk";

/** What the host answered to each call. */
export class Report {
  #lines = [];

  /** Notes something that cannot be denied. */
  say(call, answer) {
    this.#lines.push(`${call}: ${answer}`);
  }

  /** Notes an answer. */
  note(call, ask) {
    this.#answer(call, ask, (answer) => this.say(call, answer));
  }

  /** Notes whether a call went well, and gives on what it returned. */
  check(call, ask) {
    return this.#answer(call, ask, (answer) => {
      this.say(call, "ok");
      return answer;
    });
  }

  #answer(call, ask, then) {
    let answer;
    try {
      answer = ask();
    } catch (error) {
      if (!(error instanceof Denied)) throw error;
      this.say(call, `denied ${error.code} ${error.message}`);
      return undefined;
    }
    return then(answer);
  }

  /** Posts the report; where that is denied, fails with it. */
  tell() {
    const text = this.#lines.join("\n");
    try {
      Chat.current().post(text);
    } catch (error) {
      throw error instanceof Denied ? Failure.rejected(text) : error;
    }
  }
}

/** The words of a command's arguments; an absent one is empty. */
export function words(command) {
  const [first = "", second = "", third = ""] = command.arguments.split(/\s+/);
  return [first, second, third];
}
