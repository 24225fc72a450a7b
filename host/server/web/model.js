// What the page knows: who is signed in, the chats, the money, what waits for an answer.
//
// The wire writes it; the views read it and listen. What is told, by name: `chats`, `apps`, `open`
// (another chat is on the screen), `talk` (the chat's id; something was said there), `orders`,
// `consents`, `balances`, `connected`.

import { get, items } from "./wire/api.js";
import { learn } from "./money.js";
import { Timeline } from "./timeline.js";

export const model = {
  me: null,
  chats: new Map(),
  /** The chat on the screen. */
  open: null,
  timelines: new Map(),
  unread: new Map(),
  orders: new Map(),
  consents: new Map(),
  balances: [],
  apps: [],
  connected: false,
  /** Which rails are on: `bank`, `chain`. */
  rails: {},
};

const bus = new EventTarget();

/** Calls back whenever something is told under a name, until the function it returns is called. */
export function on(name, callback) {
  const listener = (event) => callback(/** @type {CustomEvent} */ (event).detail);
  bus.addEventListener(name, listener);
  return () => bus.removeEventListener(name, listener);
}

/** Tells whoever listens. */
export function tell(name, detail) {
  bus.dispatchEvent(new CustomEvent(name, { detail }));
}

/** Everything said in a chat, as far as it is known here. */
export function timeline(chat) {
  if (!model.timelines.has(chat)) model.timelines.set(chat, new Timeline(chat));
  return model.timelines.get(chat);
}

export async function loadChats() {
  const chats = await items("/v1/chats");
  model.chats = new Map(chats.map((chat) => [chat.id, chat]));
  tell("chats");
}

export async function loadApps() {
  model.apps = await items("/v1/apps");
  tell("apps");
}

export async function loadRails() {
  model.rails = await get("/v1/wallet/rails");
}

/** The currencies there is some money of that may leave. */
export function held() {
  const leaves = ({ available, standing }) => available.minor > 0 && standing === "open";
  return model.balances.filter(leaves).map(({ available }) => available.currency);
}

export function setBalances(balances) {
  for (const { available, text } of balances) learn(available, text);
  model.balances = balances;
  tell("balances");
}

/** Takes in an order as it is now; older news of it changes nothing. */
export function setOrder(order) {
  const known = model.orders.get(order.id);
  if (known && known.revision > order.revision) return;
  learn(order.total, order.total_text);
  model.orders.set(order.id, order);
  timeline(order.chat).order(order);
  tell("orders");
  tell("talk", order.chat);
}

/** The orders that want an answer from this person. */
export function waitingOrders() {
  return [...model.orders.values()].filter((order) => order.state === "pending");
}

export function setConsent(consent) {
  if (model.consents.has(consent.id)) return;
  model.consents.set(consent.id, consent);
  tell("consents");
}

export function dropConsent(id) {
  model.consents.delete(id);
  tell("consents");
}

/** Puts a word of the host's into a chat, for this person only. */
export function notice(chat, words) {
  timeline(chat).notice(words);
  tell("talk", chat);
}

/** What a chat is called here. */
export function titleOf(chat) {
  return chat?.title || "A chat";
}
