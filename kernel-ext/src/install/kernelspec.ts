import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type KernelArgvOptions, kernelArgv, packageVersion } from "./kernel-program.ts";

/** What a `kernel.json` holds, as far as it concerns us. */
export interface Kernelspec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: "signal" | "message";
  readonly env: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** The key in a kernelspec's metadata that says that we wrote it. */
const mark = "soclab-kernel";

export const defaultName = "soclab";
export const defaultDisplayName = "TypeScript (soclab)";

/** Without them glibc keeps 17 MB that the compiler's start has freed; the kernel takes them out of what its own children see. */
const allocator = { MALLOC_TRIM_THRESHOLD_: "131072", MALLOC_ARENA_MAX: "2" };

export interface KernelspecOptions extends KernelArgvOptions {
  readonly displayName?: string;
}

export function newKernelspec(options: KernelspecOptions = {}): Kernelspec {
  return {
    argv: kernelArgv(options),
    display_name: options.displayName ?? defaultDisplayName,
    language: "typescript",
    interrupt_mode: "message",
    env: process.platform === "linux" ? allocator : {},
    // JupyterLab enables its debugger by the first.
    metadata: { debugger: true, [mark]: { version: packageVersion() } },
  };
}

/** A folder that Jupyter cannot start a kernel from. */
export interface WrongKernelspec {
  readonly wrong: string;
  /** It has no `kernel.json`: Jupyter does not take it for a kernel. */
  readonly isMissing: boolean;
}

/** @returns the spec in a kernel's folder, or what is wrong with it */
export function readKernelspec(folder: string): Kernelspec | WrongKernelspec {
  const path = join(folder, "kernel.json");
  if (!existsSync(path)) return { wrong: "there is no kernel.json", isMissing: true };
  try {
    return parseKernelspec(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error), isMissing: false };
  }
}

function parseKernelspec(spec: unknown): Kernelspec {
  if (!isRecord(spec)) throw new Error("kernel.json holds no JSON object");
  const { argv, display_name = "", language = "", interrupt_mode = "signal", env = {}, metadata = {} } = spec;
  if (!isTextArray(argv)) throw new Error("argv is no list of strings");
  if (typeof display_name !== "string" || typeof language !== "string") throw new Error("display_name or language is no string");
  if (!isRecord(metadata)) throw new Error("metadata is no object");
  return {
    argv,
    display_name,
    language,
    interrupt_mode: interrupt_mode === "message" ? "message" : "signal",
    env: isRecord(env) ? Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)])) : {},
    metadata,
  };
}

/** Whether we wrote it: another kernel's spec is never touched. */
export function isOurs(spec: Kernelspec | WrongKernelspec): spec is Kernelspec {
  return "metadata" in spec && isRecord(spec.metadata[mark]);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTextArray(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
