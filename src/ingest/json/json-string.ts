const quote = 34;
const backslash = 92;

/** Where a JSON string's closing quote is, from a place inside the string; -1 where the string is not sound. */
export function escapedStringEnd(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === quote) return at;
    if (byte < 32) return -1;
    if (byte !== backslash) continue;
    const kind = at + 1 < end ? bytes[++at]! : 0;
    if (kind === 117) {
      if (at + 4 >= end) return -1;
      for (let i = 1; i <= 4; i++) if (!isHexDigit(bytes[at + i]!)) return -1;
      at += 4;
    } else if (!isEscape(kind)) return -1;
  }
  return -1;
}

function isHexDigit(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102) || (byte >= 65 && byte <= 70);
}

/** One of `"\/bfnrt`. */
function isEscape(byte: number): boolean {
  switch (byte) {
    case quote:
    case backslash:
    case 47:
    case 98:
    case 102:
    case 110:
    case 114:
    case 116:
      return true;
    default:
      return false;
  }
}
