const quote = 34;
const newline = 10;
const carriageReturn = 13;

/** How a delimited file is written. */
export interface Dialect {
  /** One byte. */
  readonly delimiter: number;
  /** Whether `"` at the start of a field opens a quoted one, which may hold delimiters, line ends and doubled quotes (RFC 4180). */
  readonly quotes: boolean;
}

/** Where one record stands, and why it is none. */
export interface Scanned {
  /** End without the line ending. */
  readonly end: number;
  readonly next: number;
  /** "open": a quoted field goes on past the bytes at hand; "unclosed": it cannot be closed any more. */
  readonly state: "whole" | "open" | "unclosed" | "stray-quote";
  /** Where the trouble is. */
  readonly at: number;
}

/**
 * The record at `start`; field starts and ends are pushed to `bounds` in pairs, a quoted field with its quotes.
 * @param limit - a quoted field is not followed past this place
 */
export function scanRecord(bytes: Buffer, start: number, { delimiter, quotes }: Dialect, limit: number, bounds: number[]): Scanned {
  bounds.length = 0;
  let fieldStart = start;
  for (let at = start; ; at++) {
    if (quotes && at === fieldStart && bytes[at] === quote) {
      const close = closingQuote(bytes, at + 1, limit);
      if (close < 0) return { ...lineAt(bytes, start), state: limit < bytes.length ? "unclosed" : "open", at };
      at = close + 1;
      const byte = bytes[at];
      const isCarriageReturn = byte === carriageReturn && (at + 1 >= bytes.length || bytes[at + 1] === newline);
      if (at < bytes.length && byte !== delimiter && byte !== newline && !isCarriageReturn)
        return { ...lineAt(bytes, start), state: "stray-quote", at };
    }
    const byte = bytes[at];
    if (at >= bytes.length || byte === newline) {
      const end = at > start && bytes[at - 1] === carriageReturn ? at - 1 : at;
      bounds.push(Math.min(fieldStart, end), end);
      return { end, next: Math.min(bytes.length, at + 1), state: "whole", at };
    }
    if (byte === delimiter) {
      bounds.push(fieldStart, at);
      fieldStart = at + 1;
    }
  }
}

function closingQuote(bytes: Buffer, from: number, limit: number): number {
  for (let at = from; ; at += 2) {
    at = bytes.indexOf(quote, at);
    if (at < 0 || at >= limit) return -1;
    if (bytes[at + 1] !== quote) return at;
  }
}

function lineAt(bytes: Buffer, start: number): { end: number; next: number } {
  const found = bytes.indexOf(newline, start);
  const stop = found < 0 ? bytes.length : found;
  const end = stop > start && bytes[stop - 1] === carriageReturn ? stop - 1 : stop;
  return { end, next: found < 0 ? bytes.length : found + 1 };
}

/** The text of a field: quotes off, doubled quotes single. Null where nothing is written; a quoted nothing is "". */
export function fieldText(bytes: Buffer, start: number, end: number, quotes: boolean): string | null {
  if (end <= start) return null;
  if (!quotes || bytes[start] !== quote) return bytes.toString("utf8", start, end);
  return bytes.toString("utf8", start + 1, end - 1).replaceAll('""', '"');
}
