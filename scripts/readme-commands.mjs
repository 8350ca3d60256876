// Runs every block of README.md that is fenced as `sh run`, in order, as a reader would type it; stops at the first that fails.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { childEnv } from "./run/child.mjs";
import { fetchedNode, isSupported } from "./run/node.mjs";
import { root } from "./run/root.mjs";

const blocks = [...readFileSync(`${root}/README.md`, "utf8").matchAll(/^```sh run\n([\s\S]*?)^```$/gm)].map((match) => match[1]);
if (blocks.length === 0) throw new Error("README.md has no block that is fenced as `sh run`");
const node = isSupported(process.versions.node) ? process.execPath : fetchedNode();
for (const block of blocks) {
  process.stdout.write(`${block.replaceAll(/^/gm, "$ ").replace(/\$ $/, "")}`);
  const { status } = spawnSync("bash", ["-euo", "pipefail", "-c", block], {
    cwd: root,
    env: childEnv(node ?? process.execPath),
    stdio: "inherit",
  });
  if (status !== 0) {
    process.stderr.write(`README.md: this block ended with exit code ${status}\n`);
    process.exit(1);
  }
}
