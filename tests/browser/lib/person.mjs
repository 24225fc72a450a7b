// A person at the page: what they do, in the words of somebody watching.

const QUICK_MS = 30_000;

export class Person {
  /** Opens a browser of their own. */
  static async arrive(browser, watch, options = {}) {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      // What fades would be measured half-way.
      reducedMotion: "reduce",
      ...options,
    });
    context.setDefaultTimeout(QUICK_MS);
    await watch.over(context);
    const person = new Person();
    person.page = await context.newPage();
    person.sockets = [];
    // Every socket goes through here, so that a step can cut it.
    await person.page.routeWebSocket(/\/v1\/stream/, (socket) => {
      socket.connectToServer();
      person.sockets.push(socket);
    });
    return person;
  }

  /** Follows the link that the demo prints for a ready-made person. */
  async enter(base, credentials) {
    this.base = base;
    await this.page.goto(`${base}/#as=${credentials}`);
    await this.page.locator(".chats").waitFor();
    this.me = await this.ask("/v1/me");
  }

  /** Asks the host from within the page, as the page would. */
  ask(path) {
    return this.page.evaluate(async (path) => (await fetch(path)).json(), path);
  }

  async open(title) {
    await this.page.locator(".chats a", { hasText: title }).first().click();
    await this.page.locator(".head h1", { hasText: title }).waitFor();
  }

  async say(text) {
    await this.page.getByRole("textbox", { name: "Message" }).fill(text);
    await this.page.keyboard.press("Enter");
  }

  /** The last message whose text holds these words. */
  message(words) {
    return this.page.locator(".message", { hasText: words }).last();
  }

  /** The last line of the host's that holds these words. */
  notice(words) {
    return this.page.locator(".host-line", { hasText: words }).last();
  }

  /** The card that came last. */
  card() {
    return this.page.locator("form.card").last();
  }

  dialog(kind) {
    return this.page.locator(`dialog.${kind}`);
  }

  /** What the header says is in the wallet, in minor units. */
  async purse() {
    const text = await this.page.locator(".balance .amount").textContent();
    return Math.round(Number.parseFloat(text) * 100);
  }

  /** Waits until the header says so. */
  async hasPurse(minor) {
    const text = (minor / 100).toFixed(2);
    await this.page.locator(".balance .amount", { hasText: text }).waitFor();
  }

  /** Sends the form of the last menu. */
  async orderTea({ size = "large", note = "" } = {}) {
    const card = this.card();
    await card.getByLabel("Large", { exact: true }).setChecked(size === "large");
    await card.getByLabel("A note for the tea master").fill(note);
    await card.getByRole("button", { name: "Order", exact: true }).click();
  }

  /** Sends the form of the flower shop. */
  async orderTulips(stems) {
    const card = this.message("Today's flowers");
    await card.getByLabel("Tulips", { exact: true }).check();
    await card.getByLabel("How many stems?").fill(String(stems));
    await card.getByLabel("Which name goes on the card?").fill("Ana");
    await card.getByRole("button", { name: "Order", exact: true }).click();
  }

  /** Approves what the payment sheet says. */
  async approve() {
    await this.dialog("payment")
      .getByRole("button", { name: /^Approve / })
      .click();
    await this.dialog("payment").waitFor({ state: "detached" });
  }

  async shot(folder, name) {
    // Pictures are of a page at rest.
    await this.page.waitForTimeout(350);
    await this.page.screenshot({ path: `${folder}/${name}.png`, animations: "disabled" });
  }

  async leave() {
    await this.page.context().close();
  }
}
