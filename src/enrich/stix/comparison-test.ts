import { SoclabError } from "../../core/index.ts";
import { type AddressPrefix, maskWords, parsePrefix } from "../address.ts";
import type { JsonObject } from "../json-object.ts";
import { LinearRegex } from "./linear-regex.ts";
import { type PathValue, pathValues } from "./path-values.ts";
import type { Comparison, OrderOperator, PatternLiteral, TextOperator } from "./pattern.ts";
import { normaliseTimestamp } from "./timestamp.ts";

/** Whether an object, with what it refers to, passes a test. */
export type ObjectTest = (root: JsonObject, objects: ReadonlyMap<string, JsonObject>) => boolean;
type ValueTest = (value: PathValue) => boolean;

/**
 * Makes a test of what stands between square brackets. Both sides of AND are tested on the same object. NOT turns the result round, for a
 * value of the wrong kind too: 5 is not LIKE anything, so it is NOT LIKE everything.
 *
 * @throws SOCLAB_INVALID_VALUE for a regular expression that is refused; the test itself throws it for a text that is compared with a time and
 * is none
 */
export function comparisonTest(comparison: Comparison): ObjectTest {
  if (comparison.kind === "and" || comparison.kind === "or") {
    const tests = comparison.operands.map(comparisonTest);
    return comparison.kind === "and"
      ? (root, objects) => tests.every((test) => test(root, objects))
      : (root, objects) => tests.some((test) => test(root, objects));
  }
  const { path, negated } = comparison;
  if (comparison.kind === "exists")
    return (root, objects) => pathValues(path, root, objects).some((value) => value !== null) !== negated && root.type === path.objectType;
  const test = valueTest(comparison);
  return (root, objects) => pathValues(path, root, objects).some((value) => test(value) !== negated);
}

function valueTest(comparison: Extract<Comparison, { kind: "compare" | "in" | "text" }>): ValueTest {
  if (comparison.kind === "compare") return orderTest(comparison.operator, comparison.literal);
  if (comparison.kind === "text") return textTest(comparison.operator, comparison.operand);
  const tests = comparison.literals.map((literal) => orderTest("=", literal));
  return (value) => tests.some((test) => test(value));
}

function orderTest(operator: OrderOperator, literal: PatternLiteral): ValueTest {
  return (value) => {
    const order = compare(value, literal);
    switch (operator) {
      case "=":
        return order === 0;
      case "!=":
        return order !== 0;
      case "<":
        return order !== null && order < 0;
      case "<=":
        return order !== null && order <= 0;
      case ">":
        return order !== null && order > 0;
      case ">=":
        return order !== null && order >= 0;
    }
  };
}

/** Below 0 where the value comes first, above 0 where the literal does, null where the two cannot be compared. */
function compare(value: PathValue, literal: PatternLiteral): number | null {
  switch (literal.kind) {
    case "integer":
    case "float":
      return typeof value === "number" ? value - literal.value : null;
    case "boolean":
      return typeof value === "boolean" ? Number(value) - Number(literal.value) : null;
    case "timestamp":
      return typeof value === "string" ? order(timeOf(value), literal.value) : null;
    case "string":
      if (typeof value === "string") return value === literal.value ? 0 : Buffer.compare(Buffer.from(value), Buffer.from(literal.value));
      return value instanceof Uint8Array ? compareBytes(value, latin1(literal.value)) : null;
    case "hex":
    case "binary":
      if (value instanceof Uint8Array) return Buffer.compare(value, literal.value);
      return typeof value === "string" ? compareBytes(latin1(value), literal.value) : null;
  }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function timeOf(text: string): string {
  const time = normaliseTimestamp(text);
  if (time === null)
    throw new SoclabError(
      "SOCLAB_INVALID_VALUE",
      `${JSON.stringify(text.slice(0, 80))} is compared with a time but is none, expected one like 2026-11-25T05:00:00Z`,
    );
  return time;
}

function compareBytes(a: Uint8Array | null, b: Uint8Array | null): number | null {
  return a === null || b === null ? null : Buffer.compare(a, b);
}

/** The bytes of a text of code points below 256; no other text compares with bytes. */
function latin1(text: string): Uint8Array | null {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 255) return null;
  return Buffer.from(text, "latin1");
}

function textTest(operator: TextOperator, operand: string): ValueTest {
  switch (operator) {
    case "LIKE": {
      const wanted = [...operand.normalize("NFC")];
      return (value) => {
        const text = normalisedText(value);
        return text !== null && isLike([...text], wanted);
      };
    }
    case "MATCHES": {
      const regex = new LinearRegex(operand.normalize("NFC"));
      return (value) => {
        const text = normalisedText(value);
        return text !== null && regex.test(text);
      };
    }
    default: {
      const network = parsePrefix(operand);
      return (value) => {
        const other = typeof value === "string" ? parsePrefix(value) : null;
        if (other === null || network === null) return false;
        return operator === "ISSUBSET" ? holds(network, other) : holds(other, network);
      };
    }
  }
}

/** Text as it is compared with wildcards and expressions; bytes stand for the code points below 256. */
function normalisedText(value: PathValue): string | null {
  if (typeof value === "string") return value.normalize("NFC");
  return value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : null;
}

/** `%` stands for any characters, `_` for one. Goes back to the last `%` only, which is enough, so the time is at most the product of lengths. */
function isLike(text: readonly string[], wanted: readonly string[]): boolean {
  let i = 0;
  let j = 0;
  let star = -1;
  let resume = 0;
  while (i < text.length) {
    if (wanted[j] === "%") {
      star = j++;
      resume = i;
    } else if (j < wanted.length && (wanted[j] === "_" || wanted[j] === text[i])) {
      i++;
      j++;
    } else if (star >= 0) {
      j = star + 1;
      i = ++resume;
    } else return false;
  }
  while (wanted[j] === "%") j++;
  return j === wanted.length;
}

function holds(network: AddressPrefix, other: AddressPrefix): boolean {
  if (network.family !== other.family || other.length < network.length) return false;
  const masked = maskWords(other.words, network.length);
  return network.words.every((word, i) => word === masked[i]);
}
