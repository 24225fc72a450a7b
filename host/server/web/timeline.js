// One chat's past and present, in order: messages, and what only this person is told between them.
//
// The history is read page by page from the newest back; the stream adds at the end and replaces
// what changed. Both may tell of the same message: the higher revision stands, and of one revision
// the later of this person's own views.

import { get, now } from "./wire/api.js";

const PAGE = 50;

export class Timeline {
  /** Entries of the kinds message, order and notice, oldest first. */
  entries = [];
  /** Whether the newest page has been read. */
  loaded = false;
  /** The cursor of the page before the oldest entry; null when there is none. */
  before = null;
  #loading = null;

  constructor(chat) {
    this.chat = chat;
  }

  /** Forgets the messages: the stream began afresh, so some may have been missed. */
  reset() {
    this.entries = this.entries.filter((entry) => !entry.message);
    this.loaded = false;
    this.before = null;
  }

  /** Reads the newest page. */
  load() {
    this.#loading ??= this.#read("").finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  /** Reads the page before the oldest message. */
  async earlier() {
    if (this.before !== null) await this.#read(`&cursor=${encodeURIComponent(this.before)}`);
  }

  /** Takes in a message as it is now. Says whether it is a new one. */
  message(message) {
    const known = this.entries.find((entry) => entry.message?.id === message.id);
    if (known) {
      if (!isOlder(message, known.message)) known.message = message;
      return false;
    }
    const oldest = this.entries.find((entry) => entry.message);
    // An edit of something further back than what was read: it will come with its page.
    if (this.before !== null && oldest && message.at < oldest.at) return false;
    this.#place({ key: message.id, at: message.at, message });
    return true;
  }

  /** Takes in an order; it stays where it was first heard of. */
  order(order) {
    const known = this.entries.find((entry) => entry.order?.id === order.id);
    if (known) known.order = order;
    else this.#append({ key: order.id, order });
  }

  /** A word of the host's to this person. */
  notice(words) {
    this.#append({ key: `notice-${crypto.randomUUID()}`, notice: words });
  }

  async #read(cursor) {
    const page = await get(`/v1/chats/${this.chat}/messages?limit=${PAGE}${cursor}`);
    const first = !this.loaded;
    if (first || cursor) this.before = page.next ?? null;
    this.loaded = true;
    for (const message of page.items.reverse()) this.#merge(message);
  }

  #merge(message) {
    const known = this.entries.find((entry) => entry.message?.id === message.id);
    if (!known) this.#place({ key: message.id, at: message.at, message });
    else if (!isOlder(message, known.message)) known.message = message;
  }

  #append(entry) {
    const last = this.entries.at(-1);
    this.entries.push({ ...entry, at: Math.max(last?.at ?? 0, now()) });
  }

  /** Keeps the order of time; what is of one moment stays as it came. */
  #place(entry) {
    let place = this.entries.length;
    while (place > 0 && this.entries[place - 1].at > entry.at) place -= 1;
    this.entries.splice(place, 0, entry);
  }
}

/** Whether a message is as it was before another time it was told. */
function isOlder(message, known) {
  const views = (message.view ?? 0) - (known.view ?? 0);
  return (message.revision - known.revision || views) < 0;
}
