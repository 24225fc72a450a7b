// The socket: what happens, as it happens, and after a pause everything that happened meanwhile.
//
// Each frame that ends a moment carries a token; the next connection goes on from the last one. A
// token the host does not take any more is dropped, and the page then loads what it shows afresh.

import { get } from "./api.js";

const WAIT_MS_MIN = 400;
const WAIT_MS_MAX = 15000;

/** Follows the stream until it is stopped. */
export class Stream {
  #socket = null;
  #token = null;
  #wait = WAIT_MS_MIN;
  #timer = 0;
  #opened = false;
  #stopped = false;
  #tell;

  /**
   * `tell` has four functions: `news(frame)`, `fresh()` when a stream begins without a token,
   * `connected(bool)`, and `signedOut()`.
   */
  constructor(tell) {
    this.#tell = tell;
    addEventListener("online", () => this.#hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry());
  }

  start() {
    if (this.#stopped || this.#socket) return;
    const address = new URL("/v1/stream", location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    if (this.#token) address.searchParams.set("resume", this.#token);
    const socket = new WebSocket(address);
    const resumed = this.#token !== null;
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#frame(JSON.parse(data), resumed);
    socket.onclose = () => this.#lost(socket);
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #frame(frame, resumed) {
    if (this.#stopped) return;
    if (frame.type === "hello") {
      this.#wait = WAIT_MS_MIN;
      this.#tell.connected(true);
      if (!resumed) this.#tell.fresh();
      this.#opened = true;
    } else {
      this.#tell.news(frame);
    }
    // Only after the frame was taken in: what failed is told again.
    if (frame.token) this.#token = frame.token;
  }

  async #lost(socket) {
    if (this.#stopped || socket !== this.#socket) return;
    this.#tell.connected(false);
    const refused = !this.#opened;
    this.#opened = false;
    this.#socket = null;
    if (refused && !(await this.#mayGoOn())) return;
    const jitter = 0.75 + Math.random() / 2;
    this.#timer = setTimeout(() => this.start(), this.#wait * jitter);
    this.#wait = Math.min(this.#wait * 2, WAIT_MS_MAX);
  }

  /** A socket says nothing about why it was refused; a plain request does. */
  async #mayGoOn() {
    try {
      await get("/v1/me");
      this.#token = null;
    } catch (problem) {
      if (problem.status === 401) {
        this.stop();
        this.#tell.signedOut();
        return false;
      }
    }
    return !this.#stopped;
  }

  #hurry() {
    if (this.#stopped || this.#socket) return;
    clearTimeout(this.#timer);
    this.#wait = WAIT_MS_MIN;
    this.start();
  }
}
