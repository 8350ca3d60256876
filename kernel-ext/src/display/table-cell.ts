import { plainText, type TextLimits } from "./plain-text.ts";
import { absent } from "./table-part.ts";
import { cutText, visibleText } from "./visible-text.ts";

export interface Cell {
  readonly text: string;
  /** Nothing there, which is to be seen but not to be read first. */
  readonly isQuiet: boolean;
}

/** A value on one line. */
export function tableCell(value: unknown, maxLength: number): Cell {
  if (value === absent) return { text: "", isQuiet: false };
  if (value === null || value === undefined) return { text: String(value), isQuiet: true };
  return { text: cutText(visibleText(cutText(rawText(value, maxLength), maxLength), { on: "one line" }), maxLength), isQuiet: false };
}

function rawText(value: unknown, maxLength: number): string {
  if (typeof value === "string") return value;
  if (typeof value === "bigint") return value.toString();
  if (Object.is(value, -0)) return "0";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  return plainText(value, limitsFor(maxLength), { breakLength: Number.POSITIVE_INFINITY }).text;
}

function limitsFor(maxLength: number): TextLimits {
  const maxItems = Number.isFinite(maxLength) ? 20 : maxLength;
  return { maxItems, maxKeys: maxItems, maxStringLength: maxLength, maxDepth: 1, maxValues: 100, maxLength };
}
