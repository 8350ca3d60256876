import { literalEnd } from "./json-literal.ts";
import { JsonNumber } from "./json-number.ts";

const quote = 34;
const comma = 44;
const colon = 58;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;

const maxDepth = 16;
const maxKeys = 24;
const number = new JsonNumber();

/**
 * The end of a sound JSON value that stands as `JSON.stringify` would write it: no white space, plain ASCII strings, short whole numbers, no
 * doubled key and none that is a number. -1 for any other.
 */
export function canonicalEnd(bytes: Buffer, at: number, end: number, depth: number): number {
  if (at >= end || depth > maxDepth) return -1;
  switch (bytes[at]) {
    case quote:
      return plainStringEnd(bytes, at, end);
    case openBracket:
      return arrayEnd(bytes, at, end, depth);
    case openBrace:
      return objectEnd(bytes, at, end, depth);
    case 116:
    case 102:
    case 110:
      return literalEnd(bytes, at, end);
    default: {
      const after = number.read(bytes, at, end);
      return number.isCanonical ? after : -1;
    }
  }
}

function plainStringEnd(bytes: Uint8Array, open: number, end: number): number {
  for (let at = open + 1; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === quote) return at + 1;
    if (byte === backslash || byte < 32 || byte > 127) return -1;
  }
  return -1;
}

function arrayEnd(bytes: Buffer, open: number, end: number, depth: number): number {
  let at = open + 1;
  if (bytes[at] === closeBracket && at < end) return at + 1;
  for (;;) {
    at = canonicalEnd(bytes, at, end, depth + 1);
    if (at < 0 || at >= end) return -1;
    const byte = bytes[at++];
    if (byte === closeBracket) return at;
    if (byte !== comma) return -1;
  }
}

function objectEnd(bytes: Buffer, open: number, end: number, depth: number): number {
  let at = open + 1;
  if (bytes[at] === closeBrace && at < end) return at + 1;
  const keys: number[] = [];
  for (;;) {
    if (at >= end || bytes[at] !== quote) return -1;
    const keyEnd = plainStringEnd(bytes, at, end);
    if (keyEnd < 0 || isDigit(bytes[at + 1]!) || keys.length >= 2 * maxKeys || isAmong(bytes, keys, at, keyEnd)) return -1;
    keys.push(at, keyEnd);
    if (keyEnd >= end || bytes[keyEnd] !== colon) return -1;
    at = canonicalEnd(bytes, keyEnd + 1, end, depth + 1);
    if (at < 0 || at >= end) return -1;
    const byte = bytes[at++];
    if (byte === closeBrace) return at;
    if (byte !== comma) return -1;
  }
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

function isAmong(bytes: Uint8Array, keys: readonly number[], start: number, end: number): boolean {
  for (let k = 0; k < keys.length; k += 2) {
    const from = keys[k]!;
    if (keys[k + 1]! - from !== end - start) continue;
    let i = start;
    while (i < end && bytes[from + i - start] === bytes[i]) i++;
    if (i === end) return true;
  }
  return false;
}

/** Where an array or object ends by its brackets alone; -1 where it does not, or is nested deep. */
export function containerEnd(bytes: Uint8Array, open: number, end: number): number {
  let depth = 0;
  let inString = false;
  for (let at = open; at < end; at++) {
    const byte = bytes[at]!;
    if (inString) {
      if (byte === backslash) at++;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = true;
    else if (byte === openBracket || byte === openBrace) {
      if (++depth > 64) return -1;
    } else if ((byte === closeBracket || byte === closeBrace) && --depth === 0) return at + 1;
  }
  return -1;
}
