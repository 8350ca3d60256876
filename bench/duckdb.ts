import { readFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";

/** DuckDB as a user of its command line has it, on so many threads. */
export async function withDuckDb<T>(threads: number, work: (run: (sql: string) => Promise<void>) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(":memory:", { threads: String(threads) });
  const connection = await instance.connect();
  try {
    return await work(async (sql) => {
      await connection.run(sql);
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A Zeek TSV log as a table expression over DuckDB's own CSV reader, typed as the header says. */
export function zeekByCsvReader(path: string): string {
  const header = readFileSync(path, { encoding: "latin1" }).slice(0, 4000).split("\n");
  const line = (key: string) =>
    header
      .find((text) => text.startsWith(key))!
      .split("\t")
      .slice(1);
  const types = line("#types");
  const columns = line("#fields").map((name, i) => `'${name}': '${duckType(types[i]!)}'`);
  const skip = header.findIndex((text) => text !== "" && !text.startsWith("#"));
  return `(SELECT make_timestamp(CAST(ts * 1000000 AS BIGINT)) AS ts, * EXCLUDE (ts) FROM read_csv('${path}', delim='\\t', header=false,
    skip=${skip}, quote='', escape='', nullstr='-', columns={${columns.join(", ")}}, auto_detect=false))`;
}

function duckType(zeek: string): string {
  if (zeek === "time" || zeek === "interval" || zeek === "double") return "DOUBLE";
  if (zeek === "count" || zeek === "int") return "BIGINT";
  if (zeek === "port") return "INTEGER";
  return "VARCHAR";
}
