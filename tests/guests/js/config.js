// Proves `config` in JavaScript: the commands are those of examples/config.rs that print nothing.

import { Failure, config, miniApp } from "souk-sdk";
import { Report, words } from "./report.js";

export const handler = miniApp({
  command(event, command) {
    const report = new Report();
    const [name] = words(command);
    switch (command.name) {
      case "get":
        report.note("values.get", () => config.get(name) ?? "nothing");
        break;
      case "open": {
        const secret = report.check("secret.open", () => config.Secret.open(name));
        if (secret) report.say("secret.reveal", `${secret.reveal().length} bytes`);
        break;
      }
      case "reject":
        throw Failure.rejected(`${config.Secret.open(name).reveal()} was refused`);
      default:
        throw command.unknown();
    }
    report.tell();
  },
});
