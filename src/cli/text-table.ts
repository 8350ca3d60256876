import type { JsonValue } from "../event/index.ts";
import { visibleText } from "./visible-text.ts";

const maxCell = 60;

/** Rows as aligned plain text; numbers to the right, control characters made visible. */
export function textTable(names: readonly string[], rows: readonly (readonly JsonValue[])[]): string[] {
  const cells = rows.map((row) => row.map(cellText));
  const widths = names.map((name, i) => Math.max(name.length, ...cells.map((row) => row[i]!.length), 1));
  const isNumber = names.map((_, i) => rows.every((row) => row[i] === null || typeof row[i] === "number"));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (isNumber[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd();
  return [line(names), widths.map((width) => "─".repeat(width)).join("  "), ...cells.map(line)];
}

function cellText(value: JsonValue): string {
  if (value === null) return "";
  const text = typeof value === "string" ? value : typeof value === "number" ? String(value) : JSON.stringify(value);
  const visible = visibleText(text);
  return visible.length > maxCell ? `${visible.slice(0, maxCell - 1)}…` : visible;
}
