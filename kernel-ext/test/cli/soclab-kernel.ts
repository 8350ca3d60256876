import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { kernelProgram } from "../../src/install/kernel-program.ts";

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** Given the process as it runs. */
  readonly onStart?: (signal: (name: NodeJS.Signals) => void) => void;
}

/** Runs `soclab-kernel` with these words, as a person does. */
export async function soclabKernel(words: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const { cwd, env = process.env, input = "", onStart } = options;
  const child = spawn(process.execPath, [kernelProgram, ...words], { cwd, env, stdio: "pipe" });
  child.stdin.end(input);
  onStart?.((name) => child.kill(name));
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once("close", resolve)),
  ]);
  return { code, stdout, stderr };
}
