// Where the page begins: sign in by the link, by the session there is, or at the door.

import { act, get } from "./wire/api.js";
import { door } from "./view/door.js";
import { market } from "./market.js";

/** Says that there may be a session, so that a stranger's first visit asks for nothing. */
const MARK = "souk.signed-in";

/** Other windows of this browser share the session: when it changes, they begin again. */
const others = new BroadcastChannel("souk.session");
others.onmessage = () => location.reload();

await begin();

async function begin() {
  const link = peopleLink();
  if (link) return byLink(link);
  if (!localStorage.getItem(MARK)) return door({ entered });
  try {
    market(await get("/v1/me"), { left });
  } catch (problem) {
    if (problem.status === 401) localStorage.removeItem(MARK);
    door({ entered, problem: problem.status === 401 ? null : problem });
  }
}

/** `#as=HANDLE:PASSWORD`, as the demo prints it. It leaves the address bar before anything else. */
function peopleLink() {
  const [, handle, password] = /^#as=([^:]+):(.+)$/.exec(location.hash) ?? [];
  if (!handle) return null;
  history.replaceState(null, "", location.pathname);
  try {
    return { handle: decodeURIComponent(handle), password: decodeURIComponent(password) };
  } catch {
    return { handle, password };
  }
}

async function byLink(credentials) {
  try {
    entered(await act("/v1/sessions", credentials));
  } catch (problem) {
    door({ entered, problem, handle: credentials.handle });
  }
}

function entered(person) {
  localStorage.setItem(MARK, "yes");
  others.postMessage("entered");
  market(person, { left });
}

function left() {
  localStorage.removeItem(MARK);
  others.postMessage("left");
  history.replaceState(null, "", location.pathname);
  location.reload();
}
