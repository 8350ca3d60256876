import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of this package: above `src/` in a checkout, above `dist/` in an install. */
export const packageFolder = folderWithManifest(import.meta.dirname);

/** The program that `kernel.json` starts. */
export const kernelProgram = join(packageFolder, "bin", "soclab-kernel.mjs");

export function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
  const version = typeof manifest === "object" && manifest !== null ? Reflect.get(manifest, "version") : undefined;
  return typeof version === "string" ? version : "0.0.0";
}

/** Whether the kernel runs under a Node of this version: 22.22, or 24 and later. */
export function isNodeNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  return major >= 24 || (major === 22 && minor >= 22);
}

export interface KernelArgvOptions {
  /** Further flags of Node, such as `--max-old-space-size=4096`. */
  readonly nodeFlags?: readonly string[];
  /** Export conditions with which cells import packages. */
  readonly conditions?: readonly string[];
}

/** The command line of the kernel under this Node, `{connection_file}` in it. */
export function kernelArgv({ nodeFlags = [], conditions = [] }: KernelArgvOptions = {}): string[] {
  // Without the first, stopping a timer's callback aborts the process. Node 22 follows a cell through its promises only with the second.
  const flags = ["--no-force-async-hooks-checks"];
  if (process.versions.node.startsWith("22.")) flags.push("--experimental-async-context-frame");
  const asked = conditions.flatMap((condition) => ["--condition", condition]);
  return [process.execPath, ...flags, ...nodeFlags, kernelProgram, "launch", ...asked, "--connection", "{connection_file}"];
}

function folderWithManifest(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("no package.json lies above this module");
  return folderWithManifest(parent);
}
