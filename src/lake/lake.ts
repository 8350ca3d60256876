import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { didYouMean, SoclabError } from "../core/index.ts";
import type { Columns, FeedColumns } from "../event/index.ts";
import { identifier } from "../sql/index.ts";
import {
  type ColumnarResult,
  checkDeclared,
  DuckDb,
  type DuckDbOptions,
  type Engine,
  EventTable,
  type QueryOptions,
} from "../table/index.ts";
import { CommitLog } from "./commit-log.ts";
import { LakeEngine } from "./lake-engine.ts";
import type { LakeFile } from "./lake-file.ts";
import { absolutePath, deadLetterTable } from "./layout.ts";
import { deadLetterColumns } from "./schema.ts";
import { IndexCache } from "./search/index/index-cache.ts";
import { type SearchOptions, SearchResult } from "./search/search.ts";
import { type SqlTag, sqlTag } from "./sql-tag.ts";
import { lakeSymbol } from "./symbol.ts";
import { emptyQuery, tableQuery } from "./views.ts";

export type LakeOptions = Pick<DuckDbOptions, "threads" | "memoryBytes" | "temporaryDirectory">;

/**
 * A lake for reading: tables of Parquet files that a commit log names. Nothing is read before it is asked for; every query sees the commits
 * there are when it begins.
 *
 * @throws SOCLAB_NOT_FOUND where there is no such directory
 * @example
 * ```ts
 * await using lake = openLake("lake");
 * const rows = await lake.table("conn").where((c) => c.id_resp_p.eq(22)).limit(10).rows();
 * ```
 */
export function openLake(directory: string, options: LakeOptions = {}): Lake {
  const path = resolve(directory);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new SoclabError("SOCLAB_NOT_FOUND", `there is no lake at ${path}`, { hint: "soclab ingest makes one." });
  }
  return new Lake(path, options);
}

export class Lake {
  readonly directory: string;
  /**
   * SQL that a user wrote, over the tables by their names. It can read and nothing else, and no file outside the lake. An exit of the
   * result (`rows`, `columns`, `for await` …) runs it.
   *
   * @throws SOCLAB_QUERY, SOCLAB_UNKNOWN_TABLE, SOCLAB_UNKNOWN_COLUMN, SOCLAB_ABORTED at the exit
   * @example
   * ```ts
   * const port = 22;
   * const rows = await lake.sql`SELECT id_orig_h, count(*) AS n FROM conn WHERE id_resp_p = ${port} GROUP BY ALL`.rows();
   * ```
   */
  readonly sql: SqlTag;
  /** @internal */
  readonly indexes: IndexCache;
  readonly #log: CommitLog;
  /** Without the tables: reads what a statement names. */
  readonly #bare: DuckDb;
  readonly #trusted: LakeEngine;
  readonly #confined: LakeEngine;

  /** @internal use {@link openLake} */
  constructor(directory: string, options: LakeOptions) {
    this.directory = directory;
    this.indexes = new IndexCache(directory);
    this.#log = new CommitLog(directory);
    this.#bare = new DuckDb(options);
    this.#trusted = new LakeEngine(this.#bare, this);
    this.#confined = new LakeEngine(new DuckDb({ ...options, confineTo: [directory] }), this);
    this.sql = sqlTag(this.#confined, this);
  }

  /** The number of the last commit; 0 before the first. Tables and their columns stay the same as long as it does. */
  get commit(): number {
    this.#log.refresh();
    return this.#log.last;
  }

  /** SHA-256 of the last commit's file, which stands for everything in the lake; empty before the first. `soclab lake head` gives it. */
  get head(): string {
    this.#log.refresh();
    return this.#log.head;
  }

  /** @internal */
  get [lakeSymbol](): this {
    return this;
  }

  /** A feed's table. Its columns are known to the compiler by the literal name; whether it is there shows when it is read. */
  table<F extends string>(name: F): EventTable<FeedColumns<F>>;
  /** A table with columns that the caller declares; that they are so is checked when it is read. */
  table<C extends Columns>(name: string, columns: C): EventTable<C>;
  /** A table with columns that the caller vouches for: a notebook's kernel, which has looked at them, puts them in. */
  table<C extends Columns>(name: string): EventTable<C>;
  table(name: string, declared: Columns = {}): EventTable<Columns> {
    const columns = () => {
      const schema = this.schema(name);
      checkDeclared(name, schema, declared);
      return schema;
    };
    return EventTable.of(this.#trusted, { name, sql: identifier(name), columns });
  }

  /** Names of the tables that have data. `dead_letters` can be queried even when there are none. */
  tables(): string[] {
    this.#log.refresh();
    return [...this.#log.state.tables.keys()].sort();
  }

  /** @throws SOCLAB_UNKNOWN_TABLE */
  schema(name: string): Columns {
    this.#log.refresh();
    const table = this.#log.state.tables.get(name);
    if (table) return table.schema;
    if (name === deadLetterTable) return deadLetterColumns;
    const known = this.tables();
    const near = didYouMean(name, known);
    throw new SoclabError("SOCLAB_UNKNOWN_TABLE", `the lake has no table "${name}".${near ? ` ${near}` : ""}`, {
      hint: known.length > 0 ? `Its tables are ${known.join(", ")}.` : "It is empty: soclab ingest fills it.",
    });
  }

  /** The files of a table, oldest commit first. */
  files(name: string): readonly LakeFile[] {
    this.schema(name);
    return [...(this.#log.state.tables.get(name)?.files.values() ?? [])];
  }

  /**
   * Events by words of their raw records, fields, wildcards, ranges and times, newest first: `docs/search.md` describes the language.
   *
   * @throws SOCLAB_QUERY with `position`; SOCLAB_UNKNOWN_COLUMN, SOCLAB_UNKNOWN_TABLE, SOCLAB_INVALID_VALUE, SOCLAB_ABORTED when it runs
   * @example
   * ```ts
   * const newest = await lake.search("10.0.0.5 service:dns", { limit: 20 }).rows();
   * ```
   */
  search(query: string, options: SearchOptions = {}): SearchResult {
    return new SearchResult(this, this.#bare, query, options);
  }

  /** SQL that soclab wrote, as columns. Not for text that comes from outside: this engine may reach files. */
  query(text: string, options: QueryOptions = {}): Promise<ColumnarResult> {
    return this.#trusted.query(text, options);
  }

  /** What {@link query} runs on, for streaming and Parquet. */
  get engine(): Engine {
    return this.#trusted;
  }

  /** @internal What SQL out of a user's hands runs on: it reaches no file outside the lake. That it only reads is checked before. */
  get userEngine(): Engine {
    return this.#confined;
  }

  /** A console and a notebook show the tables there are. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    const tables = this.tables().map((name) => {
      const rows = this.files(name).reduce((sum, file) => sum + file.rows, 0);
      return `  ${name}: ${rows.toLocaleString("en-US")} rows × ${Object.keys(this.schema(name)).length} columns`;
    });
    return [`Lake { ${this.directory}`, ...tables].join("\n").concat(tables.length > 0 ? "\n}" : " }");
  }

  async close(): Promise<void> {
    this.indexes.close();
    await this.#trusted.close();
    await this.#confined.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @internal The commit that the lake stands at, and the rows of each table that changed after another one, as SQL. */
  snapshot(after: number): { commit: number; queries: ReadonlyMap<string, string> } {
    this.#log.refresh();
    const queries = new Map<string, string>();
    const { tables } = this.#log.state;
    for (const [name, { schema, files, changed }] of tables) {
      if (changed > after) queries.set(name, files.size > 0 ? tableQuery(this.directory, schema, files.values()) : emptyQuery(schema));
    }
    if (after < 0 && !tables.has(deadLetterTable)) queries.set(deadLetterTable, emptyQuery(deadLetterColumns));
    return { commit: this.#log.last, queries };
  }

  /** @internal A file that the lake as it was read last has, and that is not there. */
  missingFile(): string | undefined {
    for (const { path } of this.#log.files()) if (!existsSync(absolutePath(this.directory, path))) return path;
    return undefined;
  }
}
