// Asking the host over HTTP: JSON in, JSON out, problems as errors (RFC 9457).
//
// Every change carries an idempotency key, so it can be sent again after a lost answer without
// happening twice. That is done here, quietly, a few times.

const TRIES_MAX = 4;
const RETRY_MS = 500;

/** How far this machine's clock is behind the host's, in milliseconds. */
let behind = 0;

/** What the host answers when it says no. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail ?? body.title ?? "The host could not be reached");
    this.status = status;
    /** The stable name of the kind, as in `/problems/NAME`. */
    this.kind = (body.type ?? "").split("/").pop();
    this.hint = body.hint ?? "";
    /** What an input of a card should be, by its id. */
    this.fields = body.fields ?? [];
    /** The app's own words, to be shown quoted. */
    this.appSays = body.app_says;
    /** The event that ended like this, if it was one. */
    this.event = body.event;
  }
}

/** Returns the host's time in milliseconds since 1970. */
export function now() {
  return Date.now() + behind;
}

/** Reads. */
export function get(path) {
  return ask(path, { method: "GET" });
}

/** Reads a whole list, or the page that the path names. */
export async function items(path) {
  return (await get(path)).items;
}

/** Changes something, once, however often it has to be sent. */
export function act(path, body, { method = "POST", key = crypto.randomUUID() } = {}) {
  const headers = { "idempotency-key": key };
  if (body !== undefined) headers["content-type"] = "application/json";
  return ask(path, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

async function ask(path, request) {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(path, { ...request, credentials: "same-origin" }).catch(
      () => null,
    );
    if (response) setClock(response);
    if (response?.ok) return response.status === 204 ? null : response.json();
    const again = response === null || response.status === 503;
    if (again && attempt < TRIES_MAX) {
      await pause(waitFor(response, attempt));
      continue;
    }
    throw await problem(response);
  }
}

async function problem(response) {
  if (response === null) {
    return new Problem(0, {
      detail: "the host cannot be reached",
      hint: "Check your connection and try again.",
    });
  }
  return new Problem(response.status, await response.json().catch(() => ({})));
}

function waitFor(response, attempt) {
  const seconds = Number(response?.headers.get("retry-after"));
  return seconds > 0 ? seconds * 1000 : RETRY_MS * 2 ** (attempt - 1);
}

/** Countdowns follow the host's clock, so a wrong one here shows no wrong time. */
function setClock(response) {
  const date = Date.parse(response.headers.get("date") ?? "");
  if (Number.isNaN(date)) return;
  const ahead = date - Date.now();
  // The header has whole seconds: less than two is no difference.
  behind = Math.abs(ahead) < 2000 ? 0 : ahead;
}

function pause(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
