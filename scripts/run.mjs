#!/usr/bin/env node
// `npm start | test | run build | run bench | run fuzz` on any Node ≥ 20 with nothing installed: the right Node, the packages of the lock file,
// the compiled library, then the command itself. Quiet where nothing is to be done.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "./run/build.mjs";
import { childEnv, forward } from "./run/child.mjs";
import { installPackages } from "./run/install.mjs";
import { isSupported, pinnedNode } from "./run/node.mjs";
import { root } from "./run/root.mjs";
import { hintFor, SetupError } from "./run/step.mjs";
import { testCommand } from "./run/test.mjs";

const [command, ...args] = process.argv.slice(2);
const commands = {
  start: async () => {
    await installPackages();
    await build();
    return ["bin/soclab.mjs", "demo", ...args];
  },
  test: async () => {
    await installPackages();
    return testCommand(args);
  },
  bench: async () => {
    await installPackages();
    if (!existsSync(join(root, "bench/run.ts"))) throw new SetupError("there is no bench/run.ts");
    return ["bench/run.ts", ...args];
  },
  fuzz: async () => {
    await installPackages();
    return ["test/fuzz/run.ts", ...args];
  },
  build: async () => {
    await installPackages();
    await build();
  },
};

async function main() {
  if (!Object.hasOwn(commands, command ?? "")) {
    process.stderr.write(`usage: node scripts/run.mjs ${Object.keys(commands).join("|")} [arguments]\n`);
    return 2;
  }
  if (!isSupported(process.versions.node)) {
    if (process.env.SOCLAB_REEXEC) throw new SetupError(`the fetched Node is ${process.versions.node}, which is too old as well`);
    const node = await pinnedNode();
    return forward(node, [import.meta.filename ?? join(root, "scripts/run.mjs"), command, ...args], {
      ...childEnv(node),
      SOCLAB_REEXEC: "1",
    });
  }
  const run = await commands[command]();
  if (run === undefined) return 0;
  return forward(process.execPath, ["--disable-warning=ExperimentalWarning", ...run], childEnv(process.execPath));
}

try {
  process.exitCode = await main();
} catch (error) {
  // Beside our own errors only the file system's are a user's to mend; anything else is a bug and keeps its stack.
  if (!(error instanceof SetupError) && !error.syscall) throw error;
  const hint =
    error.hint ?? hintFor(String(error.code)) ?? (error.syscall && "Check that this folder can be written to and that the disk has room.");
  process.stderr.write(`soclab: ${error.message}\n${hint ? `  ${hint}\n` : ""}`);
  process.exitCode = 1;
}
