import { DictionaryMemo, isListColumn, isValid, stringAt } from "../event/index.ts";
import type { Scalar } from "./definition.ts";
import type { InputReader } from "./extract.ts";
import type { Conditions, TypedCondition } from "./plan.ts";

/** Sets `mask[i]` to 0 where row `rows[i]` fails; the mask holds 1 where nothing failed before. */
export type Masker = (reader: InputReader, rows: Int32Array, count: number, mask: Uint8Array) => void;

/** All of the conditions at once, with look-up tables made once. */
export function masker(conditions: Conditions): Masker {
  const all = conditions.map(conditionMasker);
  return (reader, rows, count, mask) => {
    for (const one of all) one(reader, rows, count, mask);
  };
}

function conditionMasker(condition: TypedCondition): Masker {
  const whenNull = nullHolds(condition) ? 1 : 0;
  const strings = stringTest(condition);
  const memo = new DictionaryMemo<number>((value) => (strings(value) ? 1 : 0));
  const numbers = numberTest(condition);
  return (reader, rows, count, mask) => {
    const column = reader.column(condition.column);
    if (column === undefined) {
      if (whenNull === 0) mask.fill(0, 0, count);
    } else if (isListColumn(column)) {
      for (let i = 0; i < count; i++) if (isValid(column.validity, rows[i]!) === (whenNull === 1)) mask[i] = 0;
    } else if (column.type !== "string") {
      numericMask(reader.numbers(condition.column)!, rows, count, mask, numbers, whenNull);
    } else if (column.encoding === "dictionary") {
      const { codes, validity } = column;
      const holds = memo.of(column.dictionary);
      for (let i = 0; i < count; i++) {
        const row = rows[i]!;
        const valid = validity === undefined || (validity[row >> 3]! & (1 << (row & 7))) !== 0;
        mask[i]! &= valid ? holds[codes[row]!]! : whenNull;
      }
    } else {
      for (let i = 0; i < count; i++) {
        const value = stringAt(column, rows[i]!);
        mask[i]! &= value === null ? whenNull : strings(value) ? 1 : 0;
      }
    }
  };
}

function numericMask(
  values: Float64Array,
  rows: Int32Array,
  count: number,
  mask: Uint8Array,
  test: (value: number) => boolean,
  whenNull: number,
): void {
  for (let i = 0; i < count; i++) {
    const value = values[rows[i]!]!;
    mask[i]! &= Number.isFinite(value) ? (test(value) ? 1 : 0) : whenNull;
  }
}

function nullHolds(condition: TypedCondition): boolean {
  return "notIn" in condition || ("present" in condition && !condition.present);
}

function stringTest(condition: TypedCondition): (value: string) => boolean {
  if ("present" in condition) return () => condition.present;
  return setTest(condition);
}

function numberTest(condition: TypedCondition): (value: number) => boolean {
  if ("present" in condition) return () => condition.present;
  if ("atLeast" in condition || "atMost" in condition) {
    const least = "atLeast" in condition ? condition.atLeast : Number.NEGATIVE_INFINITY;
    const most = condition.atMost ?? Number.POSITIVE_INFINITY;
    return (value) => value >= least && value <= most;
  }
  return setTest(condition);
}

function setTest(condition: TypedCondition): (value: string | number) => boolean {
  const operands =
    "equals" in condition ? [condition.equals] : "in" in condition ? condition.in : "notIn" in condition ? condition.notIn : [];
  const set = new Set<Scalar>(operands.map((operand) => (typeof operand === "boolean" ? Number(operand) : operand)));
  return "notIn" in condition ? (value) => !set.has(value) : (value) => set.has(value);
}
