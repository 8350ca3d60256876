import { didYouMean, SoclabError } from "../../core/index.ts";
import { identifier } from "../../sql/index.ts";

/** A table of a SQLite file as texts. The file is open until the rows were read or given up. */
export interface SqliteRows {
  readonly columns: readonly string[];
  readonly rows: Generator<readonly (string | null)[], void, undefined>;
}

/**
 * Reads a table or view of a SQLite database file, changing nothing in it.
 * @throws SOCLAB_UNKNOWN_TABLE, SOCLAB_INVALID_FILE
 */
export async function readSqliteTable(path: string, table: string): Promise<SqliteRows> {
  const { DatabaseSync } = await import("node:sqlite");
  const wrong = (cause: unknown) =>
    new SoclabError(
      "SOCLAB_INVALID_FILE",
      `${path} cannot be read as a SQLite database: ${cause instanceof Error ? cause.message : cause}`,
      {
        cause,
      },
    );
  let database: InstanceType<typeof DatabaseSync>;
  let tables: string[];
  try {
    database = new DatabaseSync(path, { readOnly: true, allowExtension: false });
    const listed = database.prepare("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name").all();
    tables = listed.map(({ name }) => String(name));
  } catch (cause) {
    throw wrong(cause);
  }
  const found = tables.find((name) => name.toLowerCase() === table.toLowerCase());
  if (found === undefined) {
    database.close();
    throw new SoclabError("SOCLAB_UNKNOWN_TABLE", `${path} has no table "${table}"`, {
      hint: didYouMean(table, tables) ?? `Its tables are ${tables.join(", ")}.`,
    });
  }
  try {
    const statement = database.prepare(`SELECT * FROM ${identifier(found)}`);
    statement.setReadBigInts(true);
    const columns = statement.columns().map(({ name }) => name);
    const decoder = new TextDecoder();
    const text = (value: unknown) => (value === null ? null : value instanceof Uint8Array ? decoder.decode(value) : String(value));
    function* rows(): Generator<readonly (string | null)[], void, undefined> {
      try {
        for (const row of statement.iterate()) yield columns.map((name) => text(row[name]));
      } catch (cause) {
        throw wrong(cause);
      } finally {
        database.close();
      }
    }
    return { columns, rows: rows() };
  } catch (cause) {
    database.close();
    throw wrong(cause);
  }
}
