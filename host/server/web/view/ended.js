// How things ended otherwise than well: said in the chat where they were done, to who did them.
//
// The same end is heard twice, as the answer to a request and on the stream. Whoever comes first
// says it; while a request is under way its own answer has the first word.

import { name, quote } from "../dom.js";
import { model, notice } from "../model.js";
import { say } from "./live.js";
import { trouble } from "./trouble.js";

const told = new Set();
const held = [];
let underWay = 0;

/** Runs a request; what the stream says of ends meanwhile waits for its answer. */
export async function during(request) {
  underWay += 1;
  try {
    return await request();
  } catch (problem) {
    if (problem.event) told.add(problem.event);
    throw problem;
  } finally {
    underWay -= 1;
    if (underWay === 0) held.splice(0).forEach(([chat, event]) => ended(chat, event));
  }
}

/** The stream told how an event ended. */
export function ended(chat, event) {
  if (underWay > 0) return void held.push([chat, event]);
  if (told.has(event.event)) return;
  told.add(event.event);
  const app = nameOf(event.app);
  if (event.app_says) saidNo(chat, app, event.app_says);
  else put(chat, `${app} failed: ${event.what}. Nothing it did remains.`);
}

/** A request was answered with a problem. */
export function complain(chat, problem, app = "The app") {
  if (problem.appSays) saidNo(chat, app, problem.appSays);
  else if (problem.kind === "app-failed") put(chat, `${app} failed: ${problem.message}.`);
  else put(chat, trouble(problem));
}

function nameOf(app) {
  return model.apps.find(({ id }) => id === app)?.name ?? app;
}

/** The app's words, quoted, in the host's. */
function saidNo(chat, app, words) {
  put(
    chat,
    [name(app), " said no: ", quote(words), " Nothing was changed."],
    `${app} said no: ${words}`,
  );
}

function put(chat, words, spoken = words) {
  notice(chat, words);
  say(spoken);
}
