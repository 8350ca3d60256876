import { isPlainObject, type TablePart, type TableSize } from "./table-part.ts";

interface ArrowLike {
  readonly schema: { readonly fields: readonly { readonly name: unknown; readonly type: unknown }[] };
  readonly numRows: number;
  getChildAt(index: number): { get(row: number): unknown } | null;
}

interface DataFrameLike {
  readonly schema: object;
  readonly height: number;
  head(rows: number): { toRecords(): unknown };
}

/**
 * The first rows of another library's table, known by its methods: an Arrow `Table` or `RecordBatch`, a data frame of Polars.
 * Parsed JSON has no methods, so no record can pass itself off as one.
 *
 * @returns undefined where the value is no such table
 */
export function columnTable(value: unknown, size: TableSize): TablePart | undefined {
  if (typeof value !== "object" || value === null || isPlainObject(value)) return undefined;
  if (isArrowLike(value)) return arrowTable(value, size);
  if (isDataFrameLike(value)) return dataFrameTable(value, size);
  return undefined;
}

function isArrowLike(value: object): value is ArrowLike {
  if (!("schema" in value && "numRows" in value && "getChildAt" in value)) return false;
  const { schema, numRows, getChildAt } = value;
  if (typeof schema !== "object" || schema === null || !("fields" in schema) || !Array.isArray(schema.fields)) return false;
  return typeof numRows === "number" && typeof getChildAt === "function";
}

function arrowTable(table: ArrowLike, { maxRows, maxColumns }: TableSize): TablePart {
  const { fields } = table.schema;
  const shown = fields.slice(0, maxColumns);
  const vectors = shown.map((_, index) => table.getChildAt(index));
  const rows = Array.from({ length: Math.min(table.numRows, maxRows) }, (_, row) => vectors.map((vector) => plainCell(vector?.get(row))));
  return {
    columns: shown.map(({ name }) => String(name)),
    types: shown.map(({ type }) => String(type)),
    rows,
    rowCount: table.numRows,
    columnCount: fields.length,
  };
}

/** Arrow's lists and structs are views on its memory: their own JSON is what a person reads. */
function plainCell(cell: unknown): unknown {
  if (typeof cell !== "object" || cell === null || cell instanceof Date || ArrayBuffer.isView(cell)) return cell;
  return "toJSON" in cell && typeof cell.toJSON === "function" ? cell.toJSON() : cell;
}

function isDataFrameLike(value: object): value is DataFrameLike {
  if (!("schema" in value && "height" in value && "head" in value && "toRecords" in value)) return false;
  const { schema, height, head, toRecords } = value;
  return typeof schema === "object" && typeof height === "number" && typeof head === "function" && typeof toRecords === "function";
}

function dataFrameTable(frame: DataFrameLike, { maxRows, maxColumns }: TableSize): TablePart | undefined {
  const records = frame.head(Math.min(maxRows, frame.height)).toRecords();
  if (!Array.isArray(records) || !records.every(isPlainObject)) return undefined;
  const columns = Object.entries(frame.schema).slice(0, maxColumns);
  return {
    columns: columns.map(([name]) => name),
    types: columns.map(([, type]) => String(type)),
    rows: records.map((record) => columns.map(([name]) => record[name])),
    rowCount: frame.height,
    columnCount: Object.keys(frame.schema).length,
  };
}
