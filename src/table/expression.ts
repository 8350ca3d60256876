import { SoclabError } from "../core/index.ts";
import type { Columns, ColumnType } from "../event/index.ts";
import { type Constant, constant, doubleConstant } from "../sql/index.ts";
import type { ColumnExpressions } from "./expression-types.ts";

/** What a name means where an expression is used. @throws SOCLAB_UNKNOWN_COLUMN */
export interface Scope {
  type(column: string): ColumnType;
  sql(column: string): string;
}

interface Node {
  type(scope: Scope): ColumnType;
  sql(scope: Scope): string;
}

/** The one class behind all typed expressions: the compiler shows of it what the column's type allows. */
export class ExpressionNode implements Node {
  readonly #type: (scope: Scope) => ColumnType;
  readonly #sql: (scope: Scope) => string;

  constructor(type: ColumnType | ((scope: Scope) => ColumnType), sql: (scope: Scope) => string) {
    this.#type = typeof type === "string" ? () => type : type;
    this.#sql = sql;
  }

  static column(name: string): ExpressionNode {
    return new ExpressionNode(
      (scope) => scope.type(name),
      (scope) => scope.sql(name),
    );
  }

  type(scope: Scope): ColumnType {
    return this.#type(scope);
  }

  sql(scope: Scope): string {
    return this.#sql(scope);
  }

  isNull(): ExpressionNode {
    return this.#postfix("IS NULL");
  }

  isNotNull(): ExpressionNode {
    return this.#postfix("IS NOT NULL");
  }

  eq(other: unknown): ExpressionNode {
    return this.#compare("=", other);
  }

  ne(other: unknown): ExpressionNode {
    return this.#compare("<>", other);
  }

  gt(other: unknown): ExpressionNode {
    return this.#compare(">", other);
  }

  ge(other: unknown): ExpressionNode {
    return this.#compare(">=", other);
  }

  lt(other: unknown): ExpressionNode {
    return this.#compare("<", other);
  }

  le(other: unknown): ExpressionNode {
    return this.#compare("<=", other);
  }

  between(low: unknown, high: unknown): ExpressionNode {
    return boolean((scope) => `(${this.sql(scope)} BETWEEN ${node(low).sql(scope)} AND ${node(high).sql(scope)})`);
  }

  in(others: readonly unknown[]): ExpressionNode {
    if (others.length === 0) return boolean(() => "FALSE");
    return boolean((scope) => `(${this.sql(scope)} IN (${others.map((other) => node(other).sql(scope)).join(", ")}))`);
  }

  orElse(other: unknown): ExpressionNode {
    return new ExpressionNode(
      (scope) => this.type(scope),
      (scope) => `coalesce(${this.sql(scope)}, ${node(other).sql(scope)})`,
    );
  }

  add(other: unknown): ExpressionNode {
    return this.#arithmetic("+", other);
  }

  sub(other: unknown): ExpressionNode {
    return this.#arithmetic("-", other);
  }

  mul(other: unknown): ExpressionNode {
    return this.#arithmetic("*", other);
  }

  div(other: unknown): ExpressionNode {
    return new ExpressionNode("double", (scope) => `(CAST(${this.sql(scope)} AS DOUBLE) / nullif(${asDouble(other, scope)}, 0))`);
  }

  abs(): ExpressionNode {
    return new ExpressionNode(
      (scope) => this.type(scope),
      (scope) => `abs(${this.sql(scope)})`,
    );
  }

  log1p(): ExpressionNode {
    return new ExpressionNode("double", (scope) => {
      const value = this.sql(scope);
      return `(CASE WHEN ${value} >= 0 THEN ln(1 + CAST(${value} AS DOUBLE)) END)`;
    });
  }

  contains(part: string): ExpressionNode {
    return this.#predicate("contains", part);
  }

  startsWith(prefix: string): ExpressionNode {
    return this.#predicate("starts_with", prefix);
  }

  endsWith(suffix: string): ExpressionNode {
    return this.#predicate("ends_with", suffix);
  }

  matches(pattern: string): ExpressionNode {
    return this.#predicate("regexp_matches", pattern);
  }

  includes(element: unknown): ExpressionNode {
    return boolean((scope) => `list_contains(${this.sql(scope)}, ${node(element).sql(scope)})`);
  }

  lower(): ExpressionNode {
    return new ExpressionNode("string", (scope) => `lower(${this.sql(scope)})`);
  }

  upper(): ExpressionNode {
    return new ExpressionNode("string", (scope) => `upper(${this.sql(scope)})`);
  }

  length(): ExpressionNode {
    return new ExpressionNode("bigint", (scope) => `${this.type(scope) === "bytes" ? "octet_length" : "len"}(${this.sql(scope)})`);
  }

  and(...others: unknown[]): ExpressionNode {
    return boolean((scope) => `(${[this, ...others].map((other) => node(other).sql(scope)).join(" AND ")})`);
  }

  or(...others: unknown[]): ExpressionNode {
    return boolean((scope) => `(${[this, ...others].map((other) => node(other).sql(scope)).join(" OR ")})`);
  }

  not(): ExpressionNode {
    return boolean((scope) => `(NOT ${this.sql(scope)})`);
  }

  floor(sliceMs: number): ExpressionNode {
    if (!(sliceMs > 0) || !Number.isSafeInteger(sliceMs * 1000)) {
      throw new SoclabError("SOCLAB_INVALID_VALUE", `a time slice is ${sliceMs} ms, expected more than 0 and whole microseconds`);
    }
    const micros = BigInt(sliceMs * 1000);
    return new ExpressionNode("timestamp", (scope) => {
      const value = `epoch_us(${this.sql(scope)})`;
      return `make_timestamp(${value} - ((${value} % ${micros}) + ${micros}) % ${micros})`;
    });
  }

  hour(): ExpressionNode {
    return new ExpressionNode("bigint", (scope) => `hour(${this.sql(scope)})`);
  }

  dayOfWeek(): ExpressionNode {
    return new ExpressionNode("bigint", (scope) => `dayofweek(${this.sql(scope)})`);
  }

  secondsSince(other: unknown): ExpressionNode {
    return new ExpressionNode("double", (scope) => `((epoch_us(${this.sql(scope)}) - epoch_us(${node(other).sql(scope)})) / 1e6)`);
  }

  #postfix(operator: string): ExpressionNode {
    return boolean((scope) => `(${this.sql(scope)} ${operator})`);
  }

  #compare(operator: string, other: unknown): ExpressionNode {
    return boolean((scope) => `(${this.sql(scope)} ${operator} ${node(other).sql(scope)})`);
  }

  #predicate(name: string, argument: string): ExpressionNode {
    return boolean((scope) => `${name}(${this.sql(scope)}, ${constant(argument)})`);
  }

  #arithmetic(operator: string, other: unknown): ExpressionNode {
    const isWhole = (scope: Scope) => typeof other !== "number" && [this, node(other)].every((side) => side.type(scope) !== "double");
    return new ExpressionNode(
      (scope) => (isWhole(scope) ? "bigint" : "double"),
      (scope) => {
        if (!isWhole(scope)) return `(CAST(${this.sql(scope)} AS DOUBLE) ${operator} ${asDouble(other, scope)})`;
        return `(CAST(${this.sql(scope)} AS BIGINT) ${operator} CAST(${node(other).sql(scope)} AS BIGINT))`;
      },
    );
  }
}

function boolean(sql: (scope: Scope) => string): ExpressionNode {
  return new ExpressionNode("boolean", sql);
}

/** An expression as it is, any other value as a constant. */
function node(value: unknown): ExpressionNode {
  if (value instanceof ExpressionNode) return value;
  if (!isConstant(value)) {
    throw new SoclabError("SOCLAB_INVALID_VALUE", `${String(value)} cannot be compared with a column`, {
      hint: "Give a string, number, bigint, boolean, Date or another expression; isNull() asks for null.",
    });
  }
  return new ExpressionNode(typeOfConstant(value), () => constant(value));
}

type PlainConstant = string | number | bigint | boolean | Date | Uint8Array;

function isConstant(value: unknown): value is PlainConstant & Constant {
  return ["string", "number", "bigint", "boolean"].includes(typeof value) || value instanceof Date || value instanceof Uint8Array;
}

function typeOfConstant(value: PlainConstant): ColumnType {
  if (typeof value === "number") return "double";
  if (typeof value === "object") return value instanceof Date ? "timestamp" : "bytes";
  return typeof value === "string" ? "string" : typeof value === "bigint" ? "bigint" : "boolean";
}

function asDouble(value: unknown, scope: Scope): string {
  return typeof value === "number" ? doubleConstant(value) : `CAST(${node(value).sql(scope)} AS DOUBLE)`;
}

/** Any name gives a column; whether it is there is checked where the table is known. */
export function columnExpressions<C extends Columns>(): ColumnExpressions<C> {
  const columns: object = new Proxy(Object.create(null), {
    get: (_, name) => (typeof name === "string" ? ExpressionNode.column(name) : undefined),
  });
  return columns as ColumnExpressions<C>;
}

/** What a callback gave, checked for callers without types. */
export function expressionNode(value: unknown, where: string): ExpressionNode {
  if (value instanceof ExpressionNode) return value;
  throw new SoclabError("SOCLAB_INVALID_VALUE", `${where} gave ${String(value)}, expected an expression such as c.id_resp_p.eq(22)`);
}
