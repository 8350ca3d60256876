/** A value that a parameter can have. */
export type ParameterValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly ParameterValue[]
  | { readonly [name: string]: ParameterValue };

const integer = /^[+-]?\d+(?:_\d+)*$/;
const decimal = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i;
const words: ReadonlyMap<string, boolean | null> = new Map([
  ["True", true],
  ["true", true],
  ["False", false],
  ["false", false],
  ["None", null],
  ["null", null],
]);

/**
 * The value that a word of the command line means, by papermill's rules: what Python's `int` or `float` reads is a number,
 * `True`, `False` and `None` (here TypeScript's spellings too) are what they say, all else is text.
 * An integer that a number cannot hold exactly is a bigint.
 */
export function parseParameterValue(word: string): ParameterValue {
  const known = words.get(word);
  if (known !== undefined) return known;
  const text = word.trim();
  const digits = text.replaceAll("_", "").replace(/^\+/, "");
  if (integer.test(text)) return Number.isSafeInteger(Number(digits)) ? Number(digits) + 0 : BigInt(digits);
  if (decimal.test(text)) return Number(digits);
  const named = /^([+-]?)(?:(inf|infinity)|nan)$/i.exec(text);
  if (!named) return word;
  if (named[2] === undefined) return Number.NaN;
  return named[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** The value as a TypeScript expression. */
export function parameterExpression(value: ParameterValue): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(parameterExpression).join(", ")}]`;
  const members = Object.entries(value).map(([name, member]) => `${memberName(name)}: ${parameterExpression(member)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** As JSON, for the notebook's metadata: what JSON cannot hold is text. */
export function parameterJson(value: ParameterValue): unknown {
  if (typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value))) return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map(parameterJson);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, parameterJson(member)]));
}

function memberName(name: string): string {
  // In a literal, a plain __proto__ would be the prototype.
  if (name === "__proto__") return '["__proto__"]';
  return JSON.stringify(name);
}

function isList(value: object): value is readonly ParameterValue[] {
  return Array.isArray(value);
}
