import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { parse } from "node:path";
import { didYouMean, SoclabError } from "../core/index.ts";
import type { DatabaseSource, FileSource, ReferenceRow, ReferenceTable } from "../enrich/index.ts";
import { constant, identifier } from "../sql/index.ts";
import { type ColumnarResult, DuckDb, type Engine, readSqliteTable } from "../table/index.ts";
import { openLake } from "./lake.ts";

/**
 * Reads assets, users or leases out of a Parquet file, a table of a DuckDB or SQLite database, or a table of a lake.
 *
 * @throws SOCLAB_NOT_FOUND, SOCLAB_INVALID_FILE, SOCLAB_UNKNOWN_TABLE
 * @example
 * ```ts
 * const enricher = createEnricher(await loadEnrichment("enrichment.json", { readTable: readReferenceTable }));
 * ```
 */
export async function readReferenceTable(source: DatabaseSource | FileSource): Promise<ReferenceTable> {
  if ("path" in source) {
    await firstBytes(source.path);
    const engine = new DuckDb({ threads: 1 });
    return tableOf(engine, () => engine.close(), `read_parquet(${constant(source.path)}, hive_partitioning = false)`, source.path);
  }
  const { database, lake, table } = source;
  if (lake !== undefined) {
    const opened = openLake(lake, { threads: 1 });
    try {
      opened.schema(table);
    } catch (error) {
      await opened.close();
      throw error;
    }
    return tableOf(opened.engine, () => opened.close(), identifier(table), `${lake} table ${table}`);
  }
  if (database === undefined) throw new SoclabError("SOCLAB_USAGE", `table "${table}" is of no database and of no lake`);
  const name = `${database} table ${table}`;
  const start = await firstBytes(database);
  if (start.subarray(0, 15).toString("latin1") === "SQLite format 3") {
    const { columns, rows } = await readSqliteTable(database, table);
    const content = createHash("sha256").update(JSON.stringify(columns));
    return { name, unit: "row", columns, rows: numbered(rows, content), version: () => shortDigest(content) };
  }
  if (start.subarray(8, 12).toString("latin1") !== "DUCK")
    throw new SoclabError("SOCLAB_INVALID_FILE", `${database} is no database, expected a DuckDB or SQLite file`);
  const engine = new DuckDb({ threads: 1 });
  try {
    const catalog = catalogOf(database);
    await engine.run(`ATTACH ${constant(database)} AS ${identifier(catalog)} (READ_ONLY)`);
    return await tableOf(engine, () => engine.close(), await attachedTable(engine, catalog, database, table), name);
  } catch (error) {
    await engine.close();
    throw error instanceof SoclabError && error.code === "SOCLAB_QUERY"
      ? new SoclabError("SOCLAB_INVALID_FILE", `${database} cannot be read: ${error.message.slice(error.code.length + 2)}`, {
          cause: error,
        })
      : error;
  }
}

/** DuckDB's own name for a database file, by which the views in it may call their tables. */
function catalogOf(database: string): string {
  const stem = parse(database).name;
  return ["memory", "system", "temp", "main"].includes(stem.toLowerCase()) ? "reference" : stem;
}

/** The SQL name of `table` or `schema.table`. */
async function attachedTable(engine: Engine, catalog: string, database: string, table: string): Promise<string> {
  const { columns } = await engine.query(
    `SELECT schema_name || '.' || table_name AS name FROM duckdb_tables() WHERE database_name = ${constant(catalog)}
     UNION ALL SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE database_name = ${constant(catalog)} AND NOT internal ORDER BY ALL`,
  );
  const list = columns.get("name");
  const known =
    list?.type === "string" && list.encoding === "dictionary" ? [...Array.from(list.codes, (code) => list.dictionary.values[code]!)] : [];
  const shown = known.map((name) => name.replace(/^main\./, ""));
  const at = shown.findIndex((name) => name.toLowerCase() === table.toLowerCase());
  if (at < 0)
    throw new SoclabError("SOCLAB_UNKNOWN_TABLE", `${database} has no table "${table}"`, {
      hint: didYouMean(table, shown) ?? (shown.length === 0 ? "It has none at all." : `Its tables are ${shown.join(", ")}.`),
    });
  const [schema = "main", name = table] = known[at]!.split(/\.(.*)/s);
  return `${identifier(catalog)}.${identifier(schema)}.${identifier(name)}`;
}

async function tableOf(engine: Engine, close: () => Promise<void>, from: string, name: string): Promise<ReferenceTable> {
  try {
    const schema = await engine.describe(`SELECT * FROM ${from}`);
    const columns = Object.keys(schema);
    const texts = columns.map((column) => `CAST(${identifier(column)} AS VARCHAR) AS ${identifier(column)}`);
    const content = createHash("sha256").update(JSON.stringify(columns));
    async function* rows(): AsyncGenerator<readonly (string | null)[], void, undefined> {
      try {
        for await (const piece of engine.stream(`SELECT ${texts.join(", ")} FROM ${from}`)) yield* textRows(piece, columns);
      } finally {
        await close();
      }
    }
    return { name, unit: "row", columns, rows: numberedAsync(rows(), content), version: () => shortDigest(content) };
  } catch (error) {
    await close();
    if (error instanceof SoclabError && error.code === "SOCLAB_QUERY")
      throw new SoclabError("SOCLAB_INVALID_FILE", `${name} cannot be read: ${error.message.slice(error.code.length + 2)}`, {
        cause: error,
      });
    throw error;
  }
}

function* textRows(piece: ColumnarResult, columns: readonly string[]): Generator<readonly (string | null)[], void, undefined> {
  const texts = columns.map((name) => {
    const column = piece.columns.get(name);
    if (column?.type !== "string" || column.encoding !== "dictionary") throw new TypeError(`"${name}" holds no strings`);
    return column;
  });
  for (let row = 0; row < piece.length; row++)
    yield texts.map(({ validity, codes, dictionary }) =>
      validity !== undefined && (validity[row >> 3]! & (1 << (row & 7))) === 0 ? null : dictionary.values[codes[row]!]!,
    );
}

type Digest = ReturnType<typeof createHash>;

function* numbered(rows: Iterable<readonly (string | null)[]>, content: Digest): Generator<ReferenceRow, void, undefined> {
  let place = 0;
  for (const fields of rows) {
    content.update(JSON.stringify(fields));
    yield { place: ++place, fields };
  }
}

async function* numberedAsync(
  rows: AsyncIterable<readonly (string | null)[]>,
  content: Digest,
): AsyncGenerator<ReferenceRow, void, undefined> {
  let place = 0;
  for await (const fields of rows) {
    content.update(JSON.stringify(fields));
    yield { place: ++place, fields };
  }
}

function shortDigest(content: Digest): string {
  return content.copy().digest("hex").slice(0, 16);
}

/** @throws SOCLAB_NOT_FOUND, SOCLAB_INVALID_FILE */
async function firstBytes(path: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "ENOENT") throw new SoclabError("SOCLAB_NOT_FOUND", `there is no file ${path}`, { cause });
    if (code === "EISDIR") throw new SoclabError("SOCLAB_INVALID_FILE", `${path} is a folder, expected a file`, { cause });
    throw new SoclabError("SOCLAB_IO", `cannot read ${path}`, { cause });
  }
}
