// Proves the console of an app in JavaScript: whatever is printed is a line of its log.
//
// | command | does |
// |---|---|
// | `print` | prints in every way there is |
// | `flood` | prints more than a run may |

import { miniApp } from "souk-sdk";

export const handler = miniApp({
  command(_, command) {
    if (command.name === "flood") {
      for (let line = 0; line < 5_000; line += 1) console.log("x".repeat(100));
      return;
    }
    console.log("cups:", 3, { size: "large" }, [undefined, null]);
    console.error(new Error("spilt").message);
    console.warn("two\nlines");
  },
});
