// The market in a real browser: two people in a group buy tea, and nothing else happens.
//
//   BASE_URL=http://127.0.0.1:4321 PERSON_1=ana:secret PERSON_2=bo:secret OPERATOR=token \
//     npm run market
//
// BASE_URL and the people (HANDLE:PASSWORD, in a group of their own, with a little money) are what
// `souk demo` prints; they have not been asked anything yet, so each run wants a new market.
// OPERATOR is what is in the file operator.token of its data directory.
// Pictures go to the folder SHOTS, if it is set. CHROMIUM names the browser, if it is not Debian's.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { chromium } from "playwright-core";

import { operatorSteps, standingFits } from "./lib/by-hand.mjs";
import { Checks } from "./lib/checks.mjs";
import { grantSteps, grantsFit, leaveStep } from "./lib/grants.mjs";
import { OUTSIDE, SCRIPT, WORDS } from "./lib/hostile.mjs";
import { linkSteps } from "./lib/links.mjs";
import { faint, overflow } from "./lib/looks.mjs";
import { Person } from "./lib/person.mjs";
import { walletFits, walletSteps } from "./lib/wallet.mjs";
import { Watch } from "./lib/watch.mjs";

const { BASE_URL, PERSON_1, PERSON_2, OPERATOR, SHOTS } = process.env;
if (!BASE_URL || !PERSON_1 || !PERSON_2 || !OPERATOR) {
  console.error(
    "Set BASE_URL, PERSON_1 and PERSON_2 (HANDLE:PASSWORD), as `souk demo` prints them, and OPERATOR.",
  );
  process.exit(2);
}
/** The title of a group: markup, and longer than a phone is wide. */
const LONG = SCRIPT.slice(0, 60);
const base = BASE_URL.replace(/\/+$/, "");
if (SHOTS) mkdirSync(SHOTS, { recursive: true });
const shot = (person, name) => SHOTS && person.shot(SHOTS, name);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const checks = new Checks();
const step = checks.step.bind(checks);
const watch = new Watch(base);
const ana = await Person.arrive(browser, watch);
const bo = await Person.arrive(browser, watch);
let group;
let before;

await step("a link signs in by itself and leaves the address bar", async () => {
  await ana.enter(base, PERSON_1);
  await bo.enter(base, PERSON_2);
  assert.equal(ana.me.handle, PERSON_1.split(":")[0]);
  assert.ok(!ana.page.url().includes("as="), ana.page.url());
});

await step("the session is a __Host- cookie that scripts cannot read", async () => {
  const [cookie] = await ana.page.context().cookies(base);
  assert.match(cookie.name, /^__Host-/);
  assert.ok(cookie.secure && cookie.httpOnly);
  assert.equal(await ana.page.evaluate(() => document.cookie), "");
});

await step("both open their group", async () => {
  const { items } = await ana.ask("/v1/chats");
  const both = ({ kind, members }) =>
    kind === "group" && members.length === 2 && members.some(({ id }) => id === bo.me.id);
  group = items.find(both);
  assert.ok(group, "the two people share no group");
  await ana.open(group.title);
  await bo.open(group.title);
});

if (!checks.fine) {
  console.log("      Nothing else can be tried without the two people in their group.");
  await browser.close();
  process.exit(checks.end());
}

await step("what one says, the other sees at once, and markup stays text", async () => {
  await ana.say(SCRIPT);
  await bo.message(SCRIPT).waitFor();
  await bo.say("Tea?");
  await ana.message("Tea?").waitFor();
});

await step("the picker offers the commands, and keys choose one", async () => {
  const box = ana.page.getByRole("textbox", { name: "Message" });
  await box.fill("/");
  await ana.page.getByRole("option", { name: "/tea" }).waitFor();
  await shot(ana, "commands-1280");
  await box.press("ArrowDown");
  await box.press("ArrowUp");
  await box.press("Tab");
  assert.equal((await box.inputValue()).trim(), await firstCommand(ana));
  await box.fill("/te");
  await box.press("Enter");
  assert.equal(await box.inputValue(), "/tea ");
  await box.press("Enter");
  await ana.card().waitFor();
  await bo.card().waitFor();
  await shot(ana, "menu-1280");
});

await step("a form that is filled wrongly is not sent, and says why", async () => {
  await ana.card().getByLabel("How many?").fill("99");
  await ana.card().getByRole("button", { name: "Order", exact: true }).click();
  await ana.page.waitForTimeout(500);
  assert.equal(await ana.page.locator("dialog").count(), 0);
  assert.equal(await ana.card().locator(".ac-input-validation-failed").count(), 1);
  await ana.card().getByLabel("How many?").fill("1");
});

await step("the app asks for the name, the host shows why, and it is shared", async () => {
  await ana.orderTea({ note: "Hot, please" });
  const sheet = ana.dialog("consent");
  await sheet.getByText(ana.me.name, { exact: true }).waitFor();
  assert.match(await sheet.locator("q").textContent(), /cup/);
  await shot(ana, "consent-1280");
  await sheet.getByRole("button", { name: "Allow", exact: true }).click();
});

await step(
  "the payment sheet says who, what and how much, and does not pay by itself",
  async () => {
    before = await ana.purse();
    const sheet = ana.dialog("payment");
    await sheet.waitFor();
    await ana.page.keyboard.press("Enter");
    await ana.page.keyboard.press("Space");
    assert.match(await sheet.getByRole("heading").textContent(), /Tea House/);
    assert.equal(await sheet.locator(".total .amount").textContent(), "3.50 USD");
    assert.match(await sheet.locator("tbody q").first().textContent(), /large jasmine/i);
    assert.match(await sheet.locator(".says").textContent(), new RegExp(escaped(ana.me.name)));
    assert.match(await sheet.locator(".clock").textContent(), /Expires in \d/);
    await sheet.getByRole("button", { name: "Approve 3.50 USD", disabled: false }).waitFor();
    assert.equal(await ana.purse(), before);
    await shot(ana, "sheet-1280");
  },
);

await step("approving pays once, and both see the cup with the name", async () => {
  await ana.approve();
  await ana.notice("You paid 3.50 USD").waitFor();
  await ana.hasPurse(before - 350);
  const cup = new RegExp(`Cup \\d+ for ${escaped(ana.me.name)}`);
  await ana.message(cup).waitFor();
  await bo.message(cup).waitFor();
  await shot(ana, "paid-1280");
  await shot(bo, "cup-1280");
});

await step("another person keeps the name and declines: nothing is charged", async () => {
  before = await bo.purse();
  await bo.orderTea({ size: "small" });
  await bo.dialog("consent").getByRole("button", { name: "Don’t allow" }).click();
  await bo.dialog("payment").getByRole("button", { name: "Decline" }).click();
  await bo.notice("You declined to pay 2.50 USD").waitFor();
  await ana.message("No tea for a guest").waitFor();
  assert.equal(await bo.purse(), before);
});

await step(
  "a sheet that is put off waits, also over a reload, and can still be declined",
  async () => {
    await ana.orderTea({ size: "large" });
    await ana.dialog("payment").waitFor();
    await ana.page.keyboard.press("Escape");
    await ana.page.getByRole("button", { name: "1 to answer" }).waitFor();
    await ana.page.reload();
    await ana.dialog("payment").waitFor();
    await ana.page.keyboard.press("Escape");
    await ana.notice("asks you for").getByRole("button", { name: "Review" }).click();
    await ana.dialog("payment").getByRole("button", { name: "Decline" }).click();
    await ana.notice("You declined").waitFor();
    assert.equal(await ana.page.locator(".waiting").isVisible(), false);
  },
);

await step("a shop that looks once more stops a payment in its own words", async () => {
  before = await ana.purse();
  await ana.say("/flowers");
  await ana.orderTulips(5);
  const sheet = ana.dialog("payment");
  await sheet.getByText("Set money aside for Flower Shop?").waitFor();
  await sheet.getByText("It is only set aside now.").waitFor();
  await watch.refusal(async () => {
    await sheet.getByRole("button", { name: "Approve 5.00 USD", disabled: false }).click();
    await sheet.locator("q", { hasText: "We have 4 tulips left" }).waitFor();
  });
  await sheet.getByText("Nothing was paid. The request still waits.").waitFor();
  await shot(ana, "last-look-1280");
  await sheet.getByRole("button", { name: "Decline" }).click();
  await ana.notice("You declined to pay 5.00 USD").waitFor();
  assert.equal(await ana.page.locator(".host-line", { hasText: "tulips left" }).count(), 0);
  assert.equal(await ana.purse(), before);
  // The card that came last is the menu again.
  await ana.say("/tea");
  for (const person of [ana, bo]) {
    await person.card().getByLabel("A note for the tea master").waitFor();
  }
});

await step("an app that fails leaves nothing but a word of the host's", async () => {
  before = await ana.purse();
  await watch.refusal(async () => {
    await ana.say("/spill");
    await ana.notice("failed").waitFor();
  });
  await ana.page.waitForTimeout(500);
  assert.equal(await ana.page.locator(".host-line", { hasText: "failed" }).count(), 1);
  assert.equal((await ana.ask("/v1/orders?waiting=true")).items.length, 0);
  assert.equal(await ana.purse(), before);
});

await step("an app that says no is quoted in the host's frame", async () => {
  await watch.refusal(async () => {
    await ana.say("/return 999999");
    await ana.notice("said no").locator("q").waitFor();
  });
  await shot(ana, "notices-1280");
});

await step("an unknown command says where to look", async () => {
  await watch.refusal(async () => {
    await ana.say("/nothing-like-it");
    await ana.notice("Type / to see what there is").waitFor();
  });
  await ana.page.getByRole("textbox", { name: "Message" }).fill("");
});

await step("a lost connection is resumed: nothing is missing, nothing comes twice", async () => {
  const cut = ana.sockets.at(-1);
  await cut.close({ code: 4000 });
  for (let at = 1; at <= 3; at += 1) await bo.say(`While you were away ${at}`);
  await ana.message("While you were away 3").waitFor();
  assert.equal(await ana.page.locator(".message", { hasText: "While you were away" }).count(), 3);
  assert.ok(new URL(ana.sockets.at(-1).url()).searchParams.has("resume"), "began afresh");
});

await step("the wallet adds money and keeps signed receipts", async () => {
  before = await ana.purse();
  await ana.page.locator(".balance").click();
  const wallet = ana.dialog("wallet");
  await wallet.getByLabel("Amount to add").fill("5.00");
  await wallet.getByRole("button", { name: "Add money" }).click();
  await ana.hasPurse(before + 500);
  await wallet.locator(".statement .in", { hasText: "+5.00 USD" }).first().waitFor();
  await shot(ana, "wallet-1280");
  const saved = ana.page.waitForEvent("download");
  await wallet.getByRole("link", { name: "Download the receipt" }).first().click();
  const receipt = JSON.parse(readFileSync(await (await saved).path(), "utf8"));
  assert.equal(receipt.payloadType, "application/vnd.souk.receipt+json");
  await ana.page.keyboard.press("Escape");
});

await walletSteps({ step, watch, shot, ana, bo });
await operatorSteps({ step, watch, shot, ana, token: OPERATOR });
await grantSteps({ step, watch, shot, ana });
const stranger = () => Person.arrive(browser, watch);
await linkSteps({ step, watch, shot, ana, bo, group, stranger });

await step("somebody joins with a name that is markup; it is text everywhere", async () => {
  const cy = await Person.arrive(browser, watch);
  const called = "<img src=x onerror=\"document.title='owned'\">";
  const handle = `cy${Date.now().toString(36)}`;
  await cy.page.goto(base);
  await shot(cy, "door-1280");
  await cy.page.getByRole("button", { name: "Join" }).click();
  await cy.page.getByLabel("Your name").fill(called);
  await cy.page.getByLabel("Handle").fill(handle);
  await cy.page.getByLabel("Password").fill("a long password");
  await cy.page.getByRole("button", { name: "Join", exact: true }).click();
  await cy.page.getByRole("button", { name: "New chat" }).click();
  await cy.page.getByLabel("With whom?").fill(`${ana.me.handle}, ${bo.me.handle}`);
  await cy.page.getByLabel("Name of the group").fill(LONG);
  await cy.page.getByRole("button", { name: "Start" }).click();
  await cy.page.locator(".head h1", { hasText: LONG }).waitFor();
  await cy.say("/tea");
  await cy.card().waitFor();
  await cy.orderTea();
  await cy.dialog("consent").getByRole("button", { name: "Allow", exact: true }).click();
  await watch.refusal(async () => {
    await cy
      .dialog("payment")
      .getByRole("button", { name: /^Approve/ })
      .click();
    await cy.dialog("payment").getByText("balance is too low").waitFor();
  });
  await cy.dialog("payment").getByRole("button", { name: "Add money" }).click();
  await cy.hasPurse(2000);
  await cy.approve();
  await cy.message(`for ${called}`).waitFor();
  await ana.open(LONG);
  await ana.message(`for ${called}`).waitFor();
  for (const { page } of [ana, cy]) assert.match(await page.title(), /Souk$/);
  await ana.open(group.title);
  await cy.leave();
});

await step(
  "a card's hostile words are words, and its pictures load from nowhere else",
  async () => {
    const drawn = await draw(ana, WORDS);
    assert.equal(drawn.scripts, 0);
    assert.equal(drawn.images, 0);
    assert.equal(drawn.links, 0);
    assert.equal(drawn.ids, 0);
    assert.ok(drawn.text.includes(SCRIPT) && drawn.text.includes("**bold** [link]"), drawn.text);
    assert.match(await ana.page.title(), /Souk$/);
  },
);

await step("a card outside the profile is its plain words", async () => {
  for (const card of OUTSIDE) {
    const { tag, text } = await draw(ana, card);
    assert.equal(`${tag} ${text}`, "P The card's own words", JSON.stringify(card.body));
  }
});

await step("a card's link shows where it leads first; only https leads anywhere", async () => {
  await draw(ana, WORDS);
  await ana.card().getByRole("link", { name: "Run" }).click();
  assert.equal(await ana.page.locator("dialog").count(), 0);
  await ana.card().getByRole("link", { name: "Away" }).click();
  const link = ana.dialog("leaving").getByRole("link");
  assert.equal(await link.getAttribute("href"), "https://example.com/there?a=b");
  assert.equal(await link.getAttribute("rel"), "noopener noreferrer");
  await ana.dialog("leaving").getByRole("button", { name: "Stay" }).click();
});

await step("on a phone one thing at a time fits the screen", async () => {
  const phone = await Person.arrive(browser, watch, {
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
  });
  await phone.enter(base, PERSON_1);
  await phone.page.locator(".chats a").first().waitFor();
  await shot(phone, "chats-390");
  await phone.open(LONG);
  assert.ok((await overflow(phone.page)) <= 0, "a long title");
  await phone.page.getByRole("link", { name: "All chats", exact: true }).click();
  await phone.open(group.title);
  await phone.say("/tea");
  await phone.card().waitFor();
  await phone.page.waitForTimeout(300);
  assert.ok((await overflow(phone.page)) <= 0);
  await shot(phone, "menu-390");
  await phone.orderTea({ size: "small" });
  await phone
    .dialog("payment")
    .getByRole("button", { name: "Approve 2.50 USD", disabled: false })
    .waitFor();
  assert.ok((await overflow(phone.page)) <= 0);
  await shot(phone, "sheet-390");
  await phone.approve();
  await phone.notice("You paid 2.50 USD").waitFor();
  await phone.message(/^.*Cup \d+ for/s).waitFor();
  await shot(phone, "paid-390");
  await walletFits(phone, shot);
  await standingFits({ phone, shot, token: OPERATOR });
  await grantsFit(phone, shot);
  await phone.page.getByRole("link", { name: "All chats", exact: true }).click();
  await phone.page.getByRole("button", { name: "New chat" }).waitFor();
  await phone.leave();
});

for (const colorScheme of ["light", "dark"]) {
  await step(`all text is readable when it is ${colorScheme}`, async () => {
    await ana.page.emulateMedia({ colorScheme });
    // Colours change over a moment.
    await ana.page.waitForTimeout(400);
    assert.deepEqual(await faint(ana.page), []);
    await ana.orderTea({ size: "large" });
    const sheet = ana.dialog("payment");
    await sheet.getByRole("button", { name: "Approve 3.50 USD", disabled: false }).waitFor();
    await shot(ana, `sheet-1280-${colorScheme}`);
    assert.deepEqual(await faint(ana.page), []);
    await sheet.getByRole("button", { name: "Decline" }).click();
    await sheet.waitFor({ state: "detached" });
    await shot(ana, `talk-1280-${colorScheme}`);
  });
}

await leaveStep({ step, shot, ana });

await step("signing out closes the door", async () => {
  await bo.page.getByRole("button", { name: "Sign out" }).click();
  await bo.page.getByRole("button", { name: "Sign in" }).waitFor();
});

await step("all along: no violation, no error, no request to anywhere else", async () => {
  assert.deepEqual(watch.violations, []);
  assert.deepEqual(watch.errors, []);
  assert.deepEqual(watch.foreign, []);
});

await browser.close();
process.exitCode = checks.end();

/** Draws a card in the open chat as if an app had posted it, and tells what came of it. */
function draw(person, card) {
  return person.page.evaluate(async (card) => {
    const { cardNode } = await import("/web/view/card.js");
    const node = cardNode({ id: "hostile", revision: 1, card, text: "", from: { name: "An app" } });
    document.querySelector(".said").append(node);
    const count = (what) => node.querySelectorAll(what).length;
    return {
      tag: node.tagName,
      text: node.innerText,
      scripts: count("script, iframe, object, embed"),
      images: count("img, video, audio"),
      links: count("[href], [src]"),
      ids: count("#approve"),
    };
  }, card);
}

/** The first command of the list, as the box shows it once it is chosen. */
async function firstCommand(person) {
  const { items } = await person.ask("/v1/apps");
  return `/${items.flatMap(({ commands }) => commands)[0].name}`;
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
