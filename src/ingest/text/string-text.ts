import { isIP } from "node:net";
import type { Dictionary, ScalarColumn, StringColumn } from "../../event/index.ts";
import { Interner } from "../intern.ts";
import { equalBytes, type Fields, Nulls, type Reject, type ScalarText, type TextMarkers } from "./text-field.ts";

const maxDictionary = 65_536;
/** Above this share of distinct values a dictionary costs more than it saves. */
const sliceShare = 0.5;
const probeRows = 256;

export class StringText implements ScalarText {
  readonly #markers: TextMarkers;
  #interner: Interner;
  #slices = false;
  #probed = false;

  constructor(markers: TextMarkers) {
    this.#markers = markers;
    this.#interner = new Interner(markers.decode);
  }

  parse(fields: Fields, field: number): StringColumn {
    if (this.#slices) return this.#parseSlices(fields, field);
    if (this.#interner.size > maxDictionary) this.#interner = new Interner(this.#markers.decode);
    const column = internField(fields, field, this.#markers, this.#interner);
    if (!this.#probed && fields.rowCount >= probeRows) {
      this.#probed = true;
      this.#slices = this.#interner.size > fields.rowCount * sliceShare;
    }
    return column;
  }

  #parseSlices({ bytes, rowCount, fieldCount, starts: rowStarts, bounds }: Fields, field: number): StringColumn {
    const { unset, empty, decode } = this.#markers;
    const unsetByte = unset.length === 1 ? unset[0]! : -1;
    const emptyFirst = empty.length > 0 ? empty[0]! : -1;
    const starts = new Int32Array(rowCount);
    const ends = new Int32Array(rowCount);
    const nulls = new Nulls(rowCount);
    for (let row = 0; row < rowCount; row++) {
      const base = row * fieldCount + field;
      const start = field === 0 ? rowStarts[row]! : bounds[base - 1]! + 1;
      const end = bounds[base]!;
      starts[row] = start;
      ends[row] = end;
      if ((end - start === 1 && bytes[start] === unsetByte) || (unsetByte < 0 && equalBytes(bytes, start, end, unset))) nulls.add(row);
      else if (bytes[start] === emptyFirst && equalBytes(bytes, start, end, empty)) ends[row] = start;
    }
    return { type: "string", encoding: "slice", length: rowCount, validity: nulls.validity, bytes, starts, ends, decode };
  }
}

function internField(fields: Fields, field: number, markers: TextMarkers, interner: Interner): StringColumn & { encoding: "dictionary" } {
  const { bytes, rowCount, fieldCount, starts, bounds } = fields;
  const { unset, empty } = markers;
  const unsetByte = unset.length === 1 ? unset[0]! : -1;
  const emptyFirst = empty.length > 0 ? empty[0]! : -1;
  const codes = new Int32Array(rowCount);
  const nulls = new Nulls(rowCount);
  for (let row = 0; row < rowCount; row++) {
    const base = row * fieldCount + field;
    const start = field === 0 ? starts[row]! : bounds[base - 1]! + 1;
    const end = bounds[base]!;
    if ((end - start === 1 && bytes[start] === unsetByte) || (unsetByte < 0 && equalBytes(bytes, start, end, unset))) nulls.add(row);
    else if (bytes[start] === emptyFirst && equalBytes(bytes, start, end, empty)) codes[row] = interner.code(bytes, start, start);
    else codes[row] = interner.code(bytes, start, end);
  }
  return { type: "string", encoding: "dictionary", length: rowCount, validity: nulls.validity, codes, dictionary: interner.dictionary };
}

export class AddressText implements ScalarText {
  readonly #name: string;
  readonly #markers: TextMarkers;
  #interner: Interner;
  #checked = 0;
  #wrong = new Set<number>();

  constructor(name: string, markers: TextMarkers) {
    this.#name = name;
    this.#markers = markers;
    this.#interner = new Interner(markers.decode);
  }

  parse(fields: Fields, field: number, reject: Reject): ScalarColumn {
    if (this.#interner.size > maxDictionary) {
      this.#interner = new Interner(this.#markers.decode);
      this.#checked = 0;
      this.#wrong = new Set();
    }
    const column = internField(fields, field, this.#markers, this.#interner);
    this.#check(column.dictionary);
    if (this.#wrong.size > 0) this.#rejectWrong(column.codes, column.validity, column.dictionary, reject);
    return column;
  }

  #check({ values }: Dictionary): void {
    for (; this.#checked < values.length; this.#checked++) if (isIP(values[this.#checked]!) === 0) this.#wrong.add(this.#checked);
  }

  #rejectWrong(codes: Int32Array, validity: Uint8Array | undefined, { values }: Dictionary, reject: Reject): void {
    for (let row = 0; row < codes.length; row++) {
      const isNull = validity !== undefined && (validity[row >> 3]! & (1 << (row & 7))) === 0;
      if (!isNull && this.#wrong.has(codes[row]!)) {
        reject(
          row,
          "BAD_ADDRESS",
          `${this.#name} is ${JSON.stringify(values[codes[row]!]!.slice(0, 60))}, expected an IPv4 or IPv6 address`,
        );
      }
    }
  }
}
