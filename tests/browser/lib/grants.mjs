// What apps may do, in a real browser: seen, narrowed, refused, bounded, read, and left.

import assert from "node:assert/strict";

import { faint, overflow } from "./looks.mjs";

const TEA = "Tea House";

/** Walks a person who has bought tea through the page of their grants. */
export async function grantSteps({ step, watch, shot, ana }) {
  await step("the page shows what an app may do, why, and when it used it last", async () => {
    const tea = await opened(ana);
    const pays = matter(tea, "Ask you for payments of at most 50.00 USD each");
    await pays.getByText(/^Allowed Last used/).waitFor();
    assert.match(await pays.locator("q").textContent(), /\w/);
    await shot(ana, "grants-1280");
    await ana.page.keyboard.press("Escape");
  });

  await step("payments are narrowed, and a sheet above that does not come", async () => {
    const tea = await opened(ana);
    const pays = matter(tea, "Ask you for payments");
    await pays.locator("summary", { hasText: "Less" }).click();
    await pays.getByLabel("At most, in one order").fill("lots");
    await pays.getByRole("button", { name: "Allow less" }).click();
    await pays.getByText("not an amount").waitFor();
    await pays.getByLabel("At most, in one order").fill("3.00");
    await shot(ana, "grants-less-1280");
    await pays.getByRole("button", { name: "Allow less" }).click();
    await matter(tea, "at most 3.00 USD each").waitFor();
    await ana.page.keyboard.press("Escape");
    await watch.refusal(async () => {
      await ana.orderTea({ size: "large" });
      await ana.page.waitForTimeout(700);
    });
    assert.equal(await ana.dialog("payment").count(), 0);
  });

  await step("what is refused stays refused until it is allowed again", async () => {
    const tea = await opened(ana);
    await say(tea, "Ask you for payments", "Refuse");
    await matter(tea, "Ask you for payments").getByText(/^Refused/).waitFor();
    await say(tea, "Ask you for payments", "Allow");
    const pays = matter(tea, "at most 50.00 USD each");
    await pays.getByText(/^Allowed/).waitFor();
    await ana.page.keyboard.press("Escape");
  });

  await step("a budget is set, holds at the sheet, and is taken away", async () => {
    const tea = await opened(ana);
    await tea.locator("summary", { hasText: "Set a budget" }).click();
    const form = tea.locator(".bound form");
    await form.getByRole("button", { name: "Set the budget" }).click();
    await form.getByText("Say how much").waitFor();
    await form.getByLabel("In one order").fill("1.00");
    await form.getByLabel("In all, until it ends").fill("9.00");
    await form.getByRole("button", { name: "Set the budget" }).click();
    await form.getByText("Say for how many days").waitFor();
    await form.getByLabel("For how many days").fill("7");
    await form.getByRole("button", { name: "Set the budget" }).click();
    await tea.locator("summary", { hasText: "Your budget here" }).click();
    await tea.getByText(/In one order 1\.00 USD · In all 9\.00 USD · until/).waitFor();
    await shot(ana, "grants-budget-1280");
    await ana.page.keyboard.press("Escape");
    await ana.orderTea({ size: "large" });
    const sheet = ana.dialog("payment");
    await watch.refusal(async () => {
      await sheet.getByRole("button", { name: /^Approve/ }).click();
      await sheet.getByText("at most 1.00 USD may be spent at once").waitFor();
    });
    await sheet.getByRole("button", { name: "Decline" }).click();
    const again = await opened(ana);
    await again.locator("summary", { hasText: "Your budget here" }).click();
    await again.getByRole("button", { name: "Take it away" }).click();
    await again.locator("summary", { hasText: "Set a budget" }).waitFor();
    await ana.page.keyboard.press("Escape");
  });

  await step("what apps did is there to read, and all of it is readable", async () => {
    await opened(ana);
    const lines = ana.dialog("grants").locator(".activity li");
    await lines.filter({ hasText: /asked for payment/ }).first().waitFor();
    await lines.filter({ hasText: /it failed/ }).first().waitFor();
    const count = await lines.count();
    await ana.dialog("grants").getByRole("button", { name: "Earlier" }).click();
    await lines.nth(count).waitFor();
    assert.deepEqual(await faint(ana.page), []);
    await ana.page.keyboard.press("Escape");
  });
}

/** Leaving is said before it is done, and the app is gone from the page. */
export async function leaveStep({ step, shot, ana }) {
  await step("who leaves an app is told what that means, and it knows them no more", async () => {
    const tea = await opened(ana);
    await tea.locator("summary", { hasText: "Leave this app" }).click();
    await tea.getByText("will know you no more").waitFor();
    await shot(ana, "grants-leave-1280");
    await tea.getByRole("button", { name: `Leave ${TEA}` }).click();
    await tea.waitFor({ state: "detached" });
    await ana.page.keyboard.press("Escape");
    const { items } = await ana.ask("/v1/me/grants");
    assert.ok(!items.some(({ app_name: name }) => name === TEA));
  });
}

/** The page on a phone: everything fits, whatever is opened. */
export async function grantsFit(phone, shot) {
  const tea = await opened(phone);
  assert.ok((await overflow(phone.page)) <= 0, "the grants");
  await shot(phone, "grants-390");
  for (const words of ["Set a budget", "Leave this app"]) {
    await tea.locator("summary", { hasText: words }).click();
    await tea.locator("summary", { hasText: words }).scrollIntoViewIfNeeded();
    assert.ok((await overflow(phone.page)) <= 0, words);
    await shot(phone, `grants-${words.split(" ")[0].toLowerCase()}-390`);
  }
  await phone.page.keyboard.press("Escape");
}

/** The tea house on the page, unfolded. */
async function opened(person) {
  await person.page.getByRole("button", { name: "What apps may do" }).click();
  const tea = person.dialog("grants").locator(".apps > li", { hasText: TEA });
  await tea.locator("summary").first().click();
  await tea.locator(".matters").waitFor();
  return tea;
}

function matter(app, words) {
  return app.locator(".matters > li", { hasText: words });
}

async function say(app, words, saying) {
  await matter(app, words).getByRole("button", { name: saying, exact: true }).click();
}
