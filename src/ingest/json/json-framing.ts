const quote = 34;
const backslash = 92;
const open = 123;
const close = 125;

/**
 * The next JSON object at or after `from`, found by its braces alone.
 * @returns `strayEnd`: where the object begins, or the end of the bytes; `start` and `end` of the object, `end` -1 where it is not closed yet,
 * both -1 where there is none
 */
export function nextObject(bytes: Uint8Array, from: number): { strayEnd: number; start: number; end: number } {
  const start = bytes.indexOf(open, from);
  if (start < 0) return { strayEnd: bytes.length, start: -1, end: -1 };
  let depth = 0;
  let inString = false;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at];
    if (inString) {
      if (byte === backslash) at++;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = true;
    else if (byte === open) depth++;
    else if (byte === close && --depth === 0) return { strayEnd: start, start, end: at + 1 };
  }
  return { strayEnd: start, start, end: -1 };
}
