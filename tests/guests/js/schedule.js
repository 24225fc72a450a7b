// Proves `schedule` in JavaScript: the commands are those of examples/schedule.rs.

import { Bucket, Chat, User, miniApp, schedule } from "souk-sdk";
import { Report, words } from "./report.js";

export const handler = miniApp({
  command(event, command) {
    const report = new Report();
    const [scope, name, number] = words(command);
    const timers = of(scope);
    const at = (seconds) => event.at + seconds * 1_000;
    switch (command.name) {
      case "in":
        report.check("timers.set", () => timers.set(name, at(Number(number)), scope));
        break;
      case "off":
        report.check("timers.cancel", () => timers.cancel(name));
        break;
      case "all": {
        const names = () => timers.list().map((pending) => pending.name);
        report.note("timers.list", () => names().join(" "));
        break;
      }
      case "many":
        for (let count = 0; count < Number(name); count += 1) {
          report.check("timers.set", () => timers.set(`t${count}`, at(60), ""));
        }
        for (const left of schedule.allowances()) {
          report.say("allowance", `${left.name} ${left.remaining}`);
        }
        break;
      case "big": {
        // The JSON of a text is two quotes longer than the text.
        const payload = "x".repeat(Number(name) - 2);
        report.check("timers.set", () => timers.set("big", at(60), payload));
        break;
      }
      case "count":
        report.note("count", () => Bucket.app().count("off"));
        break;
      default:
        throw command.unknown();
    }
    report.tell();
  },

  timer(event, timer) {
    const report = new Report();
    Bucket.app().add("off", 1);
    report.say("timer", timer.name);
    report.say("scope", timer.scope);
    report.say("late", `${(event.at - timer.due) / 1_000}s`);
    report.check("user.current", () => User.current());
    if (timer.payload === "chat") {
      report.tell();
      return;
    }
    report.check("chat.current", () => Chat.current());
  },
});

function of(scope) {
  return scope === "app" ? schedule.inApp() : schedule.inChat();
}
