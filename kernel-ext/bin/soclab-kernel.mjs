#!/usr/bin/env node
// The `soclab-kernel` command. From an install it runs the compiled JavaScript (Node does not strip types inside node_modules); from a checkout
// too, unless a source has changed since: each of the kernel's threads that strips types itself takes 15 MB and 100 ms more.
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const home = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(home, "src", "cli", "main.ts");
const compiled = join(home, "dist", "cli", "main.js");
const [major, minor] = process.versions.node.split(".").map(Number);

if (major >= 24 || (major === 22 && minor >= 22)) {
  quietTypeStripping();
  const { main } = await import(pathToFileURL(isCompiled() ? compiled : source).href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write(`soclab-kernel: Node ${process.versions.node} is too old, the kernel needs 22.22 or 24 and later.\n`);
  process.exitCode = 1;
}

/** Node 22 announces on every start that it strips types; stderr is for the command's own words. */
function quietTypeStripping() {
  const emit = process.emitWarning;
  process.emitWarning = (warning, ...rest) => {
    const type = typeof rest[0] === "object" ? rest[0]?.type : rest[0];
    if (type !== "ExperimentalWarning") emit.call(process, warning, ...rest);
  };
}

/** Whether the build is there, and as young as every source. */
function isCompiled() {
  if (!existsSync(source)) return true;
  const built = statSync(join(home, "dist", ".sources"), { throwIfNoEntry: false })?.mtimeMs;
  if (built === undefined) return false;
  const sources = readdirSync(join(home, "src"), { recursive: true, withFileTypes: true });
  return sources.every((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs <= built);
}
