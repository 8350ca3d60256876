import { escapeHtml } from "./escape-html.ts";
import { tableCell } from "./table-cell.ts";
import { absent, isNumeric, type TableOptions, type TablePart } from "./table-part.ts";
import { tableSizeText } from "./table-size.ts";
import { visibleText } from "./visible-text.ts";

// Jupyter's pages let MathJax loose on every output: "$\href{javascript:…}{…}$" in a record would become a link.
const withoutMath = "tex2jax_ignore mathjax_ignore";

/**
 * A table as HTML without script or style sheet, every name and value escaped: log data is written by attackers.
 * Colours are the page's, so that it reads in light and dark.
 */
export function tableHtml(part: TablePart, { maxCellLength = 200, caption }: TableOptions = {}): string {
  const alignment = part.columns.map((_, column) => {
    if (isNumeric(part, column)) return ' style="text-align:right"';
    return isTimes(part, column) ? ' style="text-align:left;white-space:nowrap"' : ' style="text-align:left"';
  });
  const header = part.columns.map((name, column) => `<th scope="col"${alignment[column]}>${escapeHtml(label(name))}</th>`).join("");
  const types = part.types
    ?.map((type, column) => `<td${alignment[column]}><small><em>${escapeHtml(label(type))}</em></small></td>`)
    .join("");
  const cell = (value: unknown, column: number) => {
    const { text, isQuiet } = tableCell(value, maxCellLength);
    const content = isQuiet ? `<span style="opacity:.7"><em>${text}</em></span>` : escapeHtml(text);
    if (column === 0 && part.hasRowHeader) return `<th scope="row"${alignment[column]}>${content}</th>`;
    return `<td${alignment[column]}>${content}</td>`;
  };
  const body = part.rows.map((row) => `<tr>${part.columns.map((_, column) => cell(row[column], column)).join("")}</tr>`).join("");
  const title = caption === undefined ? "" : `${escapeHtml(visibleText(caption, { on: "one line" }))}: `;
  return (
    `<table class="${withoutMath}"><caption style="text-align:left;white-space:nowrap">${title}${escapeHtml(tableSizeText(part))}</caption>` +
    `<thead><tr>${header}</tr>${types === undefined ? "" : `<tr>${types}</tr>`}</thead><tbody>${body}</tbody></table>`
  );
}

/** A time would be broken at its hyphens wherever the page is narrow, and every row be two lines high. */
function isTimes({ rows }: TablePart, column: number): boolean {
  const values = rows.map((row) => row[column]).filter((value) => value !== null && value !== undefined && value !== absent);
  return values.length > 0 && values.every((value) => value instanceof Date);
}

function label(name: string): string {
  return tableCell(name, 200).text;
}
