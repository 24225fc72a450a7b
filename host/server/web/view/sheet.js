// The payment sheet: the one place where money is approved, drawn by the host from the host's own
// record of the order. The app's words on it are in quotes; everything else is the host's.
//
// Approving sends back the nonce of what was drawn, so what is paid is what was read. The button
// wakes a moment after the sheet is drawn: a press meant for what was there before does not pay.

import { act, get, now } from "../wire/api.js";
import { el, fill, name, quote } from "../dom.js";
import { model, on, setOrder } from "../model.js";
import { left } from "../time.js";
import { bill } from "./bill.js";
import { dialog } from "./dialog.js";
import { depositForm } from "./deposit.js";
import { during } from "./ended.js";
import { say } from "./live.js";
import { trouble } from "./trouble.js";

const WAKES_MS = 700;

/** Opens the sheet of an order. `done(true)` when it was answered, `done(false)` when put off. */
export function paymentSheet(order, done) {
  let nonce = null;
  let key = null;
  let sending = false;
  let answered = false;
  const body = el("div", { class: "order" });
  const clock = el("span", {});
  const wrong = el("div", { class: "trouble", role: "alert" });
  const approve = el("button", { class: "primary", type: "button", onclick: pay, disabled: true });
  const decline = el("button", { class: "quiet", type: "button", onclick: refuse }, "Decline");
  const { close } = dialog({
    label: order.authorize_only
      ? ["Set money aside for ", name(order.app_name), "?"]
      : ["Pay ", name(order.app_name), "?"],
    kind: "payment",
    from: "Payment request",
    closeWord: "Not now",
    content: [body, wrong, el("footer", {}, decline, approve)],
    closed: () => {
      clearInterval(ticking);
      offOrders();
      offBalances();
      done(answered);
    },
  });
  const ticking = setInterval(tick, 1000);
  const offOrders = on("orders", changedElsewhere);
  const offBalances = on("balances", draw);
  draw();
  read();

  /** Asks the host for the order as it is now, and for the nonce that approves just that. */
  async function read() {
    nonce = null;
    tick();
    try {
      const sheet = await act(`/v1/orders/${order.id}/sheet`);
      order = sheet.order;
      key = crypto.randomUUID();
      draw();
      setTimeout(() => {
        nonce = sheet.nonce;
        tick();
      }, WAKES_MS);
    } catch (problem) {
      complain(problem);
    }
  }

  function draw() {
    fill(body, bill(order, clock));
    fill(approve, `Approve ${order.total_text}`);
    tick();
  }

  function tick() {
    const rest = order.expires - now();
    fill(clock, rest > 0 ? `Expires in ${left(rest)}` : "This request has expired");
    approve.disabled = sending || rest <= 0 || nonce === null;
    decline.disabled = sending || rest <= 0;
  }

  async function pay() {
    busy(true);
    try {
      const { entry } = await during(() =>
        act(`/v1/orders/${order.id}/approve`, { nonce }, { key }),
      );
      answered = true;
      // The stream will say the same; until then nothing may ask for it again.
      setOrder({ ...order, ...approved(entry), revision: order.revision + 1 });
      say(
        order.authorize_only
          ? `Set ${order.total_text} aside for ${order.app_name}.`
          : `Paid ${order.total_text} to ${order.app_name}.`,
      );
      close();
    } catch (problem) {
      // What was refused stays refused under its key; an answer that was lost is asked for again.
      if (problem.status >= 400 && problem.status < 500) key = crypto.randomUUID();
      busy(false);
      await complain(problem);
    }
  }

  async function refuse() {
    busy(true);
    try {
      setOrder(await act(`/v1/orders/${order.id}/decline`));
      answered = true;
      say("Declined. Nothing was charged.");
      close();
    } catch (problem) {
      busy(false);
      await complain(problem);
    }
  }

  function busy(yes) {
    fill(wrong);
    sending = yes;
    body.ariaBusy = String(yes);
    tick();
  }

  async function complain(problem) {
    if (problem.kind === "wrong-state") return setOrder(await get(`/v1/orders/${order.id}`));
    const words = el("p", {}, problem.appSays ? stopped(problem) : trouble(problem));
    const short = problem.kind === "insufficient-funds" && model.rails.bank;
    fill(wrong, words, short && depositForm({ currency: order.total.currency }));
    tick();
    if (problem.kind === "stale-approval") read();
  }

  /** What an order is once it is approved. */
  function approved({ id }) {
    return order.authorize_only ? { state: "authorized" } : { state: "paid", entry: id };
  }

  /** The shop looked once more and does not want it paid; its words are quoted. */
  function stopped({ appSays }) {
    const rest = " Nothing was paid. The request still waits.";
    return [name(order.app_name), " said no: ", quote(appSays), rest];
  }

  /** It was answered in another window, taken back, or its time is up. */
  function changedElsewhere() {
    const known = model.orders.get(order.id);
    if (!known || known.state === "pending") return;
    answered = true;
    close();
  }
}
