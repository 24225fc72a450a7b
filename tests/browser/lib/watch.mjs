// What must never happen on a page, watched for on all of them, all the time: violations of the
// content security policy, errors in the console, requests to anywhere but the host.
//
// When the host refuses something, the browser itself writes an error line. A step that provokes a
// refusal says so; such a line at any other time counts.

const REFUSED = /^Failed to load resource: the server responded with a status of 4\d\d/;

export class Watch {
  violations = [];
  errors = [];
  foreign = [];
  #origin;
  #refusals = 0;

  constructor(base) {
    this.#origin = new URL(base).origin;
  }

  /** Watches everything in a browser context. */
  async over(context) {
    await context.exposeBinding("reportViolation", (_, words) => this.violations.push(words));
    await context.addInitScript(() => {
      addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) => {
        globalThis.reportViolation(`${violatedDirective} ${blockedURI} ${sample}`);
      });
    });
    context.on("page", (page) => this.#page(page));
  }

  /** Runs a step in which the host is to refuse something. */
  async refusal(step) {
    this.#refusals += 1;
    try {
      await step();
    } finally {
      this.#refusals -= 1;
    }
  }

  #page(page) {
    page.on("pageerror", (error) => this.errors.push(String(error.stack ?? error)));
    page.on("console", (line) => {
      if (line.type() !== "error") return;
      if (this.#refusals > 0 && REFUSED.test(line.text())) return;
      this.errors.push(`${line.text()} (${line.location().url})`);
    });
    page.on("request", (request) => this.#request(request.url()));
    page.on("websocket", (socket) => this.#request(socket.url().replace(/^ws/, "http")));
  }

  #request(address) {
    const url = new URL(address);
    if (url.protocol === "blob:" || url.protocol === "data:") return;
    if (url.origin !== this.#origin) this.foreign.push(address);
  }
}
