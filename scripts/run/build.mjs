import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { capture, childEnv } from "./child.mjs";
import { filesUnder, root } from "./root.mjs";
import { SetupError, step } from "./step.mjs";

/** What is compiled: sources, the compiler's settings, the output folder, and where in it the output of `sources` begins. */
const projects = [
  { sources: "src", config: "tsconfig.build.json", output: "dist", base: "" },
  { sources: "kernel-ext/src", config: "kernel-ext/tsconfig.build.json", output: "kernel-ext/dist", base: "kernel-ext/src/" },
];

/** Compiles the library and the kernel, each when a source or a compiler setting has changed since the last time. */
export async function build() {
  for (const project of projects) if (existsSync(join(root, project.config))) await compile(project);
}

async function compile({ sources: folder, config, output, base }) {
  const record = join(root, output, ".sources");
  const sources = filesUnder(join(root, folder)).filter((path) => path.endsWith(".ts"));
  const hash = createHash("sha256");
  for (const path of [...sources, ...["tsconfig.json", config, "package-lock.json"].map((name) => join(root, name))]) {
    hash.update(path.slice(root.length)).update("\0").update(readFileSync(path)).update("\0");
  }
  const key = `${hash.digest("hex")}\n`;
  if (existsSync(record) && readFileSync(record, "utf8") === key) return;
  await step(`compile ${sources.length} sources to ${output}/`, async () => {
    rmSync(record, { force: true });
    removeOrphans(join(root, output), new Set(sources.map((path) => path.slice(root.length + 1 + base.length, -".ts".length))));
    const { code, output: said } = await capture(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", config], {
      cwd: root,
      env: childEnv(process.execPath),
    });
    if (code !== 0) throw new SetupError(`the sources do not compile:\n${said.trim()}`);
    writeFileSync(record, key);
  });
}

/** Output whose source is gone would still be published. */
function removeOrphans(dist, stems) {
  if (!existsSync(dist)) return;
  for (const path of filesUnder(dist)) {
    const match = /^(.*?)(\.d\.ts|\.js)(\.map)?$/.exec(path.slice(dist.length + 1));
    if (match && !stems.has(match[1])) rmSync(path);
  }
}
