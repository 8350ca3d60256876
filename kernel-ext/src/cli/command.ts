import type { ParsedArguments } from "./arguments.ts";
import type { CommandSpec } from "./command-spec.ts";

/** What a command is given of the world. */
export interface Context {
  /** How the user called this program: `soclab-kernel`, `soclab kernel`. */
  readonly program: string;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WriteStream;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

export interface Command {
  readonly spec: CommandSpec;
  /** @returns the exit code */
  run(args: ParsedArguments, context: Context): Promise<number>;
}

/** What could not be done, with what to do about it: exit code 1. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
