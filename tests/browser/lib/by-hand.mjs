// What the operator does to somebody's wallet by hand, as that somebody sees it in a real browser.

import assert from "node:assert/strict";

import { faint, overflow } from "./looks.mjs";
import { opened } from "./wallet.mjs";

/** Walks a person with a little money through what is booked by hand, frozen and closed. */
export async function operatorSteps({ step, watch, shot, ana, token }) {
  const operate = operator(ana, token);
  const standing = (currency, to) => set(operate, ana, currency, to);

  await step("what the operator books by hand is in the statement, with the reason", async () => {
    const had = await ana.purse();
    const amount = { minor: 150, currency: "USD" };
    await operate("withdrawals", { from: ana.me.handle, amount, reason: "Paid at the desk, slip 7" });
    await ana.hasPurse(had - 150);
    const wallet = await opened(ana);
    const line = wallet.locator(".statement .out", { hasText: "The operator" }).first();
    await line.locator("q", { hasText: "Paid at the desk, slip 7" }).waitFor();
    await shot(ana, "wallet-by-hand-1280");
  });

  await step("a frozen account says so, what still works and whom to ask", async () => {
    const wallet = ana.dialog("wallet");
    const had = await ana.purse();
    await standing("USD", "frozen");
    const notice = wallet.locator(".standing");
    await notice.getByText("Your USD account is frozen.").waitFor();
    await notice.getByText("Money still comes in").waitFor();
    await notice.getByText(new URL(ana.base).host).waitFor();
    for (const words of ["Send to somebody", "Take out"])
      assert.equal(await wallet.locator("summary", { hasText: words }).first().isVisible(), false);
    await wallet.getByLabel("Amount to add").fill("1.00");
    await wallet.getByRole("button", { name: "Add money" }).click();
    await ana.hasPurse(had + 100);
    assert.deepEqual(await faint(ana.page), []);
    await shot(ana, "wallet-frozen-1280");
    await ana.page.keyboard.press("Escape");
  });

  await step("nothing is paid from a frozen account, and the sheet says why", async () => {
    await ana.say("/tea");
    await ana.card().waitFor();
    await ana.orderTea({ size: "small" });
    const sheet = ana.dialog("payment");
    await sheet.getByText("is frozen: nothing is paid from it").waitFor();
    await watch.refusal(async () => {
      await sheet.getByRole("button", { name: "Approve 2.50 USD", disabled: false }).click();
      await sheet.getByText("The account is frozen.").waitFor();
    });
    await shot(ana, "sheet-frozen-1280");
    await sheet.getByRole("button", { name: "Decline" }).click();
    await sheet.waitFor({ state: "detached" });
  });

  await step("an account that is let go again is as before", async () => {
    const wallet = await opened(ana);
    await wallet.locator(".standing").waitFor();
    await standing("USD", "open");
    await wallet.locator(".standing").waitFor({ state: "detached" });
    assert.ok(await wallet.locator("summary", { hasText: "Take out" }).first().isVisible());
  });

  await step("a closed account says so, and its statement stays", async () => {
    const wallet = ana.dialog("wallet");
    const amount = { minor: 700, currency: "JPY" };
    await operate("deposits", { to: ana.me.handle, amount, reason: "A note from Kyoto" });
    await operate("withdrawals", { from: ana.me.handle, amount, reason: "And back" });
    await standing("JPY", "closed");
    await wallet.locator(".standing").getByText("Your JPY account is closed.").waitFor();
    await wallet.getByRole("button", { name: "0 JPY" }).click();
    await wallet.locator(".statement q", { hasText: "And back" }).waitFor();
    await shot(ana, "wallet-closed-1280");
    await ana.page.keyboard.press("Escape");
  });
}

/** On a phone, what is said of a frozen and of a closed account fits. */
export async function standingFits({ phone, shot, token }) {
  const operate = operator(phone, token);
  await set(operate, phone, "USD", "frozen");
  const wallet = await opened(phone);
  await wallet.getByText("Your USD account is frozen.").waitFor();
  assert.ok((await overflow(phone.page)) <= 0, "a frozen account");
  await shot(phone, "wallet-frozen-390");
  await set(operate, phone, "USD", "open");
  await wallet.getByText("Your USD account is frozen.").waitFor({ state: "detached" });
  await phone.page.keyboard.press("Escape");
}

/** Something only the operator may ask, from outside of any page. */
function operator({ base }, token) {
  return async (what, ask) => {
    const answer = await fetch(`${base}/v1/operator/${what}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(ask),
    });
    assert.ok(answer.ok, await answer.text());
  };
}

function set(operate, person, currency, standing) {
  const whose = { person: person.me.handle };
  return operate("standings", { whose, currency, standing, reason: "A test of the page" });
}
