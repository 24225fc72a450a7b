// The wallet in a real browser: money sent and accepted, sent and taken back, taken out, and a
// statement that is kept.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { overflow } from "./looks.mjs";

/** Walks two people with a little money through their wallets. */
export async function walletSteps({ step, watch, shot, ana, bo }) {
  await step("money that is sent waits for the other, who accepts it", async () => {
    const [had, has] = [await ana.purse(), await bo.purse()];
    const from = await opened(ana);
    await send(from, bo.me.handle, "2.00", "For the tea");
    await ana.hasPurse(had - 200);
    await from.getByText("2.00 USD set aside").waitFor();
    const to = await opened(bo);
    const waits = to.locator(".passages li", { hasText: `${ana.me.name} sends you 2.00 USD` });
    await waits.locator("q", { hasText: "For the tea" }).waitFor();
    await shot(bo, "wallet-gift-1280");
    await waits.getByRole("button", { name: "Accept" }).click();
    await bo.hasPurse(has + 200);
    await to.locator(".statement .in", { hasText: "Received" }).first().waitFor();
    await from.locator(".statement .out", { hasText: "Sent" }).first().waitFor();
    assert.equal(await from.getByRole("button", { name: "Take back" }).count(), 0);
    await bo.page.keyboard.press("Escape");
    await ana.page.keyboard.press("Escape");
  });

  await step("money that nobody has accepted is taken back", async () => {
    const had = await ana.purse();
    const from = await opened(ana);
    await send(from, bo.me.handle, "1.00", "");
    await from.getByRole("button", { name: "Take back" }).click();
    await ana.hasPurse(had);
    await from.getByRole("button", { name: "Take back" }).waitFor({ state: "detached" });
    await ana.page.keyboard.press("Escape");
  });

  await step("money to nobody, and more than there is, is not sent, and says why", async () => {
    const from = await opened(ana);
    await watch.refusal(async () => {
      await send(from, "nobody-here", "1.00", "");
      await from.getByText("nobody called").waitFor();
    });
    await watch.refusal(async () => {
      await send(from, bo.me.handle, "900.00", "");
      await from.getByText("balance is too low").first().waitFor();
    });
    await ana.page.keyboard.press("Escape");
  });

  await step("a withdrawal goes out, and one that bounces comes back", async () => {
    const had = await ana.purse();
    const from = await opened(ana);
    await takeOut(from, "1.50", "DE02 1203 0000 0000 2020 51");
    await ana.hasPurse(had - 150);
    await from.locator(".statement .out", { hasText: "Taken out" }).first().waitFor();
    await takeOut(from, "1.00", "bounce");
    await from.getByText("Arrivals and withdrawals").click();
    await from.locator(".passages li", { hasText: "−1.00 USD came back" }).waitFor();
    await from.locator(".passages li", { hasText: "−1.50 USD gone out" }).waitFor();
    await ana.hasPurse(had - 150);
    await shot(ana, "wallet-out-1280");
    await ana.page.keyboard.press("Escape");
  });

  await step("a statement of a period is kept as a table and as signed JSON", async () => {
    const from = await opened(ana);
    await from.getByText("Download a statement").click();
    await shot(ana, "wallet-statement-1280");
    const csv = await download(ana, from.getByRole("link", { name: "CSV" }));
    assert.match(csv, /withdrawal/);
    const json = JSON.parse(await download(ana, from.getByRole("link", { name: "JSON" })));
    assert.equal(json.payloadType, "application/vnd.souk.statement+json");
    const statement = JSON.parse(Buffer.from(json.payload, "base64").toString("utf8"));
    assert.ok(statement.lines.length > 0, "an empty statement");
    await ana.page.keyboard.press("Escape");
  });

  await step("a merchant sees what waits with their shop", async () => {
    const shops = (await opened(bo)).locator("section", { hasText: "Your shops" });
    await shops.getByText(/USD wait with .* for refunds/).waitFor();
    await bo.page.keyboard.press("Escape");
  });
}

/** The wallet on a phone: everything fits, whatever is opened. */
export async function walletFits(phone, shot) {
  const wallet = await opened(phone);
  await phone.page.waitForTimeout(300);
  assert.ok((await overflow(phone.page)) <= 0, "the wallet");
  await shot(phone, "wallet-390");
  for (const words of ["Send to somebody", "Take out", "Download a statement"]) {
    await wallet.locator("summary", { hasText: words }).first().click();
    assert.ok((await overflow(phone.page)) <= 0, words);
    await shot(phone, `wallet-${words.split(" ")[0].toLowerCase()}-390`);
  }
  await phone.page.keyboard.press("Escape");
}

/** Opens the wallet. */
export async function opened(person) {
  await person.page.locator(".balance").click();
  const wallet = person.dialog("wallet");
  await wallet.waitFor();
  return wallet;
}

async function send(wallet, handle, amount, note) {
  const act = await unfolded(wallet, "Send to somebody");
  await act.getByLabel("To", { exact: true }).fill(handle);
  await act.getByLabel("A word with it").fill(note);
  await act.getByLabel("Amount to send").fill(amount);
  await act.getByRole("button", { name: "Send", exact: true }).click();
}

async function takeOut(wallet, amount, to) {
  const act = await unfolded(wallet, "Take out");
  await act.getByLabel("Where to").fill(to);
  await act.getByLabel("Amount to take out").fill(amount);
  await act.getByRole("button", { name: "Take out", exact: true }).click();
  await act.getByText("on their way out").waitFor();
}

/** One of the things that can be done, unfolded. */
async function unfolded(wallet, words) {
  const act = wallet.locator(".acts > details", {
    has: wallet.page().locator("summary", { hasText: words }),
  });
  if ((await act.getAttribute("open")) === null) await act.locator("summary").click();
  return act;
}

async function download(person, link) {
  const saved = person.page.waitForEvent("download");
  await link.click();
  return readFileSync(await (await saved).path(), "utf8");
}
