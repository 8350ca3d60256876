#!/usr/bin/env node
// The `soclab` command: from a checkout it runs the sources as they stand, from an install the compiled JavaScript
// (Node does not strip types inside node_modules).
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const home = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(home, "src", "cli", "main.ts");
const compiled = join(home, "dist", "src", "cli", "main.js");
const isCheckout = existsSync(source);
const [major, minor] = process.versions.node.split(".").map(Number);

if (major >= 24 || (major === 22 && minor >= 22)) {
  if (isCheckout && !existsSync(join(home, "node_modules"))) {
    fail("the packages are not installed", `Run \`npm run build\` in ${home} once; it installs them.`);
  } else {
    quietExperimentalWarnings();
    if (isCheckout) await import(pathToFileURL(join(home, "scripts", "run", "lower-using.mjs")).href);
    const { main } = await import(pathToFileURL(isCheckout ? source : compiled).href);
    process.exitCode = await main(process.argv.slice(2));
  }
} else {
  const node = isCheckout ? (await import(pathToFileURL(join(home, "scripts", "run", "node.mjs")).href)).fetchedNode() : undefined;
  if (node) await runUnder(node);
  else {
    const hint = isCheckout ? `Run \`npm run build\` in ${home} once; it fetches one.` : "Install Node 24: https://nodejs.org";
    fail(`Node ${process.versions.node} is too old, soclab needs 22.22 or 24 and later`, hint);
  }
}

/** `node:sqlite` and, on Node 22, type stripping announce themselves on every start; a command's stderr is for its own words. */
function quietExperimentalWarnings() {
  const emit = process.emitWarning;
  process.emitWarning = (warning, ...rest) => {
    const type = typeof rest[0] === "object" ? rest[0]?.type : rest[0];
    if (type !== "ExperimentalWarning") emit.call(process, warning, ...rest);
  };
}

async function runUnder(node) {
  const { childEnv, forward } = await import(pathToFileURL(join(home, "scripts", "run", "child.mjs")).href);
  process.exitCode = await forward(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], childEnv(node));
}

function fail(message, hint) {
  process.stderr.write(`soclab: ${message}.\n  ${hint}\n`);
  process.exitCode = 1;
}
