#!/usr/bin/env node
// Writes types/ anew: the contract's from sdk/wit, the SDK's from its own comments.
//
// The engine gives u64 and s64 as numbers, exact up to 2^53 - 1, and the host says nothing larger.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const contract = "types/wit";
const run = (/** @type {string[]} */ ...words) =>
  execFileSync("npx", ["--no-install", ...words], { stdio: "inherit" });

rmSync("types", { recursive: true, force: true });
run("jco", "guest-types", "../wit", "--world-name", "mini-app", "--out-dir", contract);
for (const name of readdirSync(`${contract}/interfaces`)) {
  const file = `${contract}/interfaces/${name}`;
  writeFileSync(file, readFileSync(file, "utf8").replaceAll("bigint", "number"));
}
run("tsc", "-p", ".");
