import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { capture, childEnv } from "./child.mjs";
import { filesUnder, root } from "./root.mjs";
import { SetupError, step } from "./step.mjs";

const dist = join(root, "dist");
const record = join(dist, ".sources");

/** Compiles `src/` to `dist/` when a source or a compiler setting has changed since the last time. */
export async function build() {
  const sources = filesUnder(join(root, "src")).filter((path) => path.endsWith(".ts"));
  const hash = createHash("sha256");
  for (const path of [...sources, ...["tsconfig.json", "tsconfig.build.json", "package-lock.json"].map((name) => join(root, name))]) {
    hash.update(path.slice(root.length)).update("\0").update(readFileSync(path)).update("\0");
  }
  const key = `${hash.digest("hex")}\n`;
  if (existsSync(record) && readFileSync(record, "utf8") === key) return;
  await step(`compile ${sources.length} sources to dist/`, async () => {
    rmSync(record, { force: true });
    removeOrphans(new Set(sources.map((path) => path.slice(root.length + 1, -".ts".length))));
    const { code, output } = await capture(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"], {
      cwd: root,
      env: childEnv(process.execPath),
    });
    if (code !== 0) throw new SetupError(`the sources do not compile:\n${output.trim()}`);
    writeFileSync(record, key);
  });
}

/** Output whose source is gone would still be published. */
function removeOrphans(stems) {
  if (!existsSync(dist)) return;
  for (const path of filesUnder(dist)) {
    const match = /^(.*?)(\.d\.ts|\.js)(\.map)?$/.exec(path.slice(dist.length + 1));
    if (match && !stems.has(match[1])) rmSync(path);
  }
}
