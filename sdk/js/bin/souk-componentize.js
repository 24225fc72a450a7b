#!/usr/bin/env node
// souk-componentize APP.js COMPONENT.wasm: makes a component of a mini-app in JavaScript.
//
// The flags are not the app's to choose: a host takes components without the async ABI, and an app
// sees no machine, so WASI is stubbed.

import { mkdirSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const FLAGS = ["--sync", "--stub-wasi", "--minify", "--opt-size"];
const SDK = realpathSync(fileURLToPath(new URL("..", import.meta.url)));
const WIT = resolve(SDK, "../wit");

/**
 * Returns the deepest folder that holds both: modules are looked for in it and nowhere else.
 *
 * @param {string} one
 * @param {string} other
 */
function around(one, other) {
  let folder = one;
  while (relative(folder, other).split(sep)[0] === "..") folder = dirname(folder);
  return folder;
}

const [source, component] = process.argv.slice(2);
if (!source || !component) {
  console.error("Usage: souk-componentize APP.js COMPONENT.wasm");
  process.exit(2);
}
mkdirSync(dirname(component), { recursive: true });
// The compiler is the app's own, wherever the SDK lies.
const compiler = createRequire(resolve("package.json")).resolve("componentize-qjs");
const { runCli } = await import(pathToFileURL(compiler).href);
const root = around(realpathSync(dirname(source)), SDK);
const places = ["--wit", WIT, "--world", "mini-app", "--module-root", root];
const made = await runCli([...FLAGS, ...places, "--js", source, "--output", component]);
process.exit(made ? 0 : 1);
