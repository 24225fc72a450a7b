// The smallest useful mini-app in JavaScript, and what it costs: the commands are those of
// examples/echo.rs.

import { Bucket, Chat, card, miniApp, submit } from "souk-sdk";

export const handler = miniApp({
  command(event, command) {
    switch (command.name) {
      case "open":
        Chat.current().post(card("Echo", [], [submit("echo", "Echo", command.arguments)]));
        break;
      case "idle":
        break;
      default:
        echo(command.arguments);
    }
  },

  action(event, action) {
    echo(action.data);
  },
});

function echo(words) {
  const mine = Bucket.user();
  const again = mine.get("last") === words ? " again" : "";
  mine.put("last", words);
  Chat.current().post(`${words}${again}`);
}
