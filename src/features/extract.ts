import { SoclabError } from "../core/index.ts";
import {
  type Column,
  isListColumn,
  isValid,
  type NumericColumn,
  type StringColumn,
  stringAt,
  toFloat64,
  type Validity,
} from "../event/index.ts";
import { maxKey, maxTimeMicros, noKey } from "./domain.ts";
import { quantum, squareLimbs, sumLimbs, writeLimbs } from "./exact.ts";
import type { FeaturePlan, TypedColumn } from "./plan.ts";
import type { Symbols } from "./symbols.ts";

/** Columns of some events: an `EventBatch`, or the columnar result of a query. */
export interface FeatureInput {
  readonly length: number;
  readonly columns: ReadonlyMap<string, InputColumn>;
  /** Event times that a source has decided on, epoch microseconds; else the definition says how they come from the columns. */
  readonly eventTimes?: Float64Array | undefined;
}

/** Bytes may stand among the columns of a query's result; no feature reads them. */
export type InputColumn = Column | { readonly type: "bytes"; readonly length: number; readonly validity: Validity };

/** Where a numeric input of every event goes: `inputs[slot * width + at]`. */
export interface Target {
  readonly slots: Int32Array;
  readonly inputs: Float64Array;
  readonly width: number;
}

/** Event times of all rows of an input as the definition has them, epoch microseconds: NaN where there is none. A fresh array. */
export function eventTimesOf(plan: FeaturePlan, input: FeatureInput): Float64Array {
  return new InputReader(plan, { length: input.length, columns: input.columns }).times();
}

/** The columns of one input, each turned into numbers at most once. */
export class InputReader {
  readonly #input: FeatureInput;
  readonly #plan: FeaturePlan;
  readonly #numbers = new Map<string, Float64Array | undefined>();

  constructor(plan: FeaturePlan, input: FeatureInput) {
    this.#plan = plan;
    this.#input = input;
    for (const [name, type] of plan.inputs) {
      const column = input.columns.get(name);
      if (column === undefined || column.type === type) continue;
      throw new SoclabError(
        "SOCLAB_SCHEMA_CONFLICT",
        `column "${name}" is ${column.type}; definition "${plan.definition.name}" was made for ${type}`,
        {
          hint: "A column that is null in all of a batch may be absent; its type may not change.",
        },
      );
    }
  }

  column(name: string): Column | undefined {
    const column = this.#input.columns.get(name);
    return column === undefined || column.type === "bytes" ? undefined : column;
  }

  /** NaN for null; undefined where the input has no such column. */
  numbers(name: string): Float64Array | undefined {
    if (this.#numbers.has(name)) return this.#numbers.get(name);
    const column = this.column(name);
    const values = column === undefined || isListColumn(column) || column.type === "string" ? undefined : toFloat64(column);
    this.#numbers.set(name, values);
    return values;
  }

  /** Event times of all rows, epoch microseconds: NaN where there is none in the domain. */
  times(): Float64Array {
    if (this.#input.eventTimes) return this.#input.eventTimes;
    const { column, plus } = this.#plan.time;
    const starts = this.numbers(column);
    const added = plus === undefined ? undefined : this.numbers(plus.name);
    const times = new Float64Array(this.#input.length).fill(Number.NaN);
    if (starts === undefined) return times;
    for (let row = 0; row < times.length; row++) {
      let time = starts[row]!;
      if (added !== undefined) {
        const micros = quantum(added[row]!, true);
        if (!Number.isNaN(micros)) time += micros;
      }
      if (time >= 0 && time < maxTimeMicros) times[row] = time;
    }
    return times;
  }

  /** Whether the entity of a row is null; numeric ones outside the domain of keys count as null. */
  entityTest(): (row: number) => boolean {
    const { name, type } = this.#plan.entity;
    const column = this.column(name);
    if (column === undefined) return () => false;
    const values = type === "string" ? undefined : this.numbers(name);
    const valid = column.validity;
    return values === undefined ? (row) => isValid(valid, row) : (row) => isKey(values[row]!, type);
  }
}

/** Raw numbers for value, min and max: finite or `missing`. */
export function writeNumbers(
  values: Float64Array | undefined,
  rows: Int32Array,
  count: number,
  mask: Uint8Array | undefined,
  missing: number,
  sign: number,
  target: Target,
  at: number,
): void {
  const { slots, inputs, width } = target;
  for (let i = 0; i < count; i++) {
    const value = values === undefined ? Number.NaN : values[rows[i]!]!;
    const counts = (mask === undefined || mask[i] === 1) && value - value === 0;
    inputs[slots[i]! * width + at] = counts ? sign * value : missing;
  }
}

/** 1 where the mask holds, else 0. */
export function writeFlags(mask: Uint8Array | undefined, count: number, target: Target, at: number): void {
  const { slots, inputs, width } = target;
  for (let i = 0; i < count; i++) inputs[slots[i]! * width + at] = mask === undefined ? 1 : mask[i]!;
}

/** Limbs of exact sums. */
export function writeMoments(
  values: Float64Array | undefined,
  isDouble: boolean,
  squares: boolean,
  rows: Int32Array,
  count: number,
  mask: Uint8Array | undefined,
  target: Target,
  at: number,
): void {
  const { slots, inputs, width } = target;
  const limbs = squares ? squareLimbs : sumLimbs;
  for (let i = 0; i < count; i++) {
    const to = slots[i]! * width + at;
    if (values === undefined || (mask !== undefined && mask[i] === 0)) inputs.fill(0, to, to + limbs);
    else writeLimbs(quantum(values[rows[i]!]!, isDouble), squares, inputs, to);
  }
}

/**
 * Keys of rows as small integers, `noKey` where null or masked out. Integer columns are their own keys; other types are symbols, which the caller
 * then holds.
 */
export function writeKeys(
  reader: InputReader,
  column: TypedColumn,
  symbols: Symbols,
  rows: Int32Array,
  count: number,
  mask: Uint8Array | undefined,
  slots: Int32Array,
  keys: Int32Array,
  width: number,
  at: number,
): void {
  const source = reader.column(column.name);
  if (source === undefined || isListColumn(source)) {
    for (let i = 0; i < count; i++) keys[slots[i]! * width + at] = noKey;
  } else if (source.type === "string") {
    writeStringKeys(source, symbols, rows, count, mask, slots, keys, width, at);
  } else {
    writeNumberKeys(source, reader.numbers(column.name)!, symbols, rows, count, mask, slots, keys, width, at);
  }
}

function writeStringKeys(
  source: StringColumn,
  symbols: Symbols,
  rows: Int32Array,
  count: number,
  mask: Uint8Array | undefined,
  slots: Int32Array,
  keys: Int32Array,
  width: number,
  at: number,
): void {
  const { validity } = source;
  for (let i = 0; i < count; i++) {
    const row = rows[i]!;
    const counts = (mask === undefined || mask[i] === 1) && isValid(validity, row);
    const to = slots[i]! * width + at;
    if (!counts) keys[to] = noKey;
    else if (source.encoding === "dictionary") keys[to] = symbols.holdCode(source.dictionary, source.codes[row]!);
    else keys[to] = symbols.hold(stringAt(source, row)!);
  }
}

function writeNumberKeys(
  source: NumericColumn,
  values: Float64Array,
  symbols: Symbols,
  rows: Int32Array,
  count: number,
  mask: Uint8Array | undefined,
  slots: Int32Array,
  keys: Int32Array,
  width: number,
  at: number,
): void {
  const direct = isDirectKey(source.type);
  for (let i = 0; i < count; i++) {
    const value = values[rows[i]!]!;
    const counts = (mask === undefined || mask[i] === 1) && isKey(value, source.type);
    keys[slots[i]! * width + at] = !counts ? noKey : direct ? value : symbols.hold(value);
  }
}

/** Whether keys of this type are the values themselves. */
export function isDirectKey(type: string): boolean {
  return type === "integer" || type === "boolean";
}

function isKey(value: number, type: string): boolean {
  return type === "integer" ? value > noKey : value >= -maxKey && value <= maxKey;
}
