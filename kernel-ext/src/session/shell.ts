import { spawn } from "node:child_process";

export interface ShellResult {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly output: string;
}

const keptOutput = 1 << 20;

/** Runs a command in the system's shell; what it prints is shown at once. */
export async function runInShell(
  command: string,
  cwd: string,
  signal: AbortSignal,
  print: (stream: "stdout" | "stderr", text: string) => void,
): Promise<ShellResult> {
  const child = spawn(command, { shell: true, cwd, signal, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8");
    child[name].on("data", (text: string) => {
      print(name, text);
      if (name === "stdout" && output.length < keptOutput) output += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) print("stderr", `(the command ended with ${code === null ? "a signal" : `exit code ${code}`})\n`);
  return { code, output };
}
