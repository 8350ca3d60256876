import { doubleConstant, identifier, sqlType } from "../sql/index.ts";
import { conditionsSql, finiteSql } from "./condition-sql.ts";
import { doubleScale, maxKey, maxQuantum, maxStdCount, maxTimeMicros, noKey } from "./domain.ts";
import type { FeaturePlan, KeyType, Measure, NumericType, Output, TypedColumn, WindowPlan } from "./plan.ts";

export interface MatrixRange {
  /** Rows from this event time on, epoch microseconds, inclusive. Windows see what was before. */
  readonly from?: number | undefined;
  /** Rows before this event time. */
  readonly until?: number | undefined;
  /** Only rows that `train.where` selects. */
  readonly training?: boolean | undefined;
}

/**
 * A plan as one DuckDB statement: `event_id, entity, event_time, label` and a DOUBLE a feature (null where it is missing, before log1p), ordered by
 * event time and id.
 *
 * A window is the whole tiles behind the row's own (`past`, a window over one row a tile) merged with the row's tile so far (`running`, to the
 * row and its peers). What no window needs stays in `named`, so that sorts move small numbers and no ids. One window over all rows with a frame from the tile's start is shorter, and at 2 million rows of three entities ten times slower.
 */
export function compileFeatures(plan: FeaturePlan, range: MatrixRange = {}): string {
  return new Statement(plan, range).text();
}

const entity = "f_entity";
const time = "f_time";
const namedColumns = ["event_id", "label", "f_name", time, "f_train", "row_number() OVER () AS f_row"];

class Statement {
  readonly #plan: FeaturePlan;
  readonly #range: MatrixRange;
  /** Expressions over the source that more than one place reads, each once: text → column name. */
  readonly #shared = new Map<string, string>();

  constructor(plan: FeaturePlan, range: MatrixRange) {
    this.#plan = plan;
    this.#range = range;
  }

  text(): string {
    const { windows, outputs } = this.#plan;
    const rows = outputs.flatMap((output, i) => this.#rowLevel(output, i));
    const keys = [...new Set(windows.flatMap((window) => window.measures.filter(isDistinct).map((measure) => this.#input(measure))))];
    const tileColumns = windows.map((window, w) => `${time} // ${window.tileMicros} AS b${w}`);
    const running = windows.flatMap((window, w) => window.measures.flatMap((measure, m) => this.#running(window, measure, w, m)));
    const inputs = [...this.#shared].map(([expression, name]) => `${expression} AS ${name}`);
    const ctes = [
      cte("source", select([...this.#sourceColumns(), `${eventTimeSql(this.#plan)} AS ${time}`], tableSql(this.#plan))),
      cte("named AS MATERIALIZED", select([...namedColumns, ...rows, ...inputs], "source", this.#eventFilter())),
      cte("codes", select(["f_name", `row_number() OVER () AS ${entity}`], "(SELECT DISTINCT f_name FROM named)")),
      cte("events", select(["f_row", entity, time, ...this.#shared.values(), ...tileColumns], "named JOIN codes USING (f_name)")),
      cte("marked", select(["*", ...this.#previous(), ...keys.flatMap(neighbours)], "events")),
      ...windows.flatMap((window, w) => this.#tiles(window, w)),
      cte("running", select(["*", ...this.#sinceLast(), ...this.#firstSeen(), ...running], "marked") + this.#windowClause()),
      cte("totals", this.#totals()),
    ];
    const columns = outputs.map((output, i) => `${this.#final(output, i)} AS ${identifier(output.name)}`);
    const head = `event_id, f_name AS entity, ${time} AS event_time, label`;
    return `WITH ${ctes.join(",\n")}\n${select([head, ...columns], "named JOIN totals USING (f_row)", this.#rowFilter())}\nORDER BY event_time, event_id`;
  }

  #sourceColumns(): string[] {
    const { inputs, entity: of, trainWhere } = this.#plan;
    const names = [...inputs.keys()].filter((name) => name !== "event_id" && name !== "label");
    const label = this.#plan.isLabelled ? "label" : "CAST(NULL AS VARCHAR) AS label";
    return [
      "event_id",
      label,
      ...names.map(identifier),
      `CAST(${identifier(of.name)} AS VARCHAR) AS f_name`,
      `${conditionsSql(trainWhere)} AS f_train`,
    ];
  }

  #eventFilter(): string {
    const { where, needsAllHistory, reachMicros, entity: of } = this.#plan;
    const { from, until } = this.#range;
    const terms = [`${keySql(of)} IS NOT NULL`, `${time} >= 0`, `${time} < ${maxTimeMicros}`];
    if (where.length > 0) terms.push(conditionsSql(where));
    if (until !== undefined) terms.push(`${time} < ${Math.ceil(until)}`);
    if (from !== undefined && !needsAllHistory) terms.push(`${time} >= ${Math.floor(from - reachMicros)}`);
    return terms.join(" AND ");
  }

  #rowFilter(): string | undefined {
    const { from, training } = this.#range;
    const terms = [...(from === undefined ? [] : [`${time} >= ${Math.ceil(from)}`]), ...(training === true ? ["f_train"] : [])];
    return terms.length === 0 ? undefined : terms.join(" AND ");
  }

  #share(expression: string): string {
    const name = this.#shared.get(expression) ?? `x${this.#shared.size}`;
    this.#shared.set(expression, name);
    return name;
  }

  /** The column that a measure adds up, null where the event does not count. */
  #input(measure: Measure): string {
    const value =
      measure.kind === "count"
        ? "1"
        : measure.kind === "moments"
          ? quantumSql(measure.column)
          : measure.kind === "distinct"
            ? keySql(measure.column)
            : finiteSql(measure.column.name, measure.column.type);
    if (measure.where.length === 0) return this.#share(value);
    return this.#share(`CASE WHEN ${conditionsSql(measure.where)} THEN ${value} END`);
  }

  #rowLevel(output: Output, i: number): string[] {
    if (output.kind === "value") return [`${finiteSql(output.column.name, output.column.type)} AS o${i}`];
    if (output.kind === "is") return [`CASE WHEN ${conditionsSql(output.where)} THEN 1e0 ELSE 0e0 END AS o${i}`];
    if (output.kind === "firstSeen") this.#share(keySql(output.column));
    return [];
  }

  /** Tile sums, and before each tile the sums over the whole tiles of its window. */
  #tiles(window: WindowPlan, w: number): string[] {
    const parts = window.measures.flatMap((measure, m) => this.#parts(measure, w, m));
    const marks = window.measures.flatMap((measure, m) => (isDistinct(measure) ? [{ x: this.#input(measure), name: `w${w}m${m}` }] : []));
    const sums = [
      ...parts.map((part) => `${part.aggregate} AS ${part.name}`),
      ...marks.map(({ x, name }) => `count(*) FILTER (WHERE ${enters(x, window, w)}) AS ${name}n`),
      ...marks.map(({ x, name }) => `count(*) FILTER (WHERE ${leaves(x, window, w)}) AS ${name}e`),
    ];
    const behind = `(PARTITION BY ${entity} ORDER BY b${w} RANGE BETWEEN`;
    const past = [
      ...parts.map((part) => `${part.merge}(${part.name}) OVER w${w} AS ${part.name}`),
      ...marks.map(({ name }) => `sum(${name}n) OVER ${behind} UNBOUNDED PRECEDING AND 1 PRECEDING) AS ${name}n`),
      ...marks.map(({ name }) => `sum(${name}e) OVER ${behind} UNBOUNDED PRECEDING AND ${window.tiles} PRECEDING) AS ${name}e`),
    ];
    // A window of one tile has no tiles behind: the frame ends before it starts, which is empty.
    const clause = `\n  WINDOW w${w} AS ${behind} ${Math.max(1, window.tiles - 1)} PRECEDING AND ${window.tiles === 1 ? 2 : 1} PRECEDING)`;
    return [
      cte(`tiles${w}`, `${select([`${entity}, b${w}`, ...sums], "marked")}\n  GROUP BY ${entity}, b${w}`),
      cte(`past${w}`, select([`${entity}, b${w}`, ...past], `tiles${w}`) + clause),
    ];
  }

  #parts(measure: Measure, w: number, m: number): Part[] {
    if (measure.kind === "distinct") return [];
    const x = this.#input(measure);
    const name = `w${w}m${m}`;
    if (measure.kind === "min" || measure.kind === "max") return [{ name, aggregate: `${measure.kind}(${x})`, merge: measure.kind }];
    const parts: Part[] = [{ name: `${name}n`, aggregate: `count(${x})`, merge: "sum" }];
    if (measure.kind === "moments") parts.push({ name: `${name}s`, aggregate: `sum(${x})`, merge: "sum" });
    if (measure.kind === "moments" && measure.squares)
      parts.push({ name: `${name}q`, aggregate: `sum(CAST(${x} AS HUGEINT) * ${x})`, merge: "sum" });
    return parts;
  }

  #running(window: WindowPlan, measure: Measure, w: number, m: number): string[] {
    if (measure.kind !== "distinct") return this.#parts(measure, w, m).map((part) => `${part.aggregate} OVER w${w} AS ${part.name}`);
    return [`count(*) FILTER (WHERE ${enters(this.#input(measure), window, w)}) OVER w${w} AS w${w}m${m}n`];
  }

  #windowClause(): string {
    const named = this.#plan.windows.map(
      (_, w) => `w${w} AS (PARTITION BY ${entity}, b${w} ORDER BY ${time} RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`,
    );
    return named.length === 0 ? "" : `\n  WINDOW ${named.join(",\n    ")}`;
  }

  #sinceLast(): string[] {
    if (!this.#plan.outputs.some(({ kind }) => kind === "timeSinceLast")) return [];
    const earlier = "max(f_previous) FILTER (WHERE f_previous < f_time)";
    return [`${earlier} OVER (PARTITION BY ${entity} ORDER BY ${time} RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS f_last`];
  }

  /** The event before, which may be a peer; a frame that ends 1 PRECEDING says it at once and takes eight times as long. */
  #previous(): string[] {
    if (!this.#plan.outputs.some(({ kind }) => kind === "timeSinceLast")) return [];
    return [`lag(${time}) OVER (PARTITION BY ${entity} ORDER BY ${time}) AS f_previous`];
  }

  #firstSeen(): string[] {
    return this.#plan.outputs.flatMap((output, i) => {
      if (output.kind !== "firstSeen") return [];
      const x = this.#share(keySql(output.column));
      return [`CASE WHEN ${x} IS NOT NULL THEN CAST(min(${time}) OVER (PARTITION BY ${entity}, ${x}) = ${time} AS DOUBLE) END AS o${i}`];
    });
  }

  #totals(): string {
    const rows = this.#plan.outputs.flatMap(({ kind }, i) => (kind === "firstSeen" ? [`running.o${i}`] : []));
    if (this.#plan.outputs.some(({ kind }) => kind === "timeSinceLast")) rows.push("running.f_last");
    const merged = this.#plan.windows.flatMap((window, w) =>
      window.measures.flatMap((measure, m) => {
        if (isDistinct(measure)) {
          const name = `w${w}m${m}`;
          return [`running.${name}n + coalesce(past${w}.${name}n, 0) - coalesce(past${w}.${name}e, 0) AS ${name}`];
        }
        return this.#parts(measure, w, m).map(({ name, merge }) => {
          if (merge !== "sum") return `${merge === "min" ? "least" : "greatest"}(running.${name}, past${w}.${name}) AS ${name}`;
          return `coalesce(running.${name}, 0) + coalesce(past${w}.${name}, 0) AS ${name}`;
        });
      }),
    );
    // Every row has its tile, so an inner join says the same; DuckDB then joins the tiles of two windows by entity first, every one with every one.
    const joins = this.#plan.windows.map(
      (_, w) => `LEFT JOIN past${w} ON running.${entity} = past${w}.${entity} AND running.b${w} = past${w}.b${w}`,
    );
    return select(["running.f_row", ...rows, ...merged], ["running", ...joins].join("\n    "));
  }

  #final(output: Output, i: number): string {
    switch (output.kind) {
      case "value":
      case "is":
      case "firstSeen":
        return `o${i}`;
      case "timeSinceLast":
        return `CAST(${time} - f_last AS DOUBLE) / 1e6`;
      case "ratio": {
        const denominator = this.#final(this.#plan.outputs[output.denominator]!, output.denominator);
        const numerator = this.#final(this.#plan.outputs[output.numerator]!, output.numerator);
        return `(${numerator}) / nullif(${denominator}, 0e0)`;
      }
      case "rate":
        return `(${this.#final(this.#plan.outputs[output.of]!, output.of)}) / ${doubleConstant(output.units)}`;
      default: {
        const name = `w${output.window}m${output.measure}`;
        const n = `CAST(${name}n AS DOUBLE)`;
        const scaled = output.scale === 1 ? n : `(${n} * ${doubleConstant(output.scale)})`;
        if (output.kind === "min" || output.kind === "max") return name;
        if (output.kind === "distinct") return `CAST(${name} AS DOUBLE)`;
        if (output.kind === "count") return n;
        if (output.kind === "sum") return `${sumAsDouble(`${name}s`)} / ${doubleConstant(output.scale)}`;
        if (output.kind === "mean") return `CASE WHEN ${name}n > 0 THEN ${sumAsDouble(`${name}s`)} / ${scaled} END`;
        const spread = `(CAST(${name}n AS HUGEINT) * ${name}q - ${name}s * ${name}s)`;
        return `CASE WHEN ${name}n > 0 AND ${name}n < ${maxStdCount} THEN sqrt(${spreadAsDouble(spread)}) / ${scaled} END`;
      }
    }
  }
}

/** The table, with declared columns that its data has not brought yet as nulls: the stream takes an absent column so too. */
export function tableSql({ table, absent }: FeaturePlan): string {
  if (absent.size === 0) return identifier(table);
  const nulls = [...absent].map(([name, type]) => `CAST(NULL AS ${sqlType(type)}) AS ${identifier(name)}`);
  return `(SELECT *, ${nulls.join(", ")} FROM ${identifier(table)})`;
}

/** Event time as a BIGINT of epoch microseconds, over the columns of the table. */
export function eventTimeSql({ time: { column, plus } }: FeaturePlan): string {
  const start = `epoch_us(${identifier(column)})`;
  return plus === undefined ? start : `${start} + coalesce(${quantumSql({ name: plus.name, type: "double" })}, 0)`;
}

interface Part {
  readonly name: string;
  readonly aggregate: string;
  /** How tiles become a window. */
  readonly merge: "sum" | "min" | "max";
}

function isDistinct(measure: Measure): boolean {
  return measure.kind === "distinct";
}

/**
 * Distinct values by where they come into sight and where they leave it: a value enters with an event when its last one is out of the window,
 * and leaves `tiles` tiles after an event when none followed by then. What has entered and not left is what the window holds.
 */
function neighbours(x: string): string[] {
  const of = `OVER (PARTITION BY ${entity}, ${x} ORDER BY ${time})`;
  return [`lag(${time}) ${of} AS ${x}p`, `lead(${time}) ${of} AS ${x}f`];
}

function enters(x: string, window: WindowPlan, w: number): string {
  return `${x} IS NOT NULL AND (${x}p IS NULL OR b${w} - ${x}p // ${window.tileMicros} >= ${window.tiles})`;
}

function leaves(x: string, window: WindowPlan, w: number): string {
  return `${x} IS NOT NULL AND (${x}f IS NULL OR ${x}f // ${window.tileMicros} - b${w} >= ${window.tiles})`;
}

/** The integer that sums add, null outside the domain. */
function quantumSql(column: TypedColumn<NumericType>): string {
  if (column.type === "boolean") return `CAST(${identifier(column.name)} AS BIGINT)`;
  const value = identifier(column.name);
  const scaled = column.type === "double" ? `floor(CAST(${value} AS DOUBLE) * ${doubleConstant(doubleScale)} + 5e-1)` : value;
  return `CASE WHEN ${scaled} > ${-maxQuantum} AND ${scaled} < ${maxQuantum} THEN CAST(${scaled} AS BIGINT) END`;
}

/** The value that is told apart, null outside the domain. */
function keySql({ name, type }: TypedColumn<KeyType>): string {
  const value = identifier(name);
  if (type === "integer") return `nullif(${value}, ${noKey})`;
  if (type === "timestamp") return `CASE WHEN epoch_us(${value}) BETWEEN ${-maxKey} AND ${maxKey} THEN ${value} END`;
  return type === "bigint" ? `CASE WHEN ${value} BETWEEN ${-maxKey} AND ${maxKey} THEN ${value} END` : value;
}

/** An integer as the nearest double: both parts are exact, one addition rounds. DuckDB's own cast rounds twice beyond 2^53. */
function sumAsDouble(sum: string): string {
  const [limit, base] = [2 ** 53, 2 ** 40];
  const split = `CAST(${sum} // ${base} AS DOUBLE) * ${doubleConstant(base)} + CAST(${sum} % ${base} AS DOUBLE)`;
  return `CASE WHEN ${sum} BETWEEN ${-limit} AND ${limit} THEN CAST(${sum} AS DOUBLE) ELSE ${split} END`;
}

/** A non-negative integer below 2^126 as a double, out of pieces of 40 bits; the stream does the same steps. */
function spreadAsDouble(spread: string): string {
  const [base, mask] = [doubleConstant(2 ** 40), 2 ** 40 - 1];
  const piece = (shift: number): string => `CAST((${spread} >> ${shift}) & ${mask} AS DOUBLE)`;
  return `(CAST(${spread} >> 80 AS DOUBLE) * ${base} + ${piece(40)}) * ${base} + ${piece(0)}`;
}

function cte(name: string, body: string): string {
  return `${name.includes(" ") ? name : `${name} AS`} (\n  ${body}\n)`;
}

function select(columns: readonly string[], from: string, where?: string): string {
  return `SELECT ${columns.join(",\n    ")}\n  FROM ${from}${where === undefined ? "" : `\n  WHERE ${where}`}`;
}
