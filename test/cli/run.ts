import { spawn } from "node:child_process";
import { join } from "node:path";

export interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The `soclab` command. */
export const script = join(import.meta.dirname, "..", "..", "bin", "soclab.mjs");

/** Runs `soclab` as a shell would. */
export function soclab(args: readonly string[], input: string | Uint8Array = ""): Promise<Run> {
  const child = spawn(process.execPath, [script, ...args], { stdio: "pipe" });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, out, err })));
}

/** The lines of an NDJSON output. */
export function ndjson(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
