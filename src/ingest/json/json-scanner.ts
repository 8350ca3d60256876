import { isIP } from "node:net";
import type { ExtraColumn } from "./extra-column.ts";
import { bigintKind, booleanKind, doubleKind, integerKind, type JsonColumn, listKind, stringKind, timestampKind } from "./json-column.ts";
import { canonicalEnd, containerEnd } from "./json-container.ts";
import { convert } from "./json-convert.ts";
import { literalEnd } from "./json-literal.ts";
import { JsonNumber } from "./json-number.ts";
import type { Place } from "./json-place.ts";
import { escapedStringEnd } from "./json-string.ts";
import { jsonText } from "./json-text.ts";
import { microsOfBytes } from "./json-time.ts";
import { type Json, Rejection, timestampMicros } from "./json-values.ts";

const quote = 34;
const comma = 44;
const colon = 58;
const openBracket = 91;
const backslash = 92;
const openBrace = 123;
const letterN = 110;
const closeBrace = 125;

const isAddress = (text: string) => isIP(text) !== 0;
const noExactInteger = () => null;

/** What a record must be like for the scanner to take it. */
export interface ScanRules {
  /** The top-level key whose text says which table a record belongs to. */
  readonly tableKey: string | undefined;
  /** Top-level keys that must hold texts. */
  readonly texts: readonly string[];
}

/**
 * Reads a JSON record from its bytes straight into columns, with no object and mostly no string on the way: about 4 times as fast as
 * `JSON.parse` and a walk over what it gives. It takes only what it can take exactly as that way does. Whatever is unusual (no JSON, a value that is
 * to be rejected, a key that is new, doubled, escaped or a number) it leaves to it, with the columns as they were.
 */
export class JsonScanner {
  otherTable: string | null = null;
  readonly #root: Place;
  readonly #extra: ExtraColumn;
  readonly #rules: ScanRules;
  readonly #number = new JsonNumber();
  /** Columns that have a value of the record at hand. */
  readonly #touched: JsonColumn[] = [];
  #touchedCount = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;
  #record = 0;
  #row = 0;
  #tableText: string | null = null;
  #textCount = 0;
  #sawTableKey = false;

  constructor(root: Place, extra: ExtraColumn, rules: ScanRules) {
    this.#root = root;
    this.#extra = extra;
    this.#rules = rules;
  }

  scan(bytes: Buffer, start: number, end: number, record: number, row: number, tableText: string | null): boolean {
    this.otherTable = null;
    this.#bytes = bytes;
    this.#end = end;
    this.#record = record;
    this.#row = row;
    this.#tableText = tableText;
    this.#textCount = 0;
    this.#sawTableKey = false;
    this.#touchedCount = 0;
    const isTaken = this.#object(start) && this.#textCount === this.#rules.texts.length && (tableText === null || this.#sawTableKey);
    if (isTaken) this.#extra.endRow(row);
    else {
      for (let i = 0; i < this.#touchedCount; i++) this.#touched[i]!.undo(row);
      this.#extra.drop();
    }
    return isTaken;
  }

  #object(start: number): boolean {
    const bytes = this.#bytes;
    const end = this.#end;
    const record = this.#record;
    let at = skipSpace(bytes, start, end);
    if (at >= end || bytes[at] !== openBrace) return false;
    at++;
    let above = this.#root;
    let previous: Place | undefined;
    for (;;) {
      // A key, or the end of an object that is empty.
      if (at < end && bytes[at]! <= 32) at = skipSpace(bytes, at, end);
      if (at >= end) return false;
      if (bytes[at] === quote) {
        at++;
        let place: Place | undefined = previous === undefined ? above.first : previous.next;
        let keyEnd = at;
        if (place !== undefined) {
          const { keyBytes } = place;
          const { length } = keyBytes;
          let i = 0;
          while (i < length && keyBytes[i] === bytes[at + i]) i++;
          keyEnd = at + i;
          if (i < length || bytes[keyEnd] !== quote) place = undefined;
        }
        if (place === undefined) {
          while (keyEnd < end && bytes[keyEnd] !== quote && bytes[keyEnd] !== backslash) keyEnd++;
          place = above.find(bytes, at, keyEnd);
          if (place === undefined) return false;
          if (previous === undefined) above.first = place;
          else previous.next = place;
        }
        if (keyEnd >= end || place.lastRecord === record) return false;
        place.lastRecord = record;
        previous = place;
        at = keyEnd + 1;
        if (bytes[at] !== colon) {
          at = skipSpace(bytes, at, end);
          if (at >= end || bytes[at] !== colon) return false;
        }
        at++;
        if (at < end && bytes[at]! <= 32) at = skipSpace(bytes, at, end);
        if (at >= end) return false;
        if (!place.isSettled && bytes[at] !== letterN) return false;
        if (bytes[at] === openBrace && place.column === undefined) {
          if (place.depth >= maxScannedDepth) return false;
          above = place;
          previous = undefined;
          at++;
          continue;
        }
        at = this.#value(place, at);
        if (at < 0) return false;
      } else if (bytes[at] !== closeBrace || previous !== undefined) return false;
      // What stands after a value: a comma, or the ends of objects.
      for (;;) {
        if (at < end && bytes[at]! <= 32) at = skipSpace(bytes, at, end);
        if (at >= end) return false;
        const byte = bytes[at++];
        if (byte === comma) {
          if (at < end && bytes[at]! <= 32) at = skipSpace(bytes, at, end);
          if (bytes[at] !== quote) return false;
          break;
        }
        if (byte !== closeBrace) return false;
        if (above.parent === undefined) return skipSpace(bytes, at, end) === end;
        previous = above;
        above = above.parent;
      }
    }
  }

  /** @returns where the value ends, or -1 */
  #value(place: Place, at: number): number {
    const byte = this.#bytes[at]!;
    if (byte === quote) return this.#string(place, at);
    if (byte <= 57) return this.#numeric(place, at);
    if (byte === openBracket || byte === openBrace) return this.#container(place, at);
    return this.#literal(place, at);
  }

  /** The column that takes a value of the place, undefined for `extra`. */
  #target(place: Place): JsonColumn | undefined {
    const { column } = place;
    return column !== undefined && column.lastRecord !== this.#record ? column : undefined;
  }

  #touch(column: JsonColumn): void {
    column.lastRecord = this.#record;
    this.#touched[this.#touchedCount++] = column;
  }

  /** A leaf that has no column, as it stands; false where it must get one first. */
  #toExtra(place: Place, start: number, end: number): boolean {
    if (!this.#mayBeExtra(place)) return false;
    this.#extra.addBytes(place, this.#bytes, start, end);
    return true;
  }

  #toExtraText(place: Place, json: string): boolean {
    if (!this.#mayBeExtra(place)) return false;
    this.#extra.addText(place, json);
    return true;
  }

  #mayBeExtra(place: Place): boolean {
    if (place.column === undefined && !place.isRefused) return false;
    if (place.use.lastExtra === this.#record) return false;
    place.use.lastExtra = this.#record;
    return true;
  }

  #string(place: Place, open: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    const start = open + 1;
    let close = start;
    let byte = 0;
    while (close < end) {
      byte = bytes[close]!;
      if (byte === quote || byte === backslash || byte < 32 || byte > 127) break;
      close++;
    }
    const isPlain = byte === quote && close < end;
    if (!isPlain) {
      close = escapedStringEnd(bytes, close, end);
      if (close < 0) return -1;
    }
    if (place.isText || place.isTableKey) {
      if (place.isText) this.#textCount++;
      if (place.isTableKey && !this.#isTable(isPlain, start, close)) return -1;
    }
    const column = this.#target(place);
    if (column === undefined) {
      if (isPlain) return this.#toExtra(place, open, close + 1) ? close + 1 : -1;
      return this.#toExtraText(place, JSON.stringify(jsonText(bytes, start, close))) ? close + 1 : -1;
    }
    if (place.isPort || (place.isAddress && column.kind !== stringKind)) return -1;
    switch (column.kind) {
      case stringKind:
        this.#touch(column);
        if (isPlain) column.addPlain(this.#row, bytes, start, close);
        else column.addEscaped(this.#row, bytes, start, close);
        if (place.isAddress && !column.textPasses(this.#row, isAddress)) return -1;
        break;
      case timestampKind: {
        let micros = isPlain ? microsOfBytes(bytes, start, close) : Number.NaN;
        if (Number.isNaN(micros)) micros = this.#slowMicros(place, jsonText(bytes, start, close));
        if (Number.isNaN(micros)) return -1;
        this.#touch(column);
        column.addDouble(this.#row, micros);
        break;
      }
      default:
        if (column.kind === listKind) return this.#generic(place, open, close + 1) ? close + 1 : -1;
        if (isPlain) return this.#toExtra(place, open, close + 1) ? close + 1 : -1;
        return this.#toExtraText(place, JSON.stringify(jsonText(bytes, start, close))) ? close + 1 : -1;
    }
    return close + 1;
  }

  /** Whether the record is of the table at hand. */
  #isTable(isPlain: boolean, start: number, end: number): boolean {
    this.#sawTableKey = true;
    const bytes = this.#bytes;
    const known = this.#tableText;
    if (!isPlain) return false;
    if (known !== null && known.length === end - start) {
      let i = 0;
      while (i < known.length && known.charCodeAt(i) === bytes[start + i]) i++;
      if (i === known.length) return true;
    }
    this.otherTable = bytes.toString("latin1", start, end);
    return false;
  }

  #numeric(place: Place, start: number): number {
    const number = this.#number;
    const end = number.read(this.#bytes, start, this.#end);
    if (end < 0) return -1;
    const { value } = number;
    const column = this.#target(place);
    if (column === undefined) {
      if (number.isCanonical) return this.#toExtra(place, start, end) ? end : -1;
      return this.#toExtraText(place, JSON.stringify(value)) ? end : -1;
    }
    if (place.isAddress || (place.isPort && !(number.isWhole && value >= 0 && value <= 65535))) return -1;
    const row = this.#row;
    switch (column.kind) {
      case stringKind:
        this.#touch(column);
        if (number.isCanonical) column.addPlain(row, this.#bytes, start, end);
        else column.addText(row, JSON.stringify(value));
        return end;
      case doubleKind:
        if (!Number.isFinite(value)) return -1;
        this.#touch(column);
        column.addDouble(row, value);
        return end;
      case integerKind:
        if (!Number.isInteger(value)) break;
        if (Math.abs(value) > 2147483647) return -1;
        this.#touch(column);
        column.addInteger(row, value);
        return end;
      case bigintKind: {
        if (!Number.isInteger(value)) break;
        if (Number.isSafeInteger(value)) {
          this.#touch(column);
          column.addWhole(row, value);
          return end;
        }
        if (!number.isWhole) break;
        const exact = BigInt(this.#bytes.toString("latin1", start, end));
        if (exact !== BigInt.asIntN(64, exact)) return -1;
        this.#touch(column);
        column.addBigint(row, exact);
        return end;
      }
      case timestampKind: {
        const micros = Math.round(value * 1e6);
        if (!Number.isSafeInteger(micros)) return -1;
        this.#touch(column);
        column.addDouble(row, micros);
        return end;
      }
      case listKind:
        return this.#generic(place, start, end) ? end : -1;
    }
    if (number.isCanonical) return this.#toExtra(place, start, end) ? end : -1;
    return this.#toExtraText(place, JSON.stringify(value)) ? end : -1;
  }

  #literal(place: Place, start: number): number {
    const bytes = this.#bytes;
    const end = literalEnd(bytes, start, this.#end);
    if (end < 0 || bytes[start] === letterN) return end;
    const column = this.#target(place);
    if (column === undefined) return this.#toExtra(place, start, end) ? end : -1;
    if (place.isAddress || place.isPort) return -1;
    switch (column.kind) {
      case stringKind:
        this.#touch(column);
        column.addPlain(this.#row, bytes, start, end);
        return end;
      case booleanKind:
        this.#touch(column);
        column.addFlag(this.#row, bytes[start] === 116);
        return end;
      case timestampKind:
        return -1;
      case listKind:
        return this.#generic(place, start, end) ? end : -1;
      default:
        return this.#toExtra(place, start, end) ? end : -1;
    }
  }

  /** An array, or an object that is a leaf because its place has a column. */
  #container(place: Place, start: number): number {
    const bytes = this.#bytes;
    const column = this.#target(place);
    if (column !== undefined) {
      if (place.isAddress || place.isPort || column.kind === timestampKind) return -1;
      if (column.kind === listKind) {
        const end = column.elements!.kind === stringKind ? this.#texts(column, start) : -1;
        if (end >= 0) return end;
      }
    }
    const canonical = column?.kind === listKind ? -1 : canonicalEnd(bytes, start, this.#end, 0);
    if (canonical >= 0) {
      if (column?.kind !== stringKind) return this.#toExtra(place, start, canonical) ? canonical : -1;
      this.#touch(column);
      column.addPlain(this.#row, bytes, start, canonical);
      return canonical;
    }
    const end = containerEnd(bytes, start, this.#end);
    return end >= 0 && this.#generic(place, start, end) ? end : -1;
  }

  /** A list of plain strings, or -1. */
  #texts(column: JsonColumn, start: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    const elements = column.elements!;
    if (bytes[start] !== openBracket) return -1;
    column.beginList();
    let at = start + 1;
    if (bytes[at] === 93) {
      this.#touch(column);
      column.endList(this.#row);
      return at + 1;
    }
    for (;;) {
      if (at >= end || bytes[at] !== quote) break;
      const from = ++at;
      let byte = 0;
      while (at < end) {
        byte = bytes[at]!;
        if (byte === quote || byte === backslash || byte < 32 || byte > 127) break;
        at++;
      }
      if (at >= end || byte !== quote) break;
      elements.addPlain(column.nextElement(), bytes, from, at);
      byte = bytes[++at]!;
      if (at < end && byte === comma) at++;
      else if (at < end && byte === 93) {
        this.#touch(column);
        column.endList(this.#row);
        return at + 1;
      } else break;
    }
    column.dropList();
    return -1;
  }

  /** A value read by `JSON.parse`, as every value is in {@link JsonColumns.add}. */
  #generic(place: Place, start: number, end: number): boolean {
    let value: Json;
    let converted: ReturnType<typeof convert>;
    const column = this.#target(place);
    try {
      value = JSON.parse(this.#bytes.toString("utf8", start, end)) as Json;
      converted = column && convert(place, column.type, value, noExactInteger);
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof Rejection || error instanceof RangeError) return false;
      throw error;
    }
    if (column === undefined || converted === undefined) return this.#toExtraText(place, JSON.stringify(value));
    this.#touch(column);
    column.add(this.#row, converted);
    return true;
  }

  #slowMicros(place: Place, text: string): number {
    try {
      return timestampMicros(place.name, text);
    } catch (error) {
      if (error instanceof Rejection) return Number.NaN;
      throw error;
    }
  }
}

const maxScannedDepth = 24;

/** JSON knows four kinds of white space. */
function skipSpace(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const byte = bytes[at]!;
    if (byte !== 32 && byte !== 9 && byte !== 10 && byte !== 13) break;
    at++;
  }
  return at;
}
