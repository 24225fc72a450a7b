// A loyalty card for a whole chat: everybody's stamps are on one card, which belongs to nobody.
//
// This file is the map: what people type and what they press.

import { miniApp } from "souk-sdk";
import { show, stamp } from "./counter.js";
import { tell } from "./treats.js";

export const handler = miniApp({
  command(event, command) {
    switch (command.name) {
      case "stamps":
        return show();
      case "treats":
        return tell();
      default:
        throw command.unknown();
    }
  },

  action(event, action) {
    return stamp(action.message);
  },
});
