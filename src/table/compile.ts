import type { Columns, ColumnType } from "../event/index.ts";
import { constant, identifier } from "../sql/index.ts";
import { aggregateSql } from "./aggregate.ts";
import { describeColumns, describeSql } from "./describe.ts";
import type { Scope } from "./expression.ts";
import type { JoinSpec, Plan } from "./plan.ts";
import { unknownColumn } from "./unknown-column.ts";

export interface CompiledTable {
  readonly sql: string;
  readonly columns: Columns;
}

/** One SELECT; verbs are put into it while they mean the same there, else it becomes the FROM of the next. */
interface Select {
  /** The table's name, for messages. */
  readonly name: string;
  readonly columns: Columns;
  readonly from: string;
  readonly items?: readonly string[] | undefined;
  readonly where?: readonly string[] | undefined;
  readonly groupBy?: readonly string[] | undefined;
  readonly orderBy?: readonly string[] | undefined;
  readonly limit?: string | undefined;
}

/** A plan as SQL. @throws SOCLAB_UNKNOWN_TABLE, SOCLAB_UNKNOWN_COLUMN */
export function compile(plan: Plan): CompiledTable {
  const select = compiled(plan);
  return { sql: selectSql(select), columns: select.columns };
}

function compiled(plan: Plan): Select {
  if (plan.verb === "source") return { name: plan.source.name, columns: plan.source.columns(), from: plan.source.sql };
  const input = compiled(plan.input);
  const scope = scopeOf(input);
  switch (plan.verb) {
    case "where": {
      const base = input.items || input.orderBy || input.limit ? nested(input) : input;
      return { ...base, where: [...(base.where ?? []), plan.condition.sql(scope)] };
    }
    case "select": {
      const base = projectable(input);
      const columns = Object.fromEntries(plan.columns.map((name) => [name, scope.type(name)]));
      return { ...base, columns, items: plan.columns.map(identifier) };
    }
    case "derive": {
      const base = projectable(input);
      const kept = Object.keys(input.columns).filter((name) => !plan.columns.has(name));
      const added = [...plan.columns].map(([name, expression]) => [name, expression.type(scope)] as const);
      const items = [...plan.columns].map(([name, expression]) => `${expression.sql(scope)} AS ${identifier(name)}`);
      const columns = { ...Object.fromEntries(kept.map((name) => [name, input.columns[name]!])), ...Object.fromEntries(added) };
      return { ...base, columns, items: [...kept.map(identifier), ...items] };
    }
    case "group": {
      const base = input.items || input.orderBy || input.limit ? nested(input) : input;
      const columns: Record<string, ColumnType> = Object.fromEntries(plan.keys.map((name) => [name, scope.type(name)]));
      const items = plan.keys.map(identifier);
      for (const [name, aggregate] of plan.aggregates) {
        const { sql, type } = aggregateSql(aggregate, scope);
        columns[name] = type;
        items.push(`${sql} AS ${identifier(name)}`);
      }
      return { ...base, columns, items, groupBy: plan.keys.map(identifier) };
    }
    case "join":
      return joined(input, compiled(plan.other), plan.join);
    case "order": {
      const base = input.orderBy || input.limit ? nested(input) : input;
      return { ...base, orderBy: plan.keys.map((key) => sortKey(key, input)) };
    }
    case "limit": {
      const base = input.limit ? nested(input) : input;
      return { ...base, limit: plan.offset === 0 ? `${plan.rows}` : `${plan.rows} OFFSET ${plan.offset}` };
    }
    case "sample": {
      // A hash and not DuckDB's own sampling, which depends on the number of threads.
      const row = Object.hasOwn(input.columns, "event_id") ? "event_id" : identifiersOf(input.columns).join(", ");
      const base = nested(input);
      return { ...base, orderBy: [`hash(${constant(plan.seed)}, ${row})`, row], limit: `${plan.rows}` };
    }
    case "describe":
      return { name: input.name, columns: describeColumns, from: `(${describeSql(selectSql(input), input.columns)})` };
  }
}

function selectSql(select: Select): string {
  const parts = [`SELECT ${select.items?.join(", ") ?? "*"}`, `FROM ${select.from}`];
  if (select.where) parts.push(`WHERE ${select.where.join("\n  AND ")}`);
  if (select.groupBy && select.groupBy.length > 0) parts.push(`GROUP BY ${select.groupBy.join(", ")}`);
  if (select.orderBy) parts.push(`ORDER BY ${select.orderBy.join(", ")}`);
  if (select.limit) parts.push(`LIMIT ${select.limit}`);
  return parts.join("\n");
}

function nested(select: Select): Select {
  const sql = selectSql(select);
  return { name: select.name, columns: select.columns, from: `(\n${sql.replaceAll(/^/gm, "  ")}\n)` };
}

/** A projection may join a SELECT that has none and whose ORDER BY it cannot change. */
function projectable(select: Select): Select {
  return select.items || select.orderBy ? nested(select) : select;
}

function joined(left: Select, right: Select, { kind, on, suffix }: JoinSpec): Select {
  const [leftScope, rightScope] = [scopeOf(left), scopeOf(right)];
  const conditions = on.map(([a, b]) => {
    leftScope.type(a);
    rightScope.type(b);
    return `l.${identifier(a)} = r.${identifier(b)}`;
  });
  const columns: Record<string, ColumnType> = { ...left.columns };
  const items = Object.keys(left.columns).map((name) => `l.${identifier(name)} AS ${identifier(name)}`);
  if (kind === "inner" || kind === "left") {
    const keys = new Set(on.filter(([a, b]) => a === b).map(([, b]) => b));
    for (const [name, type] of Object.entries(right.columns)) {
      if (keys.has(name)) continue;
      const shown = Object.hasOwn(left.columns, name) ? name + suffix : name;
      columns[shown] = type;
      items.push(`r.${identifier(name)} AS ${identifier(shown)}`);
    }
  }
  const from = `${nested(left).from} AS l ${kind.toUpperCase()} JOIN ${nested(right).from} AS r ON ${conditions.join(" AND ")}`;
  return { name: left.name, columns, from, items };
}

function sortKey(key: string, { name, columns }: Select): string {
  if (Object.hasOwn(columns, key)) return `${identifier(key)} NULLS LAST`;
  const column = key.startsWith("-") ? key.slice(1) : key;
  if (!Object.hasOwn(columns, column)) throw unknownColumn(column, name, columns);
  return `${identifier(column)} DESC NULLS LAST`;
}

function identifiersOf(columns: Columns): string[] {
  return Object.keys(columns).map(identifier);
}

function scopeOf({ name, columns }: Select): Scope {
  const check = (column: string) => {
    if (!Object.hasOwn(columns, column)) throw unknownColumn(column, name, columns);
    return columns[column]!;
  };
  return {
    type: check,
    sql: (column) => {
      check(column);
      return identifier(column);
    },
  };
}
