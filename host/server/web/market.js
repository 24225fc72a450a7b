// The page once somebody is signed in: what is on it, and what the stream's news change.

import { act, items } from "./wire/api.js";
import { Stream } from "./wire/stream.js";
import {
  dropConsent,
  loadApps,
  loadChats,
  loadRails,
  model,
  setBalances,
  setConsent,
  setOrder,
  tell,
  timeline,
} from "./model.js";
import { frame } from "./view/frame.js";
import { asks } from "./view/asks.js";
import { ended } from "./view/ended.js";
import { say } from "./view/live.js";

/** After so long, what could not be loaded is tried again. */
const AGAIN_MS = 3000;

/** Builds the page and begins to listen. */
export function market(person, { left }) {
  model.me = person;
  const stream = new Stream({ news, fresh, connected, signedOut: left });
  frame({ signOut: () => signOut(stream, left) });
  asks();
  stream.start();

  /** The stream is on, and knows nothing of before: load what is shown. */
  async function fresh() {
    try {
      await load();
    } catch (problem) {
      if (problem.status === 401) left();
      else setTimeout(fresh, AGAIN_MS);
    }
  }
}

async function signOut(stream, left) {
  stream.stop();
  await act("/v1/sessions/current", undefined, { method: "DELETE" }).catch(() => null);
  left();
}

function connected(yes) {
  model.connected = yes;
  tell("connected");
}

async function load() {
  const held = model.balances;
  for (const known of model.timelines.values()) known.reset();
  const [, , balances, orders, consents] = await Promise.all([
    loadChats(),
    loadApps(),
    items("/v1/wallet"),
    items("/v1/orders?waiting=true"),
    items("/v1/consents"),
    loadRails(),
  ]);
  // The stream may have told of newer ones meanwhile.
  if (model.balances === held) setBalances(balances);
  orders.forEach(setOrder);
  for (const id of model.consents.keys()) {
    if (!consents.some((consent) => consent.id === id)) dropConsent(id);
  }
  consents.forEach(setConsent);
  if (model.open === null) return;
  await timeline(model.open).load();
  tell("talk", model.open);
}

/** One frame of the stream. */
function news(frame) {
  switch (frame.type) {
    case "message":
      return message(frame);
    case "members":
    case "joined":
      return void loadChats();
    case "order":
      return setOrder(frame.order);
    case "balances":
      return setBalances(frame.balances);
    case "consent":
      return setConsent(frame.consent);
    case "ended":
      return ended(frame.chat, frame.event);
  }
}

function message({ chat, message }) {
  const isNew = timeline(chat).message(message);
  const isMine = message.from.id === model.me.id;
  if (isNew && !isMine) {
    if (model.open !== chat || document.hidden) count(chat);
    if (model.open === chat) say(`${message.from.name}: ${message.text ?? ""}`);
  }
  tell("talk", chat);
}

function count(chat) {
  model.unread.set(chat, (model.unread.get(chat) ?? 0) + 1);
  tell("chats");
}
