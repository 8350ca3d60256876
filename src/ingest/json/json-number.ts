const minus = 45;
const point = 46;
const zero = 48;
/** Digits that a double surely holds. */
const exactDigits = 15;
/** Powers of ten that a double holds: a quotient of two exact numbers is rounded once, as `Number()` does. */
const powers = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/** A JSON number, read from its bytes. */
export class JsonNumber {
  /** As `JSON.parse` has it; infinite past 1.8e308. */
  value = 0;
  /** No fraction and no exponent. */
  isWhole = false;
  /** The text is what `JSON.stringify` makes of the value. */
  isCanonical = false;

  /** @returns where the number ends, or -1 where there is none */
  read(bytes: Buffer, start: number, end: number): number {
    let at = start;
    const isNegative = bytes[at] === minus;
    if (isNegative) at++;
    const first = at;
    let mantissa = 0;
    for (; at < end; at++) {
      const digit = bytes[at]! - zero;
      if (digit < 0 || digit > 9) break;
      mantissa = mantissa * 10 + digit;
    }
    const wholeDigits = at - first;
    if (wholeDigits === 0 || (wholeDigits > 1 && bytes[first] === zero)) return -1;
    let fractionDigits = 0;
    if (at < end && bytes[at] === point) {
      const from = ++at;
      for (; at < end; at++) {
        const digit = bytes[at]! - zero;
        if (digit < 0 || digit > 9) break;
        mantissa = mantissa * 10 + digit;
      }
      fractionDigits = at - from;
      if (fractionDigits === 0) return -1;
    }
    const hasExponent = at < end && (bytes[at]! | 32) === 101;
    if (hasExponent) {
      at++;
      if (at < end && (bytes[at] === 43 || bytes[at] === minus)) at++;
      const from = at;
      while (at < end && bytes[at]! >= zero && bytes[at]! <= 57) at++;
      if (at === from) return -1;
    }
    this.isWhole = fractionDigits === 0 && !hasExponent;
    if (!hasExponent && wholeDigits + fractionDigits <= exactDigits) {
      const magnitude = fractionDigits === 0 ? mantissa : mantissa / powers[fractionDigits]!;
      this.value = isNegative ? -magnitude : magnitude;
      this.isCanonical = this.isWhole && !(isNegative && mantissa === 0);
    } else {
      this.value = Number(bytes.toString("latin1", start, at));
      this.isCanonical = false;
    }
    return at;
  }
}
