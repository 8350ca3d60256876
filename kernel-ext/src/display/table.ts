import { columnTable } from "./column-table.ts";
import { displaySymbol, type MimeBundle } from "./displayable.ts";
import { Markup } from "./html.ts";
import { plainText } from "./plain-text.ts";
import { tableHtml } from "./table-html.ts";
import { collectionTable, firstOf, type TableOptions, type TablePart } from "./table-part.ts";
import { tableText } from "./table-text.ts";

/** A table to show, or to put into `html`. */
export class TableView {
  readonly #part: TablePart;
  readonly #options: TableOptions;

  constructor(part: TablePart, options: TableOptions) {
    this.#part = part;
    this.#options = options;
  }

  toMarkup(): Markup {
    return new Markup(tableHtml(this.#part, this.#options), "text/html");
  }

  [displaySymbol](): MimeBundle {
    return { "text/plain": tableText(this.#part, this.#options), "text/html": tableHtml(this.#part, this.#options) };
  }
}

/**
 * Rows as a table with as many rows, columns and characters as you say: arrays, `Set`s and `Map`s of objects, `Map`s, arrays of
 * numbers, Arrow tables, Polars data frames; other arrays have one column. The rows are read at once, later changes do not show.
 *
 * @throws TypeError where the value holds no rows
 * @example
 * table(alerts, { maxRows: Infinity, caption: "Alerts of the day" })
 */
export function table(rows: object, options: TableOptions = {}): TableView {
  const size = { maxRows: options.maxRows ?? 50, maxColumns: options.maxColumns ?? 30 };
  const part = columnTable(rows, size) ?? collectionTable(rows, size) ?? listTable(rows, size.maxRows);
  if (part === undefined)
    throw new TypeError(`table: ${plainText(rows).text.slice(0, 80)} holds no rows; give an array, a Set, a Map or an Arrow table`);
  return new TableView(part, options);
}

function listTable(rows: object, maxRows: number): TablePart | undefined {
  if (!(Array.isArray(rows) || rows instanceof Set || rows instanceof Map || (ArrayBuffer.isView(rows) && Symbol.iterator in rows)))
    return undefined;
  const rowCount = "size" in rows ? rows.size : "length" in rows && typeof rows.length === "number" ? rows.length : 0;
  const values: Iterable<unknown> = rows as Iterable<unknown>;
  return { columns: ["value"], rows: firstOf(values, maxRows).map((value) => [value]), rowCount, columnCount: 1 };
}
