import { spawnSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

export interface Pipes {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Leads file descriptors 1 and 2 into named pipes that the wire thread reads, so that what native code and child processes print is part
 * of the cell too. Undefined where the system has no named pipes; then that output goes where the kernel's own does.
 * Must run before any other thread opens a file: the descriptors are closed for a moment.
 */
export function redirectDescriptors(): Pipes | undefined {
  if (process.platform === "win32" || process.env.NO_PIPES) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "soclab-kernel-"));
  const pipes = { stdout: join(folder, "stdout"), stderr: join(folder, "stderr") };
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  if (spawnSync("mkfifo", ["-m", "600", pipes.stdout, pipes.stderr], { stdio: "ignore" }).status !== 0) return undefined;
  for (const [descriptor, path] of [
    [1, pipes.stdout],
    [2, pipes.stderr],
  ] as const) {
    closeSync(descriptor);
    const opened = openSync(path, constants.O_RDWR);
    if (opened !== descriptor) throw new Error(`file descriptor ${descriptor} was taken by another (${opened})`);
  }
  return pipes;
}
