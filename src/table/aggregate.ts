import { SoclabError } from "../core/index.ts";
import type { Columns, ColumnType } from "../event/index.ts";
import type { Scope } from "./expression.ts";
import type { NumericType } from "./expression-types.ts";

/** One figure of a group: what is computed, of which column. */
export interface Aggregate<F extends string = string, K extends string = string> {
  readonly kind: F;
  readonly column: K;
  /** For `quantile`, from 0 to 1. */
  readonly q?: number | undefined;
}

/** Names of the columns with such a type; any name where the columns are not known to the compiler. */
type NamesOf<C extends Columns, T extends ColumnType> = string extends keyof C
  ? string
  : { [K in keyof C & string]: C[K] extends T ? K : never }[keyof C & string];
type OrderedType = NumericType | "string" | "timestamp" | "boolean";

/** The aggregates that a table with these columns allows. */
export type AggregateOver<C extends Columns> =
  | Aggregate<"rows", never>
  | Aggregate<"count" | "distinct", keyof C & string>
  | Aggregate<"sum" | "mean" | "std" | "quantile", NamesOf<C, NumericType>>
  | Aggregate<"min" | "max", NamesOf<C, OrderedType>>;

/** The column type of an aggregate. */
export type AggregateType<C extends Columns, A> =
  A extends Aggregate<infer F, infer K>
    ? F extends "rows" | "count" | "distinct"
      ? "bigint"
      : F extends "mean" | "std" | "quantile"
        ? "double"
        : F extends "sum"
          ? C[K] extends "double"
            ? "double"
            : "bigint"
          : C[K]
    : never;

/** How many rows, or how many of them have a value in the column. */
export function count(): Aggregate<"rows", never>;
export function count<K extends string>(column: K): Aggregate<"count", K>;
export function count(column?: string): Aggregate<"rows" | "count", string> {
  return column === undefined ? { kind: "rows", column: "" } : { kind: "count", column };
}

/** How many different values, exactly. */
export const distinct = <K extends string>(column: K): Aggregate<"distinct", K> => ({ kind: "distinct", column });

/** A bigint for whole numbers, a double otherwise; null for a group without values. */
export const sum = <K extends string>(column: K): Aggregate<"sum", K> => ({ kind: "sum", column });
export const mean = <K extends string>(column: K): Aggregate<"mean", K> => ({ kind: "mean", column });

/** Sample standard deviation; null for fewer than two values. */
export const std = <K extends string>(column: K): Aggregate<"std", K> => ({ kind: "std", column });
export const min = <K extends string>(column: K): Aggregate<"min", K> => ({ kind: "min", column });
export const max = <K extends string>(column: K): Aggregate<"max", K> => ({ kind: "max", column });

/** The value below which a share `q` of the values lies, interpolated. */
export function quantile<K extends string>(column: K, q: number): Aggregate<"quantile", K> {
  if (!(q >= 0 && q <= 1)) throw new SoclabError("SOCLAB_INVALID_VALUE", `a quantile of ${q} was asked for, expected 0 to 1`);
  return { kind: "quantile", column, q };
}
export const median = <K extends string>(column: K): Aggregate<"quantile", K> => quantile(column, 0.5);

/** An aggregate as SQL, and the type of what it gives. */
export function aggregateSql({ kind, column, q }: Aggregate, scope: Scope): { sql: string; type: ColumnType } {
  if (kind === "rows") return { sql: "count(*)", type: "bigint" };
  const value = scope.sql(column);
  const type = scope.type(column);
  switch (kind) {
    case "count":
      return { sql: `count(${value})`, type: "bigint" };
    case "distinct":
      return { sql: `count(DISTINCT ${value})`, type: "bigint" };
    case "sum":
      return type === "double" ? { sql: `sum(${value})`, type } : { sql: `CAST(sum(${value}) AS BIGINT)`, type: "bigint" };
    case "mean":
      return { sql: `avg(${value})`, type: "double" };
    case "std":
      return { sql: `stddev_samp(${value})`, type: "double" };
    case "quantile":
      return { sql: `quantile_cont(CAST(${value} AS DOUBLE), ${q})`, type: "double" };
    case "min":
    case "max":
      return { sql: `${kind}(${value})`, type };
    default:
      throw new SoclabError("SOCLAB_INVALID_VALUE", `there is no aggregate "${kind}"`);
  }
}
