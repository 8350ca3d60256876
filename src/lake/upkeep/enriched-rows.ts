import type { Enricher } from "../../enrich/index.ts";
import { type Column, type Columns, type EventBatch, enrichmentColumns, labelColumns } from "../../event/index.ts";
import { constant, identifier, sqlType } from "../../sql/index.ts";
import type { AppendTable, ColumnarResult, DuckDb, VectorSource } from "../../table/index.ts";
import type { LakeFile } from "../lake-file.ts";
import { absolutePath } from "../layout.ts";

/** What enrichment makes: these are made anew, all other columns stay. */
export const madeByEnrichment: Columns = { ...enrichmentColumns, ...labelColumns };

const rowNumber = "soclab row";
const none: Uint8Array = new Uint8Array();
let tableNumber = 0;

/** Rows of a file that are looked at again: those of which the condition holds. */
export interface RowsToEnrich {
  readonly file: LakeFile;
  readonly lake: string;
  /** SQL over the file's columns. */
  readonly condition: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * Enriches rows of a file out of its own columns, with no need of the parser, into a table in memory: the row's number as `rn`, then the columns of
 * {@link madeByEnrichment}.
 */
export async function enrichedTable(engine: DuckDb, enricher: Enricher, rows: RowsToEnrich): Promise<AppendTable> {
  const { file, signal } = rows;
  const kept = Object.entries(file.columns).filter(([name, type]) => type !== "bytes" && !Object.hasOwn(madeByEnrichment, name));
  const selected = kept.map(([name]) => `${fileColumn(file, name)} AS ${identifier(name)}`);
  const sql = `SELECT file_row_number AS ${identifier(rowNumber)}, ${selected.join(", ")} FROM ${fileScan(rows)} WHERE ${rows.condition}`;
  const made = Object.entries(madeByEnrichment).map(([name, type]) => ({ name, type }));
  const table = await engine.createTable(`enriched_${tableNumber++}`, [{ name: "rn", type: "bigint" }, ...made]);
  try {
    for await (const piece of engine.stream(sql, { signal })) {
      if (piece.length === 0) continue;
      const batch = batchOf(file, piece);
      const { columns } = enricher.enrich(batch);
      const sources = made.map(
        ({ name, type }): VectorSource => ({ kind: "column", column: columns.get(name) ?? nulls(type, piece.length) }),
      );
      await table.append([{ kind: "column", column: batch.columns.get(rowNumber)! }, ...sources], piece.length);
    }
    table.flush();
    return table;
  } catch (error) {
    await table.drop();
    throw error;
  }
}

/** The file as rows, each with its number. */
export function fileScan({ file, lake }: Pick<RowsToEnrich, "file" | "lake">): string {
  return `read_parquet(${constant(absolutePath(lake, file.path))}, hive_partitioning = false, file_row_number = true)`;
}

/** A column of the table as the file calls it, as SQL; NULL where the file does not have it. */
export function fileColumn({ columns, stored }: LakeFile, name: string): string {
  if (!Object.hasOwn(columns, name)) return "NULL";
  return identifier(stored && Object.hasOwn(stored, name) ? stored[name]! : name);
}

/** Enrichment looks at columns only: ids and raw records stay in the file. */
function batchOf({ table }: LakeFile, { length, columns }: ColumnarResult): EventBatch {
  const own = new Map<string, Column>();
  for (const [name, column] of columns) if (column.type !== "bytes") own.set(name, column);
  const empty = new Int32Array(length);
  return {
    feed: table,
    length,
    columns: own,
    raw: { bytes: none, starts: empty, ends: empty },
    source: { name: table, id: "0".repeat(16), offsets: new Float64Array(length), end: 0 },
    idLow: new BigUint64Array(length),
  };
}

function nulls(type: Columns[string], length: number): Column {
  const validity = new Uint8Array((length + 7) >> 3);
  const strings: Column = {
    type: "string",
    encoding: "dictionary",
    length,
    validity,
    codes: new Int32Array(length),
    dictionary: { values: [""] },
  };
  switch (type) {
    case "string":
      return strings;
    case "double":
    case "timestamp":
      return { type, length, validity, values: new Float64Array(length) };
    case "integer":
      return { type, length, validity, values: new Int32Array(length) };
    case "bigint":
      return { type, length, validity, values: new BigInt64Array(length) };
    case "string[]":
      return { type, length, validity, offsets: new Int32Array(length + 1), child: { ...strings, length: 0, codes: new Int32Array() } };
    default:
      throw new TypeError(`enrichment makes no ${sqlType(type)}`);
  }
}
