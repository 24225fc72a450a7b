// Proves `messaging` in JavaScript: the commands are those of examples/messaging.rs.

import { Chat, card, link, miniApp, numberInput, submit, textInput } from "souk-sdk";
import { Report, words } from "./report.js";

export const handler = miniApp({
  command(event, command) {
    const report = new Report();
    const chat = report.check("chat.current", () => Chat.current());
    if (!chat) return report.tell();
    const [argument] = words(command);
    switch (command.name) {
      case "all":
        all(report, chat);
        break;
      case "card":
        report.note("chat.post", () => chat.post(form()));
        break;
      case "bad-card": {
        const bad = card("bad", [], [link("Free tea", "javascript:alert(1)")]);
        report.note("chat.post", () => chat.post(bad));
        break;
      }
      case "many":
        many(report, chat, Number(argument));
        break;
      case "start":
        report.say("arguments", command.arguments);
        report.say("start", command.startParameter ?? "none");
        break;
      case "stumble":
        chat.post("never read");
        throw new TypeError("the tray slipped");
      case "edit":
        report.check("chat.edit", () => chat.edit(argument, "edited"));
        break;
      case "delete":
        report.check("chat.delete", () => chat.delete(argument));
        break;
      case "reply":
        report.note("chat.post", () => chat.post({ says: "a reply", replyTo: argument }));
        break;
      default:
        throw command.unknown();
    }
    return report.tell();
  },

  action(event, action) {
    const report = new Report();
    report.say("message", action.message);
    report.say("revision", action.revision);
    report.say("button", action.button);
    report.say("data", action.data);
    report.say("number", action.inputs.number);
    report.say("note", action.inputs.note || "none");
    report.tell();
  },
});

function form() {
  const number = numberInput("number", "How many?", { min: 1, max: 9, value: 1 });
  const note = textInput("note", "Anything else?", { isRequired: false });
  return card("A card", [number, note], [submit("send", "Send", "from the card")]);
}

function all(report, chat) {
  report.say("chat.id", chat.id);
  report.say("chat.is-group", chat.isGroup);
  const message = report.check("chat.post", () => chat.post("first"));
  if (!message) return;
  report.check("chat.edit", () => chat.edit(message, "first, edited"));
  report.note("reply", () => chat.post({ says: "a reply", replyTo: message }));
  report.note("card", () => chat.post(form()));
  const gone = report.check("chat.post", () => chat.post("gone"));
  if (gone) report.check("chat.delete", () => chat.delete(gone));
  const nobodys = "msg_00000000000000000000000000";
  report.check("edit of nobody's", () => chat.edit(nobodys, "mine now"));
  // Ids stand apart, so that tests can leave them out.
  report.note("chat.link", () => chat.link("table-4").replaceAll("/", " "));
  report.check("link, quoted", () => chat.link("table 4"));
  report.check("link, long", () => chat.link("x".repeat(65)));
  for (const { name, remaining } of chat.allowances()) {
    report.say("allowance", `${name} ${remaining}`);
  }
}

function many(report, chat, number) {
  for (let count = 1; count <= number; count += 1) {
    const posted = report.check(`post ${count}`, () => chat.post(String(count)));
    if (!posted) return;
  }
}
