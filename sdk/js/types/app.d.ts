import { Order } from "./wallet.js";
export type MiniApp = {
    /**
     * Answers what somebody typed. Look at `command.name`.
     */
    command: (event: import("./event.js").Event, command: import("./event.js").Command) => void;
    /**
     * Answers a button pressed or a form sent. Look at `action.data`.
     */
    action?: (event: import("./event.js").Event, action: import("./event.js").Action) => void;
    /**
     * Hears what somebody said in a group whose admin lets this app listen. Needs
     * `messaging.listen`.
     */
    message?: (event: import("./event.js").Event, message: import("./event.js").Heard) => void;
    /**
     * Shows somebody their own view of a message that was posted `perViewer`, with
     * `Chat.showTo`. Neither the wallet, nor timers, nor the outside are granted here.
     */
    view?: (event: import("./event.js").Event, message: string) => void;
    /**
     * Hears that a timer went off. Nobody did it: there is no `User` here.
     */
    timer?: (event: import("./event.js").Event, timer: import("./schedule.js").Timer) => void;
    /**
     * Hears what became of a request that an earlier event sent.
     */
    response?: (event: import("./event.js").Event, answer: import("./http.js").Answer) => void;
    /**
     * Hears what this version of the SDK has no handler for. Look at `happening.code`, and do
     * nothing about a code you do not know.
     */
    other?: (event: import("./event.js").Event, happening: import("./event.js").Happening) => void;
    /**
     * Hears that an order was paid, authorized, declined or closed by time. What the app does
     * to an order itself, it is not told.
     */
    order?: (event: import("./event.js").Event, order: Order) => void;
    /**
     * Looks once more at an order that was asked for with `lastLook`, and is still pending:
     * its payer has approved it and waits. Returning lets the payment happen, in one commit with all
     * that was staged; `order.refuse` and throwing stop it. Without this handler it happens.
     */
    lastLook?: (event: import("./event.js").Event, order: Order) => void;
};
/**
 * What a mini-app answers. Every event meets a fresh instance, so handlers keep nothing: what
 * should last goes into a `Bucket`. Returning commits all that the handler staged, at once and
 * together with the event; throwing commits nothing. The host may run a handler again on fresher
 * data before it commits. Handlers are synchronous.
 *
 * @typedef {object} MiniApp
 * @property {(event: import("./event.js").Event, command: import("./event.js").Command) => void}
 *   command Answers what somebody typed. Look at `command.name`.
 * @property {(event: import("./event.js").Event, action: import("./event.js").Action) => void}
 *   [action] Answers a button pressed or a form sent. Look at `action.data`.
 * @property {(event: import("./event.js").Event, message: import("./event.js").Heard) => void}
 *   [message] Hears what somebody said in a group whose admin lets this app listen. Needs
 *   `messaging.listen`.
 * @property {(event: import("./event.js").Event, message: string) => void}
 *   [view] Shows somebody their own view of a message that was posted `perViewer`, with
 *   `Chat.showTo`. Neither the wallet, nor timers, nor the outside are granted here.
 * @property {(event: import("./event.js").Event, timer: import("./schedule.js").Timer) => void}
 *   [timer] Hears that a timer went off. Nobody did it: there is no `User` here.
 * @property {(event: import("./event.js").Event, answer: import("./http.js").Answer) => void}
 *   [response] Hears what became of a request that an earlier event sent.
 * @property {(event: import("./event.js").Event, happening: import("./event.js").Happening) => void}
 *   [other] Hears what this version of the SDK has no handler for. Look at `happening.code`, and do
 *   nothing about a code you do not know.
 * @property {(event: import("./event.js").Event, order: Order) => void}
 *   [order] Hears that an order was paid, authorized, declined or closed by time. What the app does
 *   to an order itself, it is not told.
 * @property {(event: import("./event.js").Event, order: Order) => void}
 *   [lastLook] Looks once more at an order that was asked for with `lastLook`, and is still pending:
 *   its payer has approved it and waits. Returning lets the payment happen, in one commit with all
 *   that was staged; `order.refuse` and throwing stop it. Without this handler it happens.
 */
/**
 * Makes an object with handlers what the component exports: `export const handler = miniApp({…})`.
 *
 * @param {MiniApp} app
 * @returns {typeof import("souk:miniapp/handler@0.1.0")}
 */
export declare function miniApp(app: MiniApp): typeof import("souk:miniapp/handler@0.1.0");
