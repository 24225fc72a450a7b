/// <reference path="../types/wit/mini-app.d.ts" preserve="true" />

// Write a mini-app for Souk in JavaScript. README.md opens with a whole one.
//
// The modules are those of the contract: one for each capability, and what they share.

import "./console.js";

export { miniApp } from "./app.js";
export * from "./card.js";
export * as config from "./config.js";
export { Denied } from "./denied.js";
export { Action, Command, Event, Happening, Heard } from "./event.js";
export { Failure } from "./failure.js";
export * as http from "./http.js";
export { User } from "./identity.js";
export * as limits from "./limits.js";
export { Chat } from "./messaging.js";
export { Money, usd } from "./money.js";
export * as schedule from "./schedule.js";
export { Bucket } from "./storage.js";
export { Order, Wallet } from "./wallet.js";
