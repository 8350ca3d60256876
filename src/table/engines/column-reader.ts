import type { ColumnType, ScalarColumn, ScalarType, Validity } from "../../event/index.ts";
import type { ResultColumn } from "../engine.ts";
import { growableBits } from "./growable.ts";
import { type NativeVector, native } from "./native.ts";

/** Takes the vectors of one result column, chunk by chunk, into one column. */
export interface ColumnReader {
  readonly type: ColumnType;
  /** Rows 0 to `count` of the vector; `boxed` gives a row as DuckDB's own value, for types that have no typed array. */
  add(vector: NativeVector, count: number, boxed: (row: number) => unknown): void;
  finish(): ResultColumn;
}

export interface ScalarReader extends ColumnReader {
  readonly type: ScalarType;
  finish(): ScalarColumn;
}

export abstract class Reader {
  protected length = 0;
  readonly #validity = growableBits();

  /** Remembers which rows have a value and gives the validity of this vector, `undefined` where all have. */
  protected addValidity(vector: NativeVector, count: number): Validity {
    const bits: Uint8Array | null = native.vector_get_validity(vector, (count + 7) >> 3);
    this.#validity.add(bits ?? undefined, count);
    this.length += count;
    return bits ?? undefined;
  }

  protected get validity(): Validity {
    return this.#validity.finish();
  }
}

export function isSet(validity: Validity, row: number): boolean {
  return validity === undefined || (validity[row >> 3]! & (1 << (row & 7))) !== 0;
}
