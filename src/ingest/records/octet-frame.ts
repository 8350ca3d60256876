const [newline, carriageReturn, space, zero, one, nine, less] = [10, 13, 32, 48, 49, 57, 60];
const maxCountDigits = 7;

/**
 * A record with its length in front, `123 <14>…`, as RFC 6587 frames syslog over TCP; undefined where the bytes are none, `"open"` where more
 * must come to tell. A count that leads into the middle of a line is no count: the line stands for itself.
 *
 * @returns end of the record without its line ending, and where the next one begins
 * @see RFC 6587, section 3.4.1
 */
export function octetFrame(
  bytes: Buffer,
  start: number,
  maxBytes: number,
  last: boolean,
): [end: number, next: number] | "open" | undefined {
  if (bytes[start]! < one || bytes[start]! > nine) return undefined;
  let at = start;
  let count = 0;
  for (; at < bytes.length && at - start < maxCountDigits && isDigit(bytes[at]!); at++) count = count * 10 + bytes[at]! - zero;
  if (bytes[at] !== space || bytes[at + 1] !== less || count > maxBytes || count < 4) return undefined;
  const frameEnd = at + 1 + count;
  if (frameEnd > bytes.length) return last ? undefined : "open";
  const isWhole =
    frameEnd === bytes.length || isLineEnding(bytes[frameEnd - 1]!) || isLineEnding(bytes[frameEnd]!) || isDigit(bytes[frameEnd]!);
  if (!isWhole) return undefined;
  let end = frameEnd;
  let next = frameEnd;
  while (end > at && isLineEnding(bytes[end - 1]!)) end--;
  while (next < bytes.length && isLineEnding(bytes[next]!)) next++;
  return [end, next];
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= nine;
}

function isLineEnding(byte: number): boolean {
  return byte === newline || byte === carriageReturn;
}
