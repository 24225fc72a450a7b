// The counter where stamps are given. What is kept here is the chat's: whoever presses, it is the
// same card, and two who press at once stamp one after the other.

import { Bucket, Chat, Failure, User } from "souk-sdk";
import { drawn, isFull, NEW, stamped } from "./stamps.js";
import { treat } from "./treats.js";

const CARD = "card";

/** Posts the chat's card, or a new one. */
export function show() {
  const bucket = Bucket.chat();
  Chat.current().post(drawn(bucket.get(CARD) ?? NEW));
}

/**
 * Stamps the card for whoever pressed, on the message they pressed.
 * @param {string} message
 */
export function stamp(message) {
  const bucket = Bucket.chat();
  const before = bucket.get(CARD) ?? NEW;
  const me = User.current().id;
  if (before.last === me) {
    throw Failure.rejected("The last stamp is yours. Now somebody else: it is a card for company.");
  }
  const after = stamped(before, me);
  Chat.current().edit(message, drawn(after));
  if (isFull(after)) {
    bucket.delete(CARD);
    treat(message);
  } else {
    bucket.put(CARD, after);
  }
}
