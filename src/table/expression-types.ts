import type { Columns, ColumnType, ListType, ScalarType, ValueOf } from "../event/index.ts";

export type NumericType = "integer" | "bigint" | "double";

/** Which column type an expression has; only the compiler sees it. */
declare const resultType: unique symbol;

/** A computation over the columns of a row. Null in, null out, unless a method says otherwise. */
export interface TypedExpression<T extends ColumnType> {
  readonly [resultType]: T;
  isNull(): Expression<"boolean">;
  isNotNull(): Expression<"boolean">;
}

type Operand<T extends ColumnType> = ValueOf<T> | TypedExpression<T>;
type NumericOperand = number | bigint | TypedExpression<NumericType>;

interface Comparable<T extends ScalarType, O> extends TypedExpression<T> {
  eq(other: O): Expression<"boolean">;
  /** True where both have a value and it differs. */
  ne(other: O): Expression<"boolean">;
  in(others: readonly O[]): Expression<"boolean">;
  /** This value, or the other one where this is null. */
  orElse(other: O): Expression<T>;
}

interface Ordered<T extends ScalarType, O> extends Comparable<T, O> {
  gt(other: O): Expression<"boolean">;
  ge(other: O): Expression<"boolean">;
  lt(other: O): Expression<"boolean">;
  le(other: O): Expression<"boolean">;
  /** From `low` up to and including `high`. */
  between(low: O, high: O): Expression<"boolean">;
}

/** Whole numbers with whole numbers stay whole; a JavaScript number makes a double. */
type Arithmetic<T extends NumericType, O> = T extends "double"
  ? "double"
  : O extends bigint
    ? "bigint"
    : O extends TypedExpression<infer U>
      ? U extends "integer" | "bigint"
        ? "bigint"
        : "double"
      : "double";

export interface NumericExpression<T extends NumericType> extends Ordered<T, NumericOperand> {
  add<O extends NumericOperand>(other: O): Expression<Arithmetic<T, O>>;
  sub<O extends NumericOperand>(other: O): Expression<Arithmetic<T, O>>;
  mul<O extends NumericOperand>(other: O): Expression<Arithmetic<T, O>>;
  /** A double; null where the divisor is zero. */
  div(other: NumericOperand): Expression<"double">;
  abs(): Expression<T>;
  /** Natural logarithm of 1 + x, for sizes and counts; null below 0. */
  log1p(): Expression<"double">;
}

export interface StringExpression extends Ordered<"string", Operand<"string">> {
  contains(part: string): Expression<"boolean">;
  startsWith(prefix: string): Expression<"boolean">;
  endsWith(suffix: string): Expression<"boolean">;
  /** An RE2 pattern that is found anywhere in the text. */
  matches(pattern: string): Expression<"boolean">;
  lower(): Expression<"string">;
  upper(): Expression<"string">;
  /** In characters. */
  length(): Expression<"bigint">;
}

export interface BooleanExpression extends Comparable<"boolean", Operand<"boolean">> {
  and(...others: TypedExpression<"boolean">[]): Expression<"boolean">;
  or(...others: TypedExpression<"boolean">[]): Expression<"boolean">;
  not(): Expression<"boolean">;
}

export interface TimestampExpression extends Ordered<"timestamp", Operand<"timestamp">> {
  /** The beginning of the time slice that holds it; slices are counted from 1970. */
  floor(sliceMs: number): Expression<"timestamp">;
  /** 0 to 23, UTC. */
  hour(): Expression<"bigint">;
  /** 0 = Sunday, UTC. */
  dayOfWeek(): Expression<"bigint">;
  /** Seconds from the other time to this one, with microseconds. */
  secondsSince(other: Operand<"timestamp">): Expression<"double">;
}

export interface BytesExpression extends TypedExpression<"bytes"> {
  /** In bytes. */
  length(): Expression<"bigint">;
}

export interface ListExpression<T extends ListType> extends TypedExpression<T> {
  includes(element: T extends `${infer S extends ScalarType}[]` ? ValueOf<S> : never): Expression<"boolean">;
  /** How many elements. */
  length(): Expression<"bigint">;
}

/** What can be asked of a column, by its type. */
export type Expression<T extends ColumnType> = T extends NumericType
  ? NumericExpression<T>
  : T extends "string"
    ? StringExpression
    : T extends "boolean"
      ? BooleanExpression
      : T extends "timestamp"
        ? TimestampExpression
        : T extends "bytes"
          ? BytesExpression
          : T extends ListType
            ? ListExpression<T>
            : never;

/** The columns of a table as expressions: `c.id_resp_p.eq(22)`. */
export type ColumnExpressions<C extends Columns> = { readonly [K in keyof C & string]: Expression<C[K]> };
