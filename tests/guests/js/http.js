// Proves `http` in JavaScript: the commands are those of examples/http.rs.

import { Failure, http, miniApp } from "souk-sdk";
import { Report, words } from "./report.js";

export const handler = miniApp({
  command(event, command) {
    const report = new Report();
    const [one, two, three] = words(command);
    switch (command.name) {
      case "get":
        report.note("reader.get", () => read(one));
        break;
      case "many":
        for (let count = 0; count < Number(two); count += 1) {
          report.note("reader.get", () => read(`${one}?${count}`));
        }
        break;
      case "fail":
        report.check("outbox.send", () => send(one, two, ""));
        throw Failure.rejected("changed my mind");
      case "send":
        report.check("outbox.send", () => send(one, two, three));
        break;
      case "flood":
        for (let count = 0; count < Number(two); count += 1) {
          report.check("outbox.send", () => send("POST", one, ""));
        }
        break;
      case "big":
        report.check("outbox.send", () => send("POST", one, new Uint8Array(Number(two))));
        break;
      default:
        throw command.unknown();
    }
    report.tell();
  },

  response(event, { response, silence }) {
    const report = new Report();
    if (response) {
      const text = response.text();
      report.say("response", `${response.status} ${text}`);
      if (text.startsWith("more ")) {
        report.check("outbox.send", () => send("POST", text.slice("more ".length), ""));
      }
    } else report.say("response", `none: ${silence.code}`);
    report.tell();
  },
});

function read(url) {
  const response = http.get(url);
  return `${response.status} ${response.text()}`;
}

function send(method, url, body) {
  return http.send(method, url, { headers: { accept: "text/plain" }, body });
}
