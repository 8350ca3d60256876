import {
  type Column,
  type ColumnType,
  elementType,
  isListType,
  type ScalarColumn,
  type ScalarType,
  type ScalarValue,
} from "../../event/index.ts";
import { Interner } from "../intern.ts";
import { jsonText } from "./json-text.ts";

/** Kinds of columns as numbers: the scanner chooses by them for every value. */
export const stringKind = 0;
export const doubleKind = 1;
export const timestampKind = 2;
export const integerKind = 3;
export const bigintKind = 4;
export const booleanKind = 5;
export const listKind = 6;

const kinds: Readonly<Record<ScalarType, number>> = {
  string: stringKind,
  double: doubleKind,
  timestamp: timestampKind,
  integer: integerKind,
  bigint: bigintKind,
  boolean: booleanKind,
};

const maxDictionary = 65_536;
/** Above this share of distinct values a dictionary costs more than it saves. */
const sliceShare = 0.5;
const probeRows = 256;

const noDoubles = new Float64Array(0);
const noInts = new Int32Array(0);
const noBytes = new Uint8Array(0);

/**
 * One column on its way: values are written to their row at once, and a row that is not written is null. Timestamps are epoch microseconds.
 * Strings are dictionary codes, or, where most of them differ, stay in the raw bytes.
 */
export class JsonColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly kind: number;
  /** The elements of a list. */
  readonly elements: JsonColumn | undefined;
  /** The record that was last given a value: a second leaf of the same name in it is not taken. */
  lastRecord = -1;
  /** Rows that have a value. */
  count = 0;
  /** Elements of all lists so far, and before the last one. */
  #elementCount = 0;
  #elementsBefore = 0;
  #capacity = 0;
  #doubles = noDoubles;
  /** Integers, dictionary codes, starts of slices, ends of lists, halves of 64-bit integers. */
  #ints = noInts;
  #ends = noInts;
  #flags = noBytes;
  #validity = noBytes;
  #interner = new Interner(utf8);
  /** Most strings differ: they stay in the bytes, unless one comes that is not in them, until the batch ends. */
  #slices = false;
  #inBytes = false;
  readonly #canSlice: boolean;
  #probed = 0;
  #bytes: Uint8Array = noBytes;
  /** Addresses by code: 0 not looked at, 1 sound, 2 not. */
  #addresses = noBytes;

  /** @param canSlice - false for strings that must be dictionary-coded */
  constructor(name: string, type: ColumnType, canSlice: boolean) {
    this.name = name;
    this.type = type;
    this.kind = isListType(type) ? listKind : kinds[type as ScalarType];
    this.elements = isListType(type) ? new JsonColumn(name, elementType(type), false) : undefined;
    this.#canSlice = canSlice && type === "string";
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** Adds a value as JavaScript has it; a timestamp is a number. */
  add(row: number, value: ScalarValue | ScalarValue[]): void {
    switch (this.kind) {
      case stringKind:
        this.addText(row, String(value));
        return;
      case bigintKind:
        this.addBigint(row, value as bigint);
        return;
      case booleanKind:
        this.addFlag(row, value === true);
        return;
      case listKind:
        this.beginList();
        for (const element of value as ScalarValue[]) this.elements!.add(this.nextElement(), element);
        this.endList(row);
        return;
      case integerKind:
        this.addInteger(row, value as number);
        return;
      default:
        this.addDouble(row, value as number);
    }
  }

  addDouble(row: number, value: number): void {
    if (row >= this.#capacity) this.#grow(row);
    this.#doubles[row] = value;
    this.#mark(row);
  }

  addInteger(row: number, value: number): void {
    if (row >= this.#capacity) this.#grow(row);
    this.#ints[row] = value;
    this.#mark(row);
  }

  /** A whole number that a double holds. */
  addWhole(row: number, value: number): void {
    if (row >= this.#capacity) this.#grow(row);
    this.#ints[2 * row] = value;
    this.#ints[2 * row + 1] = Math.floor(value / 4294967296);
    this.#mark(row);
  }

  addBigint(row: number, value: bigint): void {
    if (row >= this.#capacity) this.#grow(row);
    this.#ints[2 * row] = Number(BigInt.asIntN(32, value));
    this.#ints[2 * row + 1] = Number(value >> 32n);
    this.#mark(row);
  }

  addFlag(row: number, value: boolean): void {
    if (row >= this.#capacity) this.#grow(row);
    this.#flags[row] = value ? 1 : 0;
    this.#mark(row);
  }

  /** A text that stands in the bytes as it is: ASCII without escapes. */
  addPlain(row: number, bytes: Uint8Array, start: number, end: number): void {
    if (row >= this.#capacity) this.#grow(row);
    if (this.#inBytes) {
      this.#ints[row] = start;
      this.#ends[row] = end;
      this.#bytes = bytes;
    } else this.#ints[row] = this.#interner.code(bytes, start, end);
    this.#mark(row);
  }

  /** The inside of a sound JSON string with escapes or what is not ASCII. */
  addEscaped(row: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.#inBytes) this.addPlain(row, bytes, start, end);
    else this.addText(row, jsonText(bytes, start, end));
  }

  addText(row: number, text: string): void {
    if (row >= this.#capacity) this.#grow(row);
    if (this.#inBytes) this.#leaveSlices(row);
    this.#ints[row] = this.#interner.codeOfText(text);
    this.#mark(row);
  }

  /** Whether the text of a row, a dictionary code, passes a test that is made once a distinct text. */
  textPasses(row: number, test: (text: string) => boolean): boolean {
    const code = this.#ints[row]!;
    if (code >= this.#addresses.length) {
      const grown = new Uint8Array(Math.max(256, code * 2));
      grown.set(this.#addresses);
      this.#addresses = grown;
    }
    if (this.#addresses[code] === 0) this.#addresses[code] = test(this.#interner.dictionary.values[code]!) ? 1 : 2;
    return this.#addresses[code] === 1;
  }

  beginList(): void {
    this.#elementsBefore = this.#elementCount;
  }

  /** Where the next element of the list goes. */
  nextElement(): number {
    return this.#elementCount++;
  }

  /** Takes back the elements since the list began. */
  dropList(): void {
    for (let i = this.#elementsBefore; i < this.#elementCount; i++) this.elements!.undo(i);
    this.#elementCount = this.#elementsBefore;
  }

  endList(row: number): void {
    if (row >= this.#capacity) this.#grow(row);
    this.#ints[row] = this.#elementCount;
    this.#mark(row);
  }

  /** Takes back the last value, which was that of this row. */
  undo(row: number): void {
    if (this.kind === listKind) this.dropList();
    if (row < this.#doubles.length) this.#doubles[row] = 0;
    if (row < this.#ends.length) this.#ends[row] = 0;
    if (row < this.#flags.length) this.#flags[row] = 0;
    if (this.kind === bigintKind) this.#ints.fill(0, 2 * row, 2 * row + 2);
    else if (row < this.#ints.length) this.#ints[row] = 0;
    this.#validity[row >> 3]! &= ~(1 << (row & 7));
    this.count--;
    this.lastRecord = -1;
  }

  /**
   * The column over `length` rows; the builder is empty afterwards, its dictionary stays.
   * @param bytes - where slices stand
   */
  take(length: number): Column {
    if (length > this.#capacity) this.#grow(length - 1);
    const validity = this.count === length ? undefined : this.#validity.subarray(0, (length + 7) >> 3);
    const column = this.elements ? this.#list(this.elements, length, validity) : this.#scalar(length, validity);
    if (this.kind === stringKind) this.#chooseEncoding();
    this.#inBytes = this.#slices;
    this.#capacity = 0;
    this.#doubles = noDoubles;
    this.#ints = noInts;
    this.#ends = noInts;
    this.#flags = noBytes;
    this.#validity = noBytes;
    this.#bytes = noBytes;
    this.count = 0;
    this.#elementCount = 0;
    this.#elementsBefore = 0;
    return column;
  }

  #scalar(length: number, validity: Uint8Array | undefined): ScalarColumn {
    const type = this.type as ScalarType;
    switch (type) {
      case "string":
        if (this.#inBytes) {
          const [starts, ends] = [this.#ints.subarray(0, length), this.#ends.subarray(0, length)];
          return { type, encoding: "slice", length, validity, bytes: this.#bytes, starts, ends, decode: jsonText };
        }
        return {
          type,
          encoding: "dictionary",
          length,
          validity,
          codes: this.#ints.subarray(0, length),
          dictionary: this.#interner.dictionary,
        };
      case "bigint":
        return { type, length, validity, values: new BigInt64Array(this.#ints.buffer, 0, length) };
      case "integer":
        return { type, length, validity, values: this.#ints.subarray(0, length) };
      case "boolean":
        return { type, length, validity, values: this.#flags.subarray(0, length) };
      default:
        return { type, length, validity, values: this.#doubles.subarray(0, length) };
    }
  }

  #list(elements: JsonColumn, length: number, validity: Uint8Array | undefined): Column {
    const offsets = new Int32Array(length + 1);
    let last = 0;
    for (let row = 0; row < length; row++) {
      if (validity === undefined || (validity[row >> 3]! & (1 << (row & 7))) !== 0) last = this.#ints[row]!;
      offsets[row + 1] = last;
    }
    const child = elements.take(this.#elementCount) as ScalarColumn;
    return { type: `${elements.type as ScalarType}[]`, length, validity, offsets, child };
  }

  /** After a batch: strings that mostly differ stay in the bytes from now on, or get a dictionary a batch; a full dictionary is begun anew. */
  #chooseEncoding(): void {
    const { size } = this.#interner;
    this.#probed += this.count;
    if (this.#canSlice && this.#probed >= probeRows && size > this.#probed * sliceShare) this.#slices = true;
    if (size === 0 || (!this.#slices && size <= maxDictionary)) return;
    this.#interner = new Interner(utf8);
    this.#addresses = noBytes;
    this.#probed = 0;
  }

  /** A text that is not in the bytes: the rows of this batch become codes. */
  #leaveSlices(rows: number): void {
    this.#inBytes = false;
    for (let row = 0; row < rows; row++) {
      if ((this.#validity[row >> 3]! & (1 << (row & 7))) === 0) continue;
      this.#ints[row] = this.#interner.codeOfText(jsonText(this.#bytes, this.#ints[row]!, this.#ends[row]!));
      this.#ends[row] = 0;
    }
  }

  #mark(row: number): void {
    this.#validity[row >> 3]! |= 1 << (row & 7);
    this.count++;
  }

  #grow(row: number): void {
    const capacity = Math.max(256, this.#capacity * 2, (row + 64) & ~63);
    switch (this.kind) {
      case doubleKind:
      case timestampKind:
        this.#doubles = resized(this.#doubles, new Float64Array(capacity));
        break;
      case booleanKind:
        this.#flags = resized(this.#flags, new Uint8Array(capacity));
        break;
      default:
        this.#ints = resized(this.#ints, new Int32Array(this.kind === bigintKind ? 2 * capacity : capacity));
        if (this.kind === stringKind && this.#canSlice) this.#ends = resized(this.#ends, new Int32Array(capacity));
    }
    this.#validity = resized(this.#validity, new Uint8Array((capacity + 7) >> 3));
    this.#capacity = capacity;
  }
}

function resized<A extends Float64Array | Int32Array | Uint8Array>(from: A, to: A): A {
  to.set(from);
  return to;
}

function utf8(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
}
