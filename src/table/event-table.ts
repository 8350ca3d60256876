import { SoclabError } from "../core/index.ts";
import type { Columns, ColumnType, RowOf } from "../event/index.ts";
import type { Aggregate, AggregateOver, AggregateType } from "./aggregate.ts";
import { toArrowTable } from "./arrow.ts";
import { compile } from "./compile.ts";
import type { describeColumns } from "./describe.ts";
import { htmlTable, jupyterDisplay, type Preview, tableBundle, textTable } from "./display.ts";
import type { ColumnarResult, ColumnFor, Engine } from "./engine.ts";
import { columnExpressions, expressionNode } from "./expression.ts";
import type { ColumnExpressions, TypedExpression } from "./expression-types.ts";
import type { JoinKind, Plan, TableSource } from "./plan.ts";
import { rowsOf } from "./rows.ts";

type Flat<T> = { readonly [K in keyof T]: T[K] };
type NameOf<C extends Columns> = keyof C & string;

/** A column to sort by; with a minus in front from high to low. */
export type SortKeyOf<C extends Columns> = NameOf<C> | `-${NameOf<C>}`;

type Derivations<C extends Columns> = Readonly<Record<string, (columns: ColumnExpressions<C>) => TypedExpression<ColumnType>>>;
type DerivedType<D> = D extends (columns: never) => TypedExpression<infer T> ? T : never;
export type Derived<C extends Columns, D> = Flat<Omit<C, keyof D> & { [K in keyof D & string]: DerivedType<D[K]> }>;
export type Aggregated<C extends Columns, K extends NameOf<C>, A> = Flat<Pick<C, K> & { [N in keyof A & string]: AggregateType<C, A[N]> }>;

/** Columns that both tables have, with one type. */
type SharedName<C extends Columns, D extends Columns> = { [K in NameOf<C> & NameOf<D>]: C[K] extends D[K] ? K : never }[NameOf<C> &
  NameOf<D>];
export type Joined<C extends Columns, D extends Columns, K extends string, S extends string> = Flat<
  C & { [N in Exclude<NameOf<D>, K> as N extends keyof C ? `${N}${S}` : N]: D[N] }
>;

export interface JoinOptions<K extends string, S extends string> {
  /** Columns of both tables that must be equal. */
  readonly on: K | readonly K[];
  /** `left` keeps rows of this table without a partner; default `inner`. */
  readonly how?: "inner" | "left" | undefined;
  /** What a column of the other table gets behind its name where this table has the name too; default `_right`. */
  readonly suffix?: S | undefined;
}

export interface ExitOptions {
  readonly signal?: AbortSignal | undefined;
}

const previewRows = 10;

/**
 * A table that is not there yet: a chain of verbs, compiled to one SQL statement when an exit (`rows`, `columns`, `count`, `toArrow`,
 * `toParquet`) is called. Every verb gives a new table; the types of its columns follow.
 *
 * @example
 * ```ts
 * const busiest = await lake
 *   .table("conn")
 *   .where((c) => c.id_resp_p.eq(22).and(c.orig_bytes.gt(1000n)))
 *   .derive({ megabytes: (c) => c.orig_bytes.div(1e6) })
 *   .groupBy("id_orig_h")
 *   .agg({ connections: count(), megabytes: sum("megabytes") })
 *   .orderBy("-megabytes")
 *   .limit(10)
 *   .rows();
 * ```
 */
export class EventTable<C extends Columns> {
  readonly #engine: Engine;
  readonly #plan: Plan;

  private constructor(engine: Engine, plan: Plan) {
    this.#engine = engine;
    this.#plan = plan;
  }

  /** A table over anything that SQL can name. The caller says which columns it has. */
  static of<C extends Columns>(engine: Engine, source: TableSource): EventTable<C> {
    return new EventTable<C>(engine, { verb: "source", source });
  }

  /** Keeps the rows for which the condition is true; where it is null a row is left out. */
  where(condition: (columns: ColumnExpressions<C>) => TypedExpression<"boolean">): EventTable<C> {
    return this.#with<C>({ verb: "where", input: this.#plan, condition: expressionNode(condition(columnExpressions<C>()), "where") });
  }

  /** Keeps these columns, in this order. */
  select<K extends NameOf<C>>(...columns: readonly [K, ...K[]]): EventTable<Flat<Pick<C, K>>> {
    if (columns.length === 0) throw new SoclabError("SOCLAB_INVALID_VALUE", "select was given no column");
    return this.#with({ verb: "select", input: this.#plan, columns: [...new Set<string>(columns)] });
  }

  /** Adds columns, or replaces those of the same name; every expression sees the columns as they were. */
  derive<const D extends Derivations<C>>(columns: D): EventTable<Derived<C, D>> {
    const expressions = Object.entries(columns).map(([name, make]) => {
      return [name, expressionNode(make(columnExpressions<C>()), `derive({ ${name} })`)] as const;
    });
    return this.#with({ verb: "derive", input: this.#plan, columns: new Map(expressions) });
  }

  /** One row for each combination of the columns; without columns, one row for the whole table. */
  groupBy<K extends NameOf<C>>(...keys: readonly K[]): GroupedTable<C, K> {
    return {
      agg: (aggregates) => {
        const clash = keys.find((key) => Object.hasOwn(aggregates, key));
        if (clash !== undefined)
          throw new SoclabError("SOCLAB_INVALID_VALUE", `"${clash}" is grouped by, so no aggregate can have its name`);
        const named: [string, Aggregate][] = Object.entries(aggregates);
        if (keys.length + named.length === 0) throw new SoclabError("SOCLAB_INVALID_VALUE", "agg was given no aggregate");
        return this.#with({ verb: "group", input: this.#plan, keys, aggregates: new Map(named) });
      },
    };
  }

  /** Pairs the rows of two tables of one lake. */
  join<D extends Columns, K extends SharedName<C, D>, const S extends string = "_right">(
    other: EventTable<D>,
    options: JoinOptions<K, S>,
  ): EventTable<Joined<C, D, K, S>> {
    return this.#joined(other, options.how ?? "inner", options.on, options.suffix ?? "_right");
  }

  /** Keeps the rows that have a partner in the other table, each once. */
  semiJoin<D extends Columns, K extends SharedName<C, D>>(other: EventTable<D>, on: K | readonly K[]): EventTable<C> {
    return this.#joined(other, "semi", on, "");
  }

  /** Keeps the rows that have no partner in the other table. */
  antiJoin<D extends Columns, K extends SharedName<C, D>>(other: EventTable<D>, on: K | readonly K[]): EventTable<C> {
    return this.#joined(other, "anti", on, "");
  }

  /** Sorts by one column after the other, nulls last: `orderBy("-orig_bytes", "ts")`. */
  orderBy(...keys: readonly [SortKeyOf<C>, ...SortKeyOf<C>[]]): EventTable<C> {
    if (keys.length === 0) throw new SoclabError("SOCLAB_INVALID_VALUE", "orderBy was given no column");
    return this.#with({ verb: "order", input: this.#plan, keys });
  }

  limit(rows: number, offset = 0): EventTable<C> {
    return this.#with({ verb: "limit", input: this.#plan, rows: whole(rows, "limit"), offset: whole(offset, "limit's offset") });
  }

  /** So many rows by chance; the same rows for the same seed and data. */
  sample(rows: number, options: { readonly seed: number }): EventTable<C> {
    const seed = options.seed;
    if (!Number.isSafeInteger(seed)) throw new SoclabError("SOCLAB_INVALID_VALUE", `the seed is ${seed}, expected a whole number`);
    return this.#with({ verb: "sample", input: this.#plan, rows: whole(rows, "sample"), seed });
  }

  /** A table about this one: a row a column with count, nulls, distinct, min, max, mean, std and quartiles. */
  describe(): EventTable<typeof describeColumns> {
    return this.#with({ verb: "describe", input: this.#plan });
  }

  /** The statement that an exit runs. @throws SOCLAB_UNKNOWN_TABLE, SOCLAB_UNKNOWN_COLUMN */
  get sql(): string {
    return compile(this.#plan).sql;
  }

  /** Names and types of the columns as they are in the data. @throws SOCLAB_UNKNOWN_TABLE, SOCLAB_UNKNOWN_COLUMN */
  get schema(): Columns {
    return compile(this.#plan).columns;
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

  /** The columns with their names, types and length, for code that does not know the table. */
  async result(options: ExitOptions = {}): Promise<ColumnarResult> {
    return this.#engine.query(this.sql, options);
  }

  async count(options: ExitOptions = {}): Promise<number> {
    const { columns } = await this.#engine.query(`SELECT count(*) AS n FROM (${this.sql}\n)`, options);
    const n = columns.get("n");
    return n?.type === "bigint" ? Number(n.values[0]) : 0;
  }

  /** An `apache-arrow` Table over the same memory where the layouts agree. */
  async toArrow(options: ExitOptions = {}): Promise<ReturnType<typeof toArrowTable>> {
    return toArrowTable(await this.result(options));
  }

  /** Writes one Parquet file (zstd); an existing file is replaced. */
  async toParquet(path: string, options: ExitOptions = {}): Promise<{ rows: number }> {
    return this.#engine.writeParquet(this.sql, path, options);
  }

  /** The first rows as an aligned table, for a terminal. */
  async toText(options: ExitOptions = {}): Promise<string> {
    return textTable(await this.#preview(options));
  }

  /** The same as HTML, every value escaped: for a notebook whose kernel does not ask for it, such as tslab's. */
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
    try {
      return `EventTable {\n  ${this.sql.replaceAll("\n", "\n  ")}\n}`;
    } catch (error) {
      return `EventTable { ${error instanceof Error ? error.message : String(error)} }`;
    }
  }

  async #preview(options: ExitOptions): Promise<Preview> {
    const isWhole = this.#plan.verb === "describe";
    const result = await (isWhole ? this : this.limit(previewRows)).result(options);
    return { result, rowCount: isWhole || result.length < previewRows ? result.length : await this.count(options) };
  }

  #with<D extends Columns>(plan: Plan): EventTable<D> {
    return new EventTable<D>(this.#engine, plan);
  }

  #joined<D extends Columns, E extends Columns>(
    other: EventTable<D>,
    kind: JoinKind,
    on: string | readonly string[],
    suffix: string,
  ): EventTable<E> {
    if (other.#engine !== this.#engine) {
      throw new SoclabError("SOCLAB_USAGE", "the tables to join are not of one lake", { hint: "Write one to Parquet and read it there." });
    }
    const names = typeof on === "string" ? [on] : on;
    if (names.length === 0) throw new SoclabError("SOCLAB_INVALID_VALUE", "join was given no column");
    const join = { kind, on: names.map((name) => [name, name] as const), suffix };
    return this.#with({ verb: "join", input: this.#plan, other: other.#plan, join });
  }
}

/** A table between `groupBy` and `agg`. */
export interface GroupedTable<C extends Columns, K extends NameOf<C>> {
  /** The figures of each group: `agg({ n: count(), up: sum("orig_bytes") })`. */
  agg<const A extends Readonly<Record<string, AggregateOver<C>>>>(aggregates: A): EventTable<Aggregated<C, K, A>>;
}

function whole(value: number, what: string): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new SoclabError("SOCLAB_INVALID_VALUE", `${what} is ${value}, expected a whole number of at least 0`);
}
