// A message that looks different to each viewer: its app is asked for this person's own view, which
// then comes with the stream.

import { act } from "../wire/api.js";

/** What was asked for since the page was opened, by message and revision. */
const asked = new Set();

/** Asks for this person's own view of a message, once. */
export function lookAt(chat, message) {
  const key = `${message.id} ${message.revision}`;
  if (asked.has(key)) return;
  asked.add(key);
  // Whoever has no view of their own sees what everybody sees.
  act(`/v1/chats/${chat}/messages/${message.id}/view`).catch(() => null);
}
