// Proves what an app may say to one person, say later and hear, and whom it knows, in JavaScript:
// the commands are those of examples/social.rs.

import { Chat, User, Wallet, miniApp } from "souk-sdk";
import { Report, words } from "./report.js";

export const handler = miniApp({
  command(event, command) {
    const report = new Report();
    const [first, second, third] = words(command);
    switch (command.name) {
      case "whisper":
        whisper(report, () => Chat.current(), first);
        break;
      case "ask":
        report.note("chat.post", () =>
          Chat.current().post({ says: "For everybody", perViewer: true }),
        );
        break;
      case "show":
        report.check("chat.show-to", () => Chat.current().showTo(first, second, third));
        break;
      case "token":
        token(report);
        break;
      case "push":
        push(report, first, Number(second));
        break;
      case "whisper-later":
        whisper(report, () => Chat.fromToken(first), second);
        break;
      case "who":
        who(report);
        break;
      case "launch":
        report.note("user.launch-token", () => User.current().launchToken(first));
        break;
      default:
        throw command.unknown();
    }
    report.tell();
  },

  message(event, heard) {
    const report = new Report();
    report.say("heard", heard.text);
    report.say("answers", heard.replyTo !== undefined);
    quiet(report);
    Chat.current().post({ says: "I heard that", replyTo: heard.message });
    report.tell();
  },

  view(event, message) {
    const report = new Report();
    const { id } = User.current();
    report.check("chat.show-to", () => Chat.current().showTo(message, id, `For ${id}`));
    report.check("wallet.mine", () => Wallet.mine());
    quiet(report);
    report.tell();
  },
});

/** What only a person's command or press gives. */
function quiet(report) {
  token(report);
  report.note("user.launch-token", () => User.current().launchToken(""));
}

function whisper(report, find, to) {
  const chat = report.check("chat", find);
  if (!chat) return;
  const named = to === "me" ? User.current().id : to;
  report.note("chat.whisper", () => chat.whisper(named, "Between us"));
}

function token(report) {
  report.note("chat.push-token", () => Chat.current().pushToken());
}

function push(report, given, number) {
  const chat = report.check("chat.from-token", () => Chat.fromToken(given));
  if (!chat) return;
  for (let count = 1; count <= number; count += 1) {
    report.check(`post ${count}`, () => chat.post(`later ${count}`));
  }
  report.check("chat.push-token", () => chat.pushToken());
  for (const { name, remaining } of chat.allowances()) {
    report.say("allowance", `${name} ${remaining}`);
  }
}

function who(report) {
  const user = report.check("user.current", () => User.current());
  if (!user) return;
  report.say("user.id", user.id);
  report.note("user.merchant-scoped-id", () => user.merchantScopedId());
}
