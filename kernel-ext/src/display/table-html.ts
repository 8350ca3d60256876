import { inspect } from "node:util";
import { escapeHtml } from "./escape-html.ts";

export interface TableOptions {
  /** Rows shown; the caption says how many there are. @default 50 */
  readonly maxRows?: number;
  /** Columns shown. @default 30 */
  readonly maxColumns?: number;
}

const maxCellLength = 200;

/**
 * Rows as an HTML table without script or style sheet, every name and value escaped: log data is written by attackers.
 *
 * @param columns - the header, in order
 * @param rows - cells in the columns' order; `undefined` leaves a cell empty
 */
export function tableHtml(columns: readonly string[], rows: readonly (readonly unknown[])[], options: TableOptions = {}): string {
  const { maxRows = 50, maxColumns = 30 } = options;
  const shown = columns.slice(0, maxColumns);
  const header = shown.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join("");
  const body = rows.slice(0, maxRows).map((row) => `<tr>${shown.map((_, column) => cellHtml(row[column])).join("")}</tr>`);
  const more = rows.length > maxRows || columns.length > maxColumns ? `, ${Math.min(rows.length, maxRows)} × ${shown.length} shown` : "";
  const caption = `<caption>${rows.length} rows × ${columns.length} columns${more}</caption>`;
  return `<table>${caption}<thead><tr>${header}</tr></thead><tbody>${body.join("")}</tbody></table>`;
}

function cellHtml(value: unknown): string {
  const isNumber = typeof value === "number" || typeof value === "bigint";
  const text = value === undefined ? "" : cellText(value);
  const cut = text.length > maxCellLength ? `${text.slice(0, maxCellLength)}…` : text;
  return `<td${isNumber ? ' style="text-align:right"' : ""}>${escapeHtml(cut)}</td>`;
}

function cellText(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  return inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY });
}
