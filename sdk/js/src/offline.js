// Lets an app's own logic be tested in Node, without a host: `node --import souk-sdk/offline --test`.
//
// The modules of the contract then exist, and whoever calls the host hears that there is none.

import { register } from "node:module";

register("./offline-hooks.js", import.meta.url);
