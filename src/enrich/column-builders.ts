import type { BigintColumn, Dictionary, DictionaryColumn, DoubleColumn, IntegerColumn, ListColumn, Validity } from "../event/index.ts";

/** A dictionary that enrichment fills; it only grows, and no further than its source has distinct values. */
export class GrowingDictionary implements Dictionary {
  readonly values: string[] = [];
  readonly #codes = new Map<string, number>();

  /** The code of a value, -1 for null. */
  codeOf(value: string | null): number {
    if (value === null) return -1;
    let code = this.#codes.get(value);
    if (code === undefined) {
      code = this.values.length;
      this.values.push(value);
      this.#codes.set(value, code);
    }
    return code;
  }
}

/** `out[i] = table[ids[i]]` where that is not negative; a negative entry is null. */
function gather(ids: Int32Array, table: readonly number[], out: Int32Array | Float64Array): Validity {
  const validity = new Uint8Array((ids.length + 7) >> 3);
  let valid = 0;
  for (let i = 0; i < ids.length; i++) {
    const value = table[ids[i]!]!;
    if (value < 0) continue;
    out[i] = value;
    validity[i >> 3]! |= 1 << (i & 7);
    valid++;
  }
  return valid === ids.length ? undefined : validity;
}

export function dictionaryColumn(ids: Int32Array, table: readonly number[], dictionary: Dictionary): DictionaryColumn {
  const codes = new Int32Array(ids.length);
  const validity = gather(ids, table, codes);
  return { type: "string", encoding: "dictionary", length: ids.length, validity, codes, dictionary };
}

export function integerColumn(ids: Int32Array, table: readonly number[]): IntegerColumn {
  const values = new Int32Array(ids.length);
  return { type: "integer", length: ids.length, validity: gather(ids, table, values), values };
}

export function doubleColumn(ids: Int32Array, table: readonly number[]): DoubleColumn {
  const values = new Float64Array(ids.length);
  return { type: "double", length: ids.length, validity: gather(ids, table, values), values };
}

/** Table entries are whole numbers below 2^32; they are written as halves, which is ten times faster than a bigint a row. */
export function bigintColumn(ids: Int32Array, table: readonly number[]): BigintColumn {
  const values = new BigInt64Array(ids.length);
  const halves = new Int32Array(values.buffer);
  const low = new Float64Array(ids.length);
  const validity = gather(ids, table, low);
  for (let i = 0; i < ids.length; i++) halves[2 * i] = low[i]!;
  return { type: "bigint", length: ids.length, validity, values };
}

/** A list of strings a row: `table[ids[i]]` holds the codes of row i, an empty one is null. */
export function stringListColumn(ids: Int32Array, table: readonly (readonly number[])[], dictionary: Dictionary): ListColumn {
  const { length } = ids;
  const validity = new Uint8Array((length + 7) >> 3);
  const offsets = new Int32Array(length + 1);
  for (let i = 0; i < length; i++) {
    const count = table[ids[i]!]!.length;
    offsets[i + 1] = offsets[i]! + count;
    if (count > 0) validity[i >> 3]! |= 1 << (i & 7);
  }
  const codes = new Int32Array(offsets[length]!);
  for (let i = 0; i < length; i++) {
    if (offsets[i] === offsets[i + 1]) continue;
    codes.set(table[ids[i]!]!, offsets[i]!);
  }
  const child: DictionaryColumn = { type: "string", encoding: "dictionary", length: codes.length, validity: undefined, codes, dictionary };
  return { type: "string[]", length, validity, offsets, child };
}
