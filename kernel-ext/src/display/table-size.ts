import type { TablePart } from "./table-part.ts";

/** "1,000 rows × 3 columns, 50 × 3 shown; table(value, { maxRows: Infinity }) shows all" */
export function tableSizeText(part: TablePart): string {
  const size = shapeText(part);
  const hidden = hiddenOptions(part);
  if (hidden === undefined) return size;
  return `${size}, ${part.rows.length.toLocaleString("en-US")} × ${part.columns.length} shown; table(value, { ${hidden} }) shows all`;
}

/** "1,000 rows × 3 columns" */
export function shapeText(part: TablePart): string {
  return `${counted(part.rowCount, "row")} × ${counted(part.columnCount, "column")}`;
}

/** "950 more rows: table(value, { maxRows: Infinity })"; undefined where all is shown. */
export function moreText(part: TablePart): string | undefined {
  const rows = part.rowCount - part.rows.length;
  const columns = part.columnCount - part.columns.length;
  const more = [...(rows > 0 ? [counted(rows, "more row")] : []), ...(columns > 0 ? [counted(columns, "more column")] : [])];
  return more.length === 0 ? undefined : `${more.join(", ")}: table(value, { ${hiddenOptions(part)} })`;
}

function hiddenOptions(part: TablePart): string | undefined {
  const options: string[] = [];
  if (part.rowCount > part.rows.length) options.push("maxRows: Infinity");
  if (part.columnCount > part.columns.length) options.push("maxColumns: Infinity");
  return options.length === 0 ? undefined : options.join(", ");
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}
