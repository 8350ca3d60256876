import type { ColumnarResult } from "./engine.ts";
import { type RowValue, resultValue } from "./rows.ts";

/** The method that a notebook calls for a rich picture of a value, as Deno's kernel named it. */
export const jupyterDisplay: unique symbol = Symbol.for("Jupyter.display");

const maxCell = 60;
const maxTextWidth = 160;
const lossyUtf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const rightAligned = new Set(["integer", "bigint", "double"]);

/** A preview in both forms that a notebook can show. */
export function tableBundle(preview: Preview): { "text/html": string; "text/plain": string } {
  return { "text/html": htmlTable(preview), "text/plain": textTable(preview) };
}

/** A value as a person reads it, on one line and not too long. */
export function cellText(value: RowValue): string {
  if (value === null) return "null";
  const text =
    value instanceof Date
      ? isoTime(value)
      : value instanceof Uint8Array
        ? lossyUtf8.decode(value)
        : Array.isArray(value)
          ? `[${value.map((element) => cellText(element)).join(", ")}]`
          : String(value);
  const line = visible(text);
  const points = [...line];
  return points.length > maxCell ? `${points.slice(0, maxCell - 1).join("")}…` : line;
}

/** Control characters would move a terminal's cursor, and bidirectional ones turn a line around: hostile records hold both. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character === "\t" ? "\\t" : character === "\n" ? "\\n" : `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}

function isoTime(value: Date): string {
  return Number.isNaN(value.getTime()) ? "invalid time" : value.toISOString().replace("T", " ").replace("Z", "");
}

/** The first rows of a table, and how many there are of them. */
export interface Preview {
  readonly result: ColumnarResult;
  readonly rowCount: number;
  /** There are more rows than `rowCount`; nobody has counted them. */
  readonly hasMore?: boolean;
}

/** "5,347 rows × 57 columns" */
function shapeLine({ result: { columns }, rowCount, hasMore }: Preview): string {
  const rows = `${hasMore ? "more than " : ""}${rowCount.toLocaleString("en-US")} ${rowCount === 1 ? "row" : "rows"}`;
  return `${rows} × ${columns.size} ${columns.size === 1 ? "column" : "columns"}`;
}

/** "1,202 more rows", empty where all are shown. */
function moreRows({ result, rowCount, hasMore }: Preview): string {
  if (hasMore) return "more rows";
  return rowCount > result.length ? `${(rowCount - result.length).toLocaleString("en-US")} more rows` : "";
}

/** Shape line, header, types, first rows; columns that do not fit are counted. */
export function textTable(preview: Preview): string {
  const { result } = preview;
  const names = [...result.columns.keys()];
  const cells = names.map((name) => {
    const column = result.columns.get(name)!;
    return [visible(name), column.type, ...Array.from({ length: result.length }, (_, row) => cellText(resultValue(column, row)))];
  });
  const widths = cells.map((column) => Math.max(...column.map((cell) => cell.length)));
  let shown = 0;
  for (let width = 0; shown < widths.length; shown++) {
    width += widths[shown]! + 2;
    if (width > maxTextWidth && shown > 0) break;
  }
  const lines = Array.from({ length: result.length + 2 }, (_, line) =>
    cells
      .slice(0, shown)
      .map((column, i) => (rightAligned.has(column[1]!) ? column[line]!.padStart(widths[i]!) : column[line]!.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd(),
  );
  const more = [moreRows(preview)].filter((text) => text !== "");
  if (names.length > shown) more.push(`${names.length - shown} more columns`);
  return [shapeLine(preview), "", ...lines, ...(more.length > 0 ? [`… ${more.join(", ")}`] : [])].join("\n");
}

/** The same as HTML. Colours come from the page, so that it reads in light and dark. */
export function htmlTable(preview: Preview): string {
  const { result } = preview;
  const columns = [...result.columns];
  const align = (type: string) => (rightAligned.has(type) ? ' style="text-align:right"' : ' style="text-align:left"');
  const head = columns.map(([name, { type }]) => `<th scope="col"${align(type)}>${escapeHtml(visible(name))}</th>`).join("");
  const types = columns.map(([, { type }]) => `<td${align(type)}><small><em>${escapeHtml(type)}</em></small></td>`).join("");
  const body = Array.from({ length: result.length }, (_, row) => {
    const cells = columns.map(([, column]) => {
      const value = resultValue(column, row);
      return `<td${align(column.type)}>${value === null ? '<span style="opacity:.5">null</span>' : escapeHtml(cellText(value))}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  const more = moreRows(preview) === "" ? "" : `<p>… ${moreRows(preview)}</p>`;
  return (
    `<div class="soclab-table"><p>${shapeLine(preview)}</p><div style="overflow-x:auto" tabindex="0" role="region" aria-label="First rows of the table">` +
    `<table><thead><tr>${head}</tr><tr>${types}</tr></thead><tbody>${body.join("")}</tbody></table></div>${more}</div>`
  );
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}
