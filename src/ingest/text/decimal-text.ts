import type { ScalarColumn } from "../../event/index.ts";
import { NumberText } from "./integer-text.ts";
import { type Fields, Nulls, quoted, type Reject } from "./text-field.ts";

const powersOfTen = Float64Array.from({ length: 16 }, (_, i) => 10 ** i);

export class DoubleText extends NumberText {
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

export class TimestampText extends NumberText {
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

export class BooleanText extends NumberText {
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
