import type { Column, DeadLetterCode, ScalarColumn } from "../../event/index.ts";

/** Where the fields of a block stand: field f of row r ends before `bounds[r * fieldCount + f]`; the next begins one byte later. */
export interface Fields {
  readonly bytes: Buffer;
  readonly rowCount: number;
  readonly fieldCount: number;
  readonly starts: Int32Array;
  readonly bounds: Int32Array;
}

/** How a text format writes what is not a plain value. */
export interface TextMarkers {
  readonly unset: Buffer;
  readonly empty: Buffer;
  /** Between the elements of a list. */
  readonly setSeparator: Buffer;
  readonly decode: (bytes: Uint8Array, start: number, end: number) => string;
}

/** Says that a row breaks off: the first reason of a row counts. */
export type Reject = (row: number, code: DeadLetterCode, reason: string) => void;

/** Turns one field of every row into a column. One loop a type, so that each stays monomorphic. */
export interface TextColumn {
  parse(fields: Fields, field: number, reject: Reject): Column;
}

export interface ScalarText extends TextColumn {
  parse(fields: Fields, field: number, reject: Reject): ScalarColumn;
}

/** Validity bits that are only allocated at the first null. */
export class Nulls {
  validity: Uint8Array | undefined;
  readonly #rowCount: number;

  constructor(rowCount: number) {
    this.#rowCount = rowCount;
  }

  add(row: number): void {
    this.validity ??= new Uint8Array((this.#rowCount + 7) >> 3).fill(255);
    this.validity[row >> 3]! &= ~(1 << (row & 7));
  }
}

export function equalBytes(bytes: Buffer, start: number, end: number, expected: Buffer): boolean {
  if (end - start !== expected.length) return false;
  for (let i = 0; i < expected.length; i++) if (bytes[start + i] !== expected[i]) return false;
  return true;
}

export function quoted(bytes: Buffer, start: number, end: number): string {
  const shown = bytes.toString("utf8", start, Math.min(end, start + 60));
  return JSON.stringify(end - start > 60 ? `${shown}…` : shown);
}
