import type { ScalarColumn } from "../../event/index.ts";
import { equalBytes, type Fields, Nulls, quoted, type Reject, type ScalarText, type TextMarkers } from "./text-field.ts";

export abstract class NumberText implements ScalarText {
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

export class BigintText extends NumberText {
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

export class IntegerText extends NumberText {
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
