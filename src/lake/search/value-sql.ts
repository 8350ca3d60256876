import { type ColumnType, elementType, isListType, type ScalarType } from "../../event/index.ts";
import type { Bindings } from "./bindings.ts";
import { freeTextSql } from "./free-text.ts";
import { dottedPattern, hexOf, hexOfAddressSql, networkOf, spellingsOf } from "./network.ts";
import type { Bound, PatternPart, ValueTest } from "./query.ts";
import { namedTime } from "./times.ts";

/** SQL of a test on a column; undefined where no value of that type could be meant. */
export function valueSql(column: string, type: ColumnType, test: ValueTest, bindings: Bindings): string | undefined {
  if (test.kind === "exists") return isListType(type) ? `len(${column}) > 0` : `${column} IS NOT NULL`;
  if (type === "bytes") return freeTextSql(column, test, bindings);
  if (!isListType(type)) return scalarSql(column, type, test, bindings);
  const element = scalarSql("x", elementType(type), test, bindings);
  return element && `list_bool_or(list_transform(${column}, lambda x: ${element}))`;
}

function scalarSql(value: string, type: ScalarType, test: ValueTest, bindings: Bindings): string | undefined {
  if (test.kind === "texts") return anyOf(test.texts.map((text) => equalSql(value, type, text, bindings)));
  if (test.kind === "pattern") {
    if (type === "timestamp" || type === "boolean") return undefined;
    const text = type === "string" ? `lower(${value})` : `CAST(${value} AS VARCHAR)`;
    return `regexp_full_match(${text}, ${bindings.bind(wholePattern(test.pattern))})`;
  }
  return test.kind === "range" ? rangeSql(value, type, test.low, test.high, bindings) : undefined;
}

/** A value of several: an IN where each is a plain equality. */
function anyOf(tests: readonly (string | undefined)[]): string | undefined {
  const possible = tests.filter((test) => test !== undefined);
  if (possible.length < 2) return possible[0];
  const equalities = possible.map((test) => /^(\S+) = (\$\d+(?:::BIGINT|::DOUBLE)?)$/.exec(test));
  const [first] = equalities;
  if (first && equalities.every((equality) => equality?.[1] === first[1]))
    return `${first[1]} IN (${equalities.map((equality) => equality![2]).join(", ")})`;
  return `(${possible.join(" OR ")})`;
}

function equalSql(value: string, type: ScalarType, text: string, bindings: Bindings): string | undefined {
  switch (type) {
    case "string":
      return stringSql(value, text, bindings);
    case "boolean": {
      const truth = text.toLowerCase();
      return truth === "true" ? value : truth === "false" ? `NOT ${value}` : undefined;
    }
    case "timestamp": {
      const time = namedTime(text);
      if (!time) return undefined;
      return `(${value} >= ${timeSql(time.start, bindings)} AND ${value} < ${timeSql(time.end, bindings)})`;
    }
    default: {
      const number = numberOf(text, bindings);
      return number && `${value} = ${number}`;
    }
  }
}

function stringSql(value: string, text: string, bindings: Bindings): string {
  const network = networkOf(text);
  const equal = anyOf(spellingsOf(text).map((spelling) => textEqual(value, spelling, bindings)))!;
  if (!network) return equal;
  if (network.family === 4) return `(${equal} OR regexp_full_match(${value}, ${bindings.bind(dottedPattern(network))}))`;
  const [first, last] = [bindings.bind(hexOf(network.first)), bindings.bind(hexOf(network.last))];
  return `(${equal} OR (${hexOfAddressSql(value)}) BETWEEN ${first} AND ${last})`;
}

/** Upper and lower case are one. Text that knows no case is compared as it is, which Parquet's statistics and Bloom filters can answer. */
function textEqual(value: string, text: string, bindings: Bindings): string {
  const place = bindings.bind(text);
  const hasCase = !/^[\x20-\x40[-`{-~]*$/.test(text);
  return hasCase ? `lower(${value}) = lower(${place})` : `${value} = ${place}`;
}

function wholePattern(parts: readonly PatternPart[]): string {
  const body = parts.map((part) =>
    "literal" in part ? part.literal.toLowerCase().replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&") : part.any === "run" ? ".*" : ".",
  );
  return `(?s)${body.join("")}`;
}

function rangeSql(
  value: string,
  type: ScalarType,
  low: Bound | undefined,
  high: Bound | undefined,
  bindings: Bindings,
): string | undefined {
  if (type === "string" || type === "boolean") return undefined;
  const tests: string[] = [];
  for (const [bound, isLow] of [
    [low, true],
    [high, false],
  ] as const) {
    if (!bound) continue;
    const test = type === "timestamp" ? timeBound(value, bound, isLow, bindings) : numberBound(value, bound, isLow, bindings);
    if (test === undefined) return undefined;
    tests.push(test);
  }
  return tests.length === 0 ? `${value} IS NOT NULL` : `(${tests.join(" AND ")})`;
}

function numberBound(value: string, { value: text, inclusive }: Bound, isLow: boolean, bindings: Bindings): string | undefined {
  const number = numberOf(text, bindings);
  return number && `${value} ${isLow ? ">" : "<"}${inclusive ? "=" : ""} ${number}`;
}

/** `[2022-06-13 TO 2022-06-14]` holds the whole of both days, `{…}` neither. */
function timeBound(value: string, { value: text, inclusive }: Bound, isLow: boolean, bindings: Bindings): string | undefined {
  const time = namedTime(text);
  if (!time) return undefined;
  if (isLow) return `${value} >= ${timeSql(inclusive ? time.start : time.end, bindings)}`;
  return `${value} < ${timeSql(inclusive ? time.end : time.start, bindings)}`;
}

export function timeSql(micros: number, bindings: Bindings): string {
  return `make_timestamp(${bindings.whole(BigInt(Math.round(micros)))})`;
}

const wholeNumber = /^[+-]?\d{1,18}$/;

function numberOf(text: string, bindings: Bindings): string | undefined {
  if (wholeNumber.test(text)) return bindings.whole(BigInt(text.replace(/^\+/, "")));
  const number = Number(text);
  const isNumber = /^[+-]?[\d.]/.test(text) && !/^[+-]?0[xbo]/i.test(text) && Number.isFinite(number);
  return isNumber ? bindings.double(number) : undefined;
}
