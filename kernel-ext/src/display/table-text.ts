import { tableCell } from "./table-cell.ts";
import { isNumeric, type TableOptions, type TablePart } from "./table-part.ts";
import { moreText, shapeText } from "./table-size.ts";
import { visibleText } from "./visible-text.ts";

const screenWidth = 160;

/** The table for a terminal: aligned columns, as many as fit, and what is not shown counted. */
export function tableText(part: TablePart, { maxCellLength = 60, maxColumns = 30, caption }: TableOptions = {}): string {
  const maxWidth = Number.isFinite(maxColumns) ? screenWidth : maxColumns;
  const columns = part.columns.map((name, column) => {
    const cells = [name, ...(part.types ? [part.types[column]] : []), ...part.rows.map((row) => row[column])].map(
      (cell) => tableCell(cell, maxCellLength).text,
    );
    const width = cells.reduce((widest, cell) => Math.max(widest, cell.length), 0);
    return { cells, width, isRight: isNumeric(part, column) };
  });
  let fitting = 0;
  for (let width = 0; fitting < columns.length; fitting++) {
    width += (columns[fitting]?.width ?? 0) + 2;
    if (width > maxWidth && fitting > 0) break;
  }
  const shown = columns.slice(0, fitting);
  const height = part.rows.length + (part.types ? 2 : 1);
  const lines = Array.from({ length: height }, (_, line) =>
    shown
      .map(({ cells, width, isRight }) => (isRight ? (cells[line] ?? "").padStart(width) : (cells[line] ?? "").padEnd(width)))
      .join("  ")
      .trimEnd(),
  );
  const more = moreText({ ...part, columns: part.columns.slice(0, fitting) });
  const title = caption === undefined ? "" : `${visibleText(caption, { on: "one line" })}: `;
  return [`${title}${shapeText(part)}`, "", ...lines, ...(more === undefined ? [] : [`… ${more}`])].join("\n");
}
