import type { ParsedArguments } from "./arguments.ts";

export interface OptionSpec {
  /** Without dashes: `display-name`. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** What follows it: nothing for a switch, `["FILE"]`, or `["NAME", "VALUE"]`. */
  readonly values: readonly string[];
  /** It may be given several times. */
  readonly isRepeated?: boolean;
  readonly help: string;
}

export interface Example {
  /** Without the program's name: `install --user`. */
  readonly line: string;
  readonly does: string;
}

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** Further sentences of its help. */
  readonly description?: string;
  /** The one word that it takes besides options. */
  readonly operand?: string;
  readonly options: readonly OptionSpec[];
  readonly examples: readonly Example[];
}

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

/** Wrong use of the command line: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
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
