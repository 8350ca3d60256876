import {
  type Column,
  type ColumnType,
  elementType,
  isListType,
  type ScalarColumn,
  type ScalarType,
  type ScalarValue,
} from "../../event/index.ts";

/**
 * The values of one leaf in the records of a batch that have it; most leaves are in few. Timestamps are numbers here, epoch microseconds.
 */
export class JsonColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** The record that was last given a value, by its number in the source: a second leaf of the same name in it is not taken. */
  lastRecord = -1;
  readonly #rows: number[] = [];
  readonly #values: (ScalarValue | ScalarValue[])[] = [];

  constructor(name: string, type: ColumnType) {
    this.name = name;
    this.type = type;
  }

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }

  add(row: number, value: ScalarValue | ScalarValue[]): void {
    this.#rows.push(row);
    this.#values.push(value);
  }

  /** The column over `length` rows; the builder is empty afterwards. */
  take(length: number): Column {
    const column = isListType(this.type)
      ? listColumn(elementType(this.type), this.#rows, this.#values as ScalarValue[][], length)
      : scalarColumn(this.type as ScalarType, this.#rows, this.#values as ScalarValue[], length);
    this.#rows.length = 0;
    this.#values.length = 0;
    return column;
  }
}

/** Values at `rows`, null elsewhere; all rows where `rows` is not given. */
function scalarColumn(type: ScalarType, rows: readonly number[] | undefined, values: readonly ScalarValue[], length: number): ScalarColumn {
  const validity = validityOf(rows, length);
  const row = (i: number) => (rows === undefined ? i : rows[i]!);
  switch (type) {
    case "string": {
      const codes = new Int32Array(length);
      const distinct: string[] = [];
      const seen = new Map<ScalarValue, number>();
      for (let i = 0; i < values.length; i++) {
        const value = values[i]!;
        let code = seen.get(value);
        if (code === undefined) {
          code = distinct.length;
          distinct.push(String(value));
          seen.set(value, code);
        }
        codes[row(i)] = code;
      }
      return { type, encoding: "dictionary", length, validity, codes, dictionary: { values: distinct } };
    }
    case "bigint": {
      const out = new BigInt64Array(length);
      for (let i = 0; i < values.length; i++) out[row(i)] = values[i] as bigint;
      return { type, length, validity, values: out };
    }
    case "integer": {
      const out = new Int32Array(length);
      for (let i = 0; i < values.length; i++) out[row(i)] = values[i] as number;
      return { type, length, validity, values: out };
    }
    case "boolean": {
      const out = new Uint8Array(length);
      for (let i = 0; i < values.length; i++) out[row(i)] = values[i] === true ? 1 : 0;
      return { type, length, validity, values: out };
    }
    case "double":
    case "timestamp": {
      const out = new Float64Array(length);
      for (let i = 0; i < values.length; i++) out[row(i)] = values[i] as number;
      return { type, length, validity, values: out };
    }
  }
}

function listColumn(type: ScalarType, rows: readonly number[], lists: readonly (readonly ScalarValue[])[], length: number): Column {
  const offsets = new Int32Array(length + 1);
  const flat: ScalarValue[] = [];
  let next = 0;
  for (let row = 0; row < length; row++) {
    if (rows[next] === row) {
      for (const value of lists[next]!) flat.push(value);
      next++;
    }
    offsets[row + 1] = flat.length;
  }
  return {
    type: `${type}[]`,
    length,
    validity: validityOf(rows, length),
    offsets,
    child: scalarColumn(type, undefined, flat, flat.length),
  };
}

function validityOf(rows: readonly number[] | undefined, length: number): Uint8Array | undefined {
  if (rows === undefined || rows.length === length) return undefined;
  const validity = new Uint8Array((length + 7) >> 3);
  for (const row of rows) validity[row >> 3]! |= 1 << (row & 7);
  return validity;
}
