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

/** Wrong use of the command line: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
