import type { Columns, RowOf } from "../event/index.ts";
import { toArrowTable } from "./arrow.ts";
import { htmlTable, jupyterDisplay, type Preview, tableBundle, textTable } from "./display.ts";
import type { BoundValue, ColumnarResult, ColumnFor, Engine } from "./engine.ts";
import { checkReadOnly } from "./engines/read-only.ts";
import type { ExitOptions } from "./event-table.ts";
import { rowsOf } from "./rows.ts";

export interface SqlOptions {
  /** Stops the query; it then fails with SOCLAB_ABORTED. */
  readonly signal?: AbortSignal | undefined;
}

const previewRows = 20;

/**
 * The answer to a SELECT that a user wrote. Like an `EventTable` it is not there yet: an exit runs the query, and each one runs it anew.
 * The text can read and nothing else; that is checked before it runs.
 *
 * @example
 * ```ts
 * const ports = lake.sql`SELECT id_resp_p AS port, count(*) AS n FROM conn GROUP BY ALL ORDER BY n DESC LIMIT 3`;
 * for (const { port, n } of await ports.rows()) console.log(port, n);
 * ```
 */
export class SqlResult<C extends Columns = Columns> implements AsyncIterable<RowOf<C>> {
  readonly text: string;
  readonly values: readonly BoundValue[];
  readonly #engine: Engine;
  readonly #signal: AbortSignal | undefined;

  /** @internal use `lake.sql` */
  constructor(engine: Engine, text: string, values: readonly BoundValue[], { signal }: SqlOptions = {}) {
    this.#engine = engine;
    this.text = text;
    this.values = values;
    this.#signal = signal;
  }

  /**
   * Names and types of the columns, without running the query.
   * @throws SOCLAB_QUERY, SOCLAB_UNKNOWN_TABLE, SOCLAB_UNKNOWN_COLUMN, with `position` in the text where the engine knows it
   */
  async schema(options: ExitOptions = {}): Promise<Columns> {
    await checkReadOnly(this.#engine, this.text);
    return this.#engine.describe(this.text, this.#queryOptions(options));
  }

  /** Row objects. A timestamp is a Date, so it loses what is below a millisecond; `columns` keeps it. */
  async rows(options: ExitOptions = {}): Promise<RowOf<C>[]> {
    return [...rowsOf(await this.result(options))] as RowOf<C>[];
  }

  /** A column object each, with typed arrays and validity: numbers as they are, timestamps in epoch microseconds, strings as codes. */
  async columns(options: ExitOptions = {}): Promise<{ readonly [K in keyof C]: ColumnFor<C[K]> }> {
    const { columns } = await this.result(options);
    return Object.fromEntries(columns) as { [K in keyof C]: ColumnFor<C[K]> };
  }

  /** The columns with their names, types and length, for code that does not know the query. */
  async result(options: ExitOptions = {}): Promise<ColumnarResult> {
    await checkReadOnly(this.#engine, this.text);
    return this.#engine.query(this.text, this.#queryOptions(options));
  }

  /** An `apache-arrow` Table over the same memory where the layouts agree. */
  async toArrow(options: ExitOptions = {}): Promise<ReturnType<typeof toArrowTable>> {
    return toArrowTable(await this.result(options));
  }

  /** The rows as they come, never all of them in memory. */
  async *[Symbol.asyncIterator](): AsyncGenerator<RowOf<C>, void, undefined> {
    for await (const piece of this.#stream({})) for (const row of rowsOf(piece)) yield row as RowOf<C>;
  }

  /** The first rows as an aligned table, for a terminal. */
  async toText(options: ExitOptions = {}): Promise<string> {
    return textTable(await this.#preview(options));
  }

  /** The same as HTML, every value escaped. */
  async toHtml(options: ExitOptions = {}): Promise<string> {
    return htmlTable(await this.#preview(options));
  }

  async print(options: ExitOptions = {}): Promise<void> {
    console.log(await this.toText(options));
  }

  /** Notebooks show the shape, the types and the first rows. */
  async [jupyterDisplay](): Promise<{ "text/html": string; "text/plain": string }> {
    return tableBundle(await this.#preview({}));
  }

  /** A console shows the statement, because the rows are not there yet. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `SqlResult {\n  ${this.text.replaceAll("\n", "\n  ")}\n}`;
  }

  /** Of a result of more than one piece nobody counts the rows: that could take as long as the query. */
  async #preview(options: ExitOptions): Promise<Preview> {
    let first: ColumnarResult | undefined;
    for await (const piece of this.#stream(options)) {
      if (first) return preview(first, true);
      first = piece;
    }
    return preview(first!, false);
  }

  async *#stream(options: ExitOptions): AsyncGenerator<ColumnarResult, void, undefined> {
    await checkReadOnly(this.#engine, this.text);
    yield* this.#engine.stream(this.text, this.#queryOptions(options));
  }

  #queryOptions({ signal = this.#signal }: ExitOptions) {
    return { values: this.values, signal };
  }
}

function preview(piece: ColumnarResult, hasMore: boolean): Preview {
  return { result: { ...piece, length: Math.min(piece.length, previewRows) }, rowCount: piece.length, hasMore };
}
