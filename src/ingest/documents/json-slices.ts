import type { JsonPath } from "./json-path.ts";

const quote = 34;
const backslash = 92;
const openBrace = 123;
const closeBrace = 125;
const openBracket = 91;
const closeBracket = 93;
const colon = 58;
const comma = 44;

/** Bytes `start` to `end` of one value. */
export interface JsonSlice {
  readonly start: number;
  readonly end: number;
}

/**
 * Where the values that a path selects stand, so that each is a record with its own bytes. A list at the end of the path means its elements.
 * @param bytes - valid JSON from `start` to `end`
 */
export function slicesAt(bytes: Uint8Array, start: number, end: number, path: JsonPath): JsonSlice[] {
  let found: JsonSlice[] = [{ start: skipSpace(bytes, start), end }];
  for (const { kind, key, index } of path) {
    found = found.flatMap((slice) => {
      if (kind === "key") return memberOf(bytes, slice.start, key);
      const elements = elementsOf(bytes, slice.start);
      return kind === "every" ? elements : elements.slice(index, index + 1);
    });
  }
  return found.flatMap((slice) => (bytes[slice.start] === openBracket ? elementsOf(bytes, slice.start) : [slice]));
}

function elementsOf(bytes: Uint8Array, start: number): JsonSlice[] {
  const out: JsonSlice[] = [];
  if (bytes[start] !== openBracket) return out;
  let at = skipSpace(bytes, start + 1);
  while (at < bytes.length && bytes[at] !== closeBracket) {
    const end = valueEnd(bytes, at);
    out.push({ start: at, end });
    at = skipSpace(bytes, end);
    if (bytes[at] === comma) at = skipSpace(bytes, at + 1);
  }
  return out;
}

/** The last member of that name, as JSON.parse takes it. */
function memberOf(bytes: Uint8Array, start: number, key: string): JsonSlice[] {
  let out: JsonSlice[] = [];
  if (bytes[start] !== openBrace) return out;
  let at = skipSpace(bytes, start + 1);
  while (at < bytes.length && bytes[at] !== closeBrace) {
    const nameEnd = valueEnd(bytes, at);
    const name: unknown = JSON.parse(Buffer.from(bytes.subarray(at, nameEnd)).toString("utf8"));
    at = skipSpace(bytes, nameEnd);
    if (bytes[at] === colon) at = skipSpace(bytes, at + 1);
    const end = valueEnd(bytes, at);
    if (name === key) out = [{ start: at, end }];
    at = skipSpace(bytes, end);
    if (bytes[at] === comma) at = skipSpace(bytes, at + 1);
  }
  return out;
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at]! <= 32) at++;
  return at;
}

/** End of the value that begins at `start`; always past `start`. */
function valueEnd(bytes: Uint8Array, start: number): number {
  let depth = 0;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === quote) {
      for (at++; at < bytes.length && bytes[at] !== quote; at++) if (bytes[at] === backslash) at++;
      if (depth === 0) return at + 1;
    } else if (byte === openBrace || byte === openBracket) depth++;
    else if (byte === closeBrace || byte === closeBracket) {
      if (depth === 0) return Math.max(at, start + 1);
      if (--depth === 0) return at + 1;
    } else if (depth === 0 && (byte === comma || byte === colon || byte <= 32) && at > start) return at;
  }
  return bytes.length;
}
