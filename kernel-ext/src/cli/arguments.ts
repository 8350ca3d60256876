import { didYouMean } from "../notebook/near-name.ts";
import { type CommandSpec, type OptionSpec, UsageError } from "./command-spec.ts";

/** The words after a command, sorted out. `util.parseArgs` cannot: an option such as `-p NAME VALUE` takes two. */
export class ParsedArguments {
  readonly operand: string | undefined;
  readonly #given: ReadonlyMap<string, readonly (readonly string[])[]>;

  constructor(operand: string | undefined, given: ReadonlyMap<string, readonly (readonly string[])[]>) {
    this.operand = operand;
    this.#given = given;
  }

  has(name: string): boolean {
    return this.#given.has(name);
  }

  /** The option's value; the last one where it was repeated. */
  value(name: string): string | undefined {
    return this.#given.get(name)?.at(-1)?.[0];
  }

  /** The values of every time that the option was given. */
  all(name: string): readonly (readonly string[])[] {
    return this.#given.get(name) ?? [];
  }
}

/** @throws UsageError that names the wrong word, and the nearest right one */
export function parseArguments(spec: CommandSpec, words: readonly string[]): ParsedArguments {
  const given = new Map<string, string[][]>();
  const operands: string[] = [];
  for (let at = 0; at < words.length; ) {
    const word = words[at++] ?? "";
    if (word === "--") {
      operands.push(...words.slice(at));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      operands.push(word);
      continue;
    }
    const equals = word.startsWith("--") ? word.indexOf("=") : -1;
    const option = findOption(spec, equals < 0 ? word : word.slice(0, equals));
    const values = equals < 0 ? [] : [word.slice(equals + 1)];
    if (equals >= 0 && option.values.length !== 1) throw new UsageError(`--${option.name} takes ${takes(option)}, not "${word}"`);
    while (values.length < option.values.length && at < words.length) values.push(words[at++] ?? "");
    if (values.length < option.values.length) throw new UsageError(`--${option.name} needs ${option.values.join(" and ")}`);
    const before = given.get(option.name);
    if (before && !option.isRepeated) throw new UsageError(`--${option.name} is given twice`);
    given.set(option.name, [...(before ?? []), values]);
  }
  const limit = spec.operand === undefined ? 0 : 1;
  if (operands.length > limit) throw new UsageError(`"${operands[limit]}" is one word too many`);
  if (spec.operand !== undefined && operands.length === 0 && !given.has("help")) throw new UsageError(`${spec.operand} is missing`);
  return new ParsedArguments(operands[0], given);
}

function findOption(spec: CommandSpec, word: string): OptionSpec {
  const found = spec.options.find(({ name, short }) => word === `--${name}` || (short !== undefined && word === `-${short}`));
  if (found) return found;
  const names = spec.options.map(({ name }) => `--${name}`);
  throw new UsageError(`${spec.name} has no option "${word}".${didYouMean(word, names)}`);
}

function takes({ values }: OptionSpec): string {
  return values.length === 0 ? "no value" : values.join(" ");
}
