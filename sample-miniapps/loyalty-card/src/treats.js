// What a full card is good for: a round of tea, numbered in each chat.

import { Bucket, Chat } from "souk-sdk";

const TREATS = "treats";

/**
 * A card is full: say so, as an answer to it.
 * @param {string} message
 */
export function treat(message) {
  const number = Bucket.chat().next(TREATS);
  Bucket.chat().add(TREATS, 1);
  const says = `The card is full: treat ${number} is on the house for all of you.`;
  Chat.current().post({ says, replyTo: message });
}

/** Posts how many cards this chat has filled. */
export function tell() {
  Chat.current().post(sentence(Bucket.chat().count(TREATS)));
}

/** @param {number} count */
export function sentence(count) {
  if (count === 0) return "No card is full yet. /stamps shows the one you are at.";
  return count === 1 ? "This chat has filled 1 card." : `This chat has filled ${count} cards.`;
}
