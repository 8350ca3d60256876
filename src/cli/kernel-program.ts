import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { packageRoot, SoclabError } from "../core/index.ts";

/**
 * Cells import what soclab was compiled to: with its declarations a first import takes half the time and 45 MB less. In a checkout that was
 * not built since a source changed they import the sources as they stand, where this Node can parse them (`using` needs 24).
 */
function sourceCondition(): readonly string[] {
  const isCheckout = import.meta.url.endsWith(".ts");
  const parsesSources = Number(process.versions.node.split(".")[0]) >= 24;
  return isCheckout && parsesSources && !isBuilt() ? ["--condition", "soclab-source"] : [];
}

function isBuilt(): boolean {
  const built = statSync(join(packageRoot(), "dist", ".sources"), { throwIfNoEntry: false })?.mtimeMs;
  if (built === undefined) return false;
  const entries = readdirSync(join(packageRoot(), "src"), { recursive: true, withFileTypes: true });
  return entries.every((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs <= built);
}

/** A command whose words, `--help` among them, are the notebook kernel's own program's to understand. */
export interface PassedOn {
  readonly name: string;
  readonly summary: string;
  /** What the program calls itself. */
  readonly program: string;
  words(args: readonly string[]): readonly string[];
}

export const passedOn: readonly PassedOn[] = [
  {
    name: "kernel",
    summary: "the TypeScript kernel for Jupyter: install, uninstall, doctor",
    program: "soclab kernel",
    words: ([first, ...rest]) =>
      first === undefined ? [] : first === "install" ? [first, ...sourceCondition(), ...rest] : [first, ...rest],
  },
  {
    name: "run",
    summary: "run a notebook from its first cell to its last, without Jupyter",
    program: "soclab",
    words: (args) => ["run", ...sourceCondition(), ...args],
  },
];

/**
 * Runs the notebook kernel's own program in this one's place: its output, its signals.
 * @returns its exit code
 */
export async function runKernelProgram(command: PassedOn, args: readonly string[]): Promise<number> {
  const program = join(packageRoot(), "kernel-ext", "bin", "soclab-kernel.mjs");
  if (!existsSync(program)) {
    throw new SoclabError("SOCLAB_NOT_FOUND", `the notebook kernel is not at ${program}`, {
      hint: "Install soclab again: it comes with it.",
    });
  }
  const child = spawn(process.execPath, [program, ...command.words(args)], {
    stdio: "inherit",
    env: { ...process.env, SOCLAB_KERNEL_PROGRAM: command.program },
  });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const handlers = signals.map((signal) => {
    // A terminal sends Ctrl-C to the child as well.
    const handler = () => {
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    };
    process.on(signal, handler);
    return [signal, handler] as const;
  });
  try {
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (...ended) => resolve(ended));
    });
    return code ?? 128 + (signal === null ? 0 : (signalNumbers[signal] ?? 0));
  } finally {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  }
}

/** As a shell reports a program that a signal ended. */
const signalNumbers: Partial<Record<NodeJS.Signals, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };
