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
     * Hears that an order was paid, authorized, declined or closed by time. What the app does
     * to an order itself, it is not told.
     */
    order?: (event: import("./event.js").Event, order: Order) => void;
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
 * @property {(event: import("./event.js").Event, order: Order) => void}
 *   [order] Hears that an order was paid, authorized, declined or closed by time. What the app does
 *   to an order itself, it is not told.
 */
/**
 * Makes an object with handlers what the component exports: `export const handler = miniApp({…})`.
 *
 * @param {MiniApp} app
 * @returns {typeof import("souk:miniapp/handler@0.1.0")}
 */
export declare function miniApp(app: MiniApp): typeof import("souk:miniapp/handler@0.1.0");
