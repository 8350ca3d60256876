import type { Command } from "commander";
import type { Terminal } from "./terminal.ts";

/** What every command is given. */
export interface Context {
  /** The terminal as the command's `--json` and `--quiet` ask for it. */
  readonly terminal: (command: Command) => Terminal;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}
