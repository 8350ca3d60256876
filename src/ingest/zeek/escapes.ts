const backslash = 92;

/** Text of a Zeek field: `\xHH` is that byte, `\\` a backslash; the bytes are then read as UTF-8, what is invalid becomes U+FFFD. */
export function decodeZeek(bytes: Uint8Array, start: number, end: number): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let i = start;
  while (i < end && buffer[i] !== backslash) i++;
  if (i === end) return buffer.toString("utf8", start, end);
  const out = Buffer.allocUnsafe(end - start);
  let length = 0;
  for (i = start; i < end; i++) {
    const byte = buffer[i]!;
    if (byte === backslash && buffer[i + 1] === 120 && i + 3 < end) {
      const value = hexDigit(buffer[i + 2]!) * 16 + hexDigit(buffer[i + 3]!);
      if (value >= 0) {
        out[length++] = value;
        i += 3;
        continue;
      }
    }
    if (byte === backslash && buffer[i + 1] === backslash && i + 1 < end) i++;
    out[length++] = byte;
  }
  return out.toString("utf8", 0, length);
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  if (byte >= 97 && byte <= 102) return byte - 87;
  if (byte >= 65 && byte <= 70) return byte - 55;
  return -1000;
}
