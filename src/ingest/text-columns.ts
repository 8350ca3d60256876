import { isIP } from "node:net";
import {
  type Column,
  type ColumnType,
  type DeadLetterCode,
  type Dictionary,
  elementType,
  isListType,
  type ScalarColumn,
  type ScalarType,
  type StringColumn,
} from "../event/index.ts";
import { Interner } from "./intern.ts";

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

const maxDictionary = 65_536;
/** Above this share of distinct values a dictionary costs more than it saves. */
const sliceShare = 0.5;
const probeRows = 256;

export function textColumn(name: string, type: ColumnType, isAddress: boolean, isPort: boolean, markers: TextMarkers): TextColumn {
  if (isListType(type)) return new ListText(name, elementType(type), markers);
  if (type === "bytes") throw new Error(`column "${name}": bytes are kept as raw records`);
  return scalarText(name, type, isAddress, isPort, markers);
}

function scalarText(name: string, type: ScalarType, isAddress: boolean, isPort: boolean, markers: TextMarkers): ScalarText {
  switch (type) {
    case "string":
      return isAddress ? new AddressText(name, markers) : new StringText(markers);
    case "double":
      return new DoubleText(name, markers);
    case "bigint":
      return new BigintText(name, markers);
    case "integer":
      return new IntegerText(name, markers, isPort ? 0 : -2147483648, isPort ? 65535 : 2147483647);
    case "boolean":
      return new BooleanText(name, markers);
    case "timestamp":
      return new TimestampText(name, markers);
  }
}

interface ScalarText extends TextColumn {
  parse(fields: Fields, field: number, reject: Reject): ScalarColumn;
}

/** Validity bits that are only allocated at the first null. */
class Nulls {
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

function equalBytes(bytes: Buffer, start: number, end: number, expected: Buffer): boolean {
  if (end - start !== expected.length) return false;
  for (let i = 0; i < expected.length; i++) if (bytes[start + i] !== expected[i]) return false;
  return true;
}

function quoted(bytes: Buffer, start: number, end: number): string {
  const shown = bytes.toString("utf8", start, Math.min(end, start + 60));
  return JSON.stringify(end - start > 60 ? `${shown}…` : shown);
}

class StringText implements ScalarText {
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

class AddressText implements ScalarText {
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

abstract class NumberText implements ScalarText {
  protected readonly name: string;
  protected readonly unset: Buffer;
  protected readonly unsetByte: number;

  constructor(name: string, markers: TextMarkers) {
    this.name = name;
    this.unset = markers.unset;
    this.unsetByte = markers.unset.length === 1 ? markers.unset[0]! : -1;
  }

  abstract parse(fields: Fields, field: number, reject: Reject): ScalarColumn;

  protected isUnset(bytes: Buffer, start: number, end: number): boolean {
    return this.unsetByte >= 0 ? end - start === 1 && bytes[start] === this.unsetByte : equalBytes(bytes, start, end, this.unset);
  }
}

const maxInt64 = 9223372036854775807n;
const minInt64 = -9223372036854775808n;

class BigintText extends NumberText {
  parse({ bytes, rowCount, fieldCount, starts, bounds }: Fields, field: number, reject: Reject): ScalarColumn {
    const values = new BigInt64Array(rowCount);
    const halves = new Int32Array(values.buffer);
    const nulls = new Nulls(rowCount);
    for (let row = 0; row < rowCount; row++) {
      const base = row * fieldCount + field;
      const start = field === 0 ? starts[row]! : bounds[base - 1]! + 1;
      const end = bounds[base]!;
      let value = 0;
      let i = start;
      if (end - start <= 15) {
        for (; i < end; i++) {
          const digit = bytes[i]! - 48;
          if (digit >>> 0 > 9) break;
          value = value * 10 + digit;
        }
      }
      if (i === end && end > start) {
        halves[2 * row] = value | 0;
        halves[2 * row + 1] = Math.floor(value / 4294967296);
      } else if (this.isUnset(bytes, start, end)) nulls.add(row);
      else values[row] = this.#slow(bytes, start, end, row, reject);
    }
    return { type: "bigint", length: rowCount, validity: nulls.validity, values };
  }

  #slow(bytes: Buffer, start: number, end: number, row: number, reject: Reject): bigint {
    const text = bytes.toString("latin1", start, Math.min(end, start + 400));
    if (!/^[+-]?\d+$/.test(text)) {
      reject(row, "BAD_NUMBER", `${this.name} is ${quoted(bytes, start, end)}, expected a whole number`);
      return 0n;
    }
    const value = BigInt(text);
    if (end - start <= 400 && value <= maxInt64 && value >= minInt64) return value;
    reject(row, "OUT_OF_RANGE", `${this.name} is ${quoted(bytes, start, end)}, expected at most ${maxInt64}`);
    return 0n;
  }
}

class IntegerText extends NumberText {
  readonly #min: number;
  readonly #max: number;

  constructor(name: string, markers: TextMarkers, min: number, max: number) {
    super(name, markers);
    this.#min = min;
    this.#max = max;
  }

  parse({ bytes, rowCount, fieldCount, starts, bounds }: Fields, field: number, reject: Reject): ScalarColumn {
    const values = new Int32Array(rowCount);
    const nulls = new Nulls(rowCount);
    for (let row = 0; row < rowCount; row++) {
      const base = row * fieldCount + field;
      const start = field === 0 ? starts[row]! : bounds[base - 1]! + 1;
      const end = bounds[base]!;
      let value = 0;
      let i = start;
      if (end - start <= 9) {
        for (; i < end; i++) {
          const digit = bytes[i]! - 48;
          if (digit >>> 0 > 9) break;
          value = value * 10 + digit;
        }
      }
      if (i === end && end > start && value <= this.#max) values[row] = value;
      else if (this.isUnset(bytes, start, end)) nulls.add(row);
      else values[row] = this.#slow(bytes, start, end, row, reject);
    }
    return { type: "integer", length: rowCount, validity: nulls.validity, values };
  }

  #slow(bytes: Buffer, start: number, end: number, row: number, reject: Reject): number {
    const text = bytes.toString("latin1", start, Math.min(end, start + 400));
    const value = Number(text);
    if (!/^[+-]?\d+$/.test(text)) reject(row, "BAD_NUMBER", `${this.name} is ${quoted(bytes, start, end)}, expected a whole number`);
    else if (value >= this.#min && value <= this.#max) return value;
    else reject(row, "OUT_OF_RANGE", `${this.name} is ${quoted(bytes, start, end)}, expected ${this.#min} to ${this.#max}`);
    return 0;
  }
}

const powersOfTen = Float64Array.from({ length: 16 }, (_, i) => 10 ** i);

class DoubleText extends NumberText {
  parse({ bytes, rowCount, fieldCount, starts, bounds }: Fields, field: number, reject: Reject): ScalarColumn {
    const values = new Float64Array(rowCount);
    const nulls = new Nulls(rowCount);
    for (let row = 0; row < rowCount; row++) {
      const base = row * fieldCount + field;
      const start = field === 0 ? starts[row]! : bounds[base - 1]! + 1;
      const end = bounds[base]!;
      // Up to 15 digits over a power of ten below 10^22 is correctly rounded (Clinger 1990).
      let mantissa = 0;
      let point = -1;
      let i = start;
      if (end - start <= 16) {
        for (; i < end; i++) {
          const digit = bytes[i]! - 48;
          if (digit >>> 0 <= 9) mantissa = mantissa * 10 + digit;
          else if (digit === -2 && point < 0) point = i;
          else break;
        }
      }
      const digits = end - start - (point < 0 ? 0 : 1);
      if (i === end && digits > 0 && digits <= 15) values[row] = point < 0 ? mantissa : mantissa / powersOfTen[end - point - 1]!;
      else if (this.isUnset(bytes, start, end)) nulls.add(row);
      else values[row] = this.#slow(bytes, start, end, row, reject);
    }
    return { type: "double", length: rowCount, validity: nulls.validity, values };
  }

  #slow(bytes: Buffer, start: number, end: number, row: number, reject: Reject): number {
    const text = bytes.toString("latin1", start, Math.min(end, start + 1200));
    if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) {
      const value = Number(text);
      if (Number.isFinite(value)) return value;
      reject(row, "OUT_OF_RANGE", `${this.name} is ${quoted(bytes, start, end)}, expected a number below 1.8e308`);
      return 0;
    }
    if (/^-?nan$/i.test(text)) return Number.NaN;
    const infinity = /^([+-]?)inf(inity)?$/i.exec(text);
    if (infinity) return infinity[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    reject(row, "BAD_NUMBER", `${this.name} is ${quoted(bytes, start, end)}, expected a number`);
    return 0;
  }
}

/** 2^53 microseconds: the end of exact integers, in the year 2255. */
const maxMicros = Number.MAX_SAFE_INTEGER;

class TimestampText extends NumberText {
  parse({ bytes, rowCount, fieldCount, starts, bounds }: Fields, field: number, reject: Reject): ScalarColumn {
    const values = new Float64Array(rowCount);
    const nulls = new Nulls(rowCount);
    for (let row = 0; row < rowCount; row++) {
      const base = row * fieldCount + field;
      const start = field === 0 ? starts[row]! : bounds[base - 1]! + 1;
      const end = bounds[base]!;
      let seconds = 0;
      let i = start;
      for (; i < end; i++) {
        const digit = bytes[i]! - 48;
        if (digit >>> 0 > 9) break;
        seconds = seconds * 10 + digit;
      }
      const whole = i;
      let fraction = 0;
      if (i < end && bytes[i] === 46) {
        for (i++; i < end; i++) {
          const digit = bytes[i]! - 48;
          if (digit >>> 0 > 9) break;
          fraction = fraction * 10 + digit;
        }
      }
      const places = i > whole ? i - whole - 1 : 0;
      if (i === end && whole > start && whole - start <= 10 && places <= 6)
        values[row] = seconds * 1e6 + fraction * powersOfTen[6 - places]!;
      else if (this.isUnset(bytes, start, end)) nulls.add(row);
      else values[row] = this.#slow(bytes, start, end, row, reject);
    }
    return { type: "timestamp", length: rowCount, validity: nulls.validity, values };
  }

  #slow(bytes: Buffer, start: number, end: number, row: number, reject: Reject): number {
    const text = bytes.toString("latin1", start, Math.min(end, start + 400));
    const match = /^(-?)(\d+)(?:\.(\d*))?([eE][+-]?\d+)?$/.exec(text);
    if (!match) {
      reject(row, "BAD_TIMESTAMP", `${this.name} is ${quoted(bytes, start, end)}, expected seconds since 1970`);
      return 0;
    }
    // Zeek prints times far from now with an exponent; they hold fewer digits than a microsecond needs.
    const micros = match[4]
      ? Math.abs(Math.round(Number(text) * 1e6))
      : Number(match[2]) * 1e6 + Number((match[3] ?? "").slice(0, 6).padEnd(6, "0"));
    if (micros <= maxMicros) return match[1] === "-" ? -micros : micros;
    reject(row, "OUT_OF_RANGE", `${this.name} is ${quoted(bytes, start, end)}, expected seconds before the year 2255`);
    return 0;
  }
}

class BooleanText extends NumberText {
  parse({ bytes, rowCount, fieldCount, starts, bounds }: Fields, field: number, reject: Reject): ScalarColumn {
    const values = new Uint8Array(rowCount);
    const nulls = new Nulls(rowCount);
    for (let row = 0; row < rowCount; row++) {
      const base = row * fieldCount + field;
      const start = field === 0 ? starts[row]! : bounds[base - 1]! + 1;
      const end = bounds[base]!;
      const first = bytes[start];
      if (end - start === 1 && (first === 84 || first === 70)) values[row] = first === 84 ? 1 : 0;
      else if (this.isUnset(bytes, start, end)) nulls.add(row);
      else reject(row, "BAD_BOOLEAN", `${this.name} is ${quoted(bytes, start, end)}, expected T or F`);
    }
    return { type: "boolean", length: rowCount, validity: nulls.validity, values };
  }
}

/** Sets and vectors: the elements of all rows become one child column, parsed as a field of its own. */
class ListText implements TextColumn {
  readonly #element: ScalarType;
  readonly #markers: TextMarkers;
  readonly #child: ScalarText;

  constructor(name: string, element: ScalarType, markers: TextMarkers) {
    this.#element = element;
    this.#markers = markers;
    this.#child = scalarText(name, element, false, false, markers);
  }

  parse({ bytes, rowCount, fieldCount, starts, bounds }: Fields, field: number, reject: Reject): Column {
    const { unset, empty, setSeparator } = this.#markers;
    const offsets = new Int32Array(rowCount + 1);
    const nulls = new Nulls(rowCount);
    const childStarts: number[] = [];
    const childEnds: number[] = [];
    const childRows: number[] = [];
    for (let row = 0; row < rowCount; row++) {
      const base = row * fieldCount + field;
      const start = field === 0 ? starts[row]! : bounds[base - 1]! + 1;
      const end = bounds[base]!;
      if (equalBytes(bytes, start, end, unset)) nulls.add(row);
      else if (!equalBytes(bytes, start, end, empty)) {
        for (let from = start; ; ) {
          const found = bytes.indexOf(setSeparator, from);
          const to = found < 0 || found >= end ? end : found;
          childStarts.push(from);
          childEnds.push(to);
          childRows.push(row);
          if (to === end) break;
          from = to + setSeparator.length;
        }
      }
      offsets[row + 1] = childStarts.length;
    }
    const elements: Fields = {
      bytes,
      rowCount: childStarts.length,
      fieldCount: 1,
      starts: Int32Array.from(childStarts),
      bounds: Int32Array.from(childEnds),
    };
    const child = this.#child.parse(elements, 0, (element, code, reason) => reject(childRows[element]!, code, reason));
    return { type: `${this.#element}[]`, length: rowCount, validity: nulls.validity, offsets, child };
  }
}
