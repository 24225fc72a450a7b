// Links of an app's, in a real browser: pressed in a chat, put off, followed, and no way in.

import assert from "node:assert/strict";

/** Walks two people through the link of a table, and somebody who is not in their chat. */
export async function linkSteps({ step, watch, shot, ana, bo, group, stranger }) {
  let address;

  await step("a link of an app's says where it leads, and does nothing by itself", async () => {
    await ana.say("/table 4");
    const link = bo.message("Order at table 4").getByRole("link");
    address = await link.textContent();
    await link.click();
    const asked = bo.dialog("start");
    await asked.getByText(`It opens Tea House in ${group.title}.`).waitFor();
    await asked.getByText("/tea").waitFor();
    await shot(bo, "start-1280");
    const before = await bo.page.locator(".message").count();
    await asked.getByRole("button", { name: "Not now" }).click();
    await bo.page.waitForTimeout(500);
    assert.equal(await bo.page.locator(".message").count(), before);
  });

  await step("who follows it opens the app with what the link says", async () => {
    await bo.message("Order at table 4").getByRole("link").click();
    await bo.dialog("start").getByRole("button", { name: "Open Tea House" }).click();
    await bo.card().getByText("Today's menu at table 4").waitFor();
    await ana.card().getByText("Today's menu at table 4").waitFor();
  });

  await step("a link lets nobody in: who signs in by one is told so", async () => {
    const dee = await stranger();
    await watch.refusal(async () => {
      await dee.page.goto(address);
      await dee.page.getByRole("button", { name: "Join" }).click();
      await dee.page.getByLabel("Your name").fill("Dee");
      await dee.page.getByLabel("Handle").fill(`dee${Date.now().toString(36)}`);
      await dee.page.getByLabel("Password").fill("a long password");
      await dee.page.getByRole("button", { name: "Join", exact: true }).click();
      await dee.dialog("start").getByText("Its chat is none of yours").waitFor();
    });
    await dee.leave();
  });
}
