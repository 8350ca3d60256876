import type { SliceColumn } from "../../event/index.ts";
import type { Place } from "./json-place.ts";

const openBrace = 123;
const closeBrace = 125;
const comma = 44;
const initialBytes = 4096;

/** `extra` on its way: a JSON object a row, of the leaves that have no column. The texts stand one after the other in one buffer. */
export class ExtraColumn {
  #text = Buffer.allocUnsafe(initialBytes);
  #used = 0;
  /** Where the object of the record at hand begins, -1 where it has none yet. */
  #open = -1;
  #rows: number[] = [];
  #starts: number[] = [];
  #ends: number[] = [];

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }

  /** A leaf whose JSON text stands in the bytes as `JSON.stringify` would write it. */
  addBytes(place: Place, bytes: Uint8Array, start: number, end: number): void {
    this.#key(place, end - start);
    const text = this.#text;
    let used = this.#used;
    for (let i = start; i < end; i++) text[used++] = bytes[i]!;
    this.#used = used;
  }

  addText(place: Place, json: string): void {
    this.#key(place, json.length * 3);
    this.#used += this.#text.write(json, this.#used);
  }

  /** The whole text of the row. */
  addRow(row: number, text: string): void {
    this.#reserve(text.length * 3);
    this.#rows.push(row);
    this.#starts.push(this.#used);
    this.#used += this.#text.write(text, this.#used);
    this.#ends.push(this.#used);
  }

  /** The record at hand is taken as a row. */
  endRow(row: number): void {
    if (this.#open < 0) return;
    this.#reserve(1);
    this.#text[this.#used++] = closeBrace;
    this.#rows.push(row);
    this.#starts.push(this.#open);
    this.#ends.push(this.#used);
    this.#open = -1;
  }

  /** The record at hand is not taken. */
  drop(): void {
    if (this.#open < 0) return;
    this.#used = this.#open;
    this.#open = -1;
  }

  take(length: number): SliceColumn {
    const starts = new Int32Array(length);
    const ends = new Int32Array(length);
    const validity = this.#rows.length === length ? undefined : new Uint8Array((length + 7) >> 3);
    for (let i = 0; i < this.#rows.length; i++) {
      const row = this.#rows[i]!;
      starts[row] = this.#starts[i]!;
      ends[row] = this.#ends[i]!;
      if (validity) validity[row >> 3]! |= 1 << (row & 7);
    }
    const bytes = this.#text.subarray(0, this.#used);
    this.#text = Buffer.allocUnsafe(Math.max(initialBytes, this.#used + (this.#used >> 3)));
    this.#used = 0;
    this.#rows = [];
    this.#starts = [];
    this.#ends = [];
    return { type: "string", encoding: "slice", length, validity, bytes, starts, ends, decode };
  }

  #key(place: Place, valueBytes: number): void {
    const { extraPrefix } = place;
    this.#reserve(extraPrefix.length + 1 + valueBytes);
    if (this.#open < 0) {
      this.#open = this.#used;
      this.#text[this.#used++] = openBrace;
    } else this.#text[this.#used++] = comma;
    const text = this.#text;
    let used = this.#used;
    for (let i = 0; i < extraPrefix.length; i++) text[used++] = extraPrefix[i]!;
    this.#used = used;
  }

  #reserve(count: number): void {
    if (this.#used + count + 1 <= this.#text.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#text.length * 2, this.#used + count + 1));
    this.#text.copy(grown, 0, 0, this.#used);
    this.#text = grown;
  }
}

function decode(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
}
