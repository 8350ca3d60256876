import { constant, doubleConstant, identifier } from "../sql/index.ts";
import type { Scalar } from "./definition.ts";
import type { Conditions, TypedCondition } from "./plan.ts";

/** All of the conditions as one SQL expression that is true or false, never null. */
export function conditionsSql(conditions: Conditions): string {
  return conditions.length === 0 ? "true" : conditions.map(conditionSql).join(" AND ");
}

function conditionSql(condition: TypedCondition): string {
  const column = comparable(condition);
  if ("present" in condition) return `${column} IS ${condition.present ? "NOT NULL" : "NULL"}`;
  if ("equals" in condition) return `coalesce(${column} = ${literal(condition.equals)}, false)`;
  if ("in" in condition) return `coalesce(${column} IN (${condition.in.map(literal).join(", ")}), false)`;
  if ("notIn" in condition) return `NOT coalesce(${column} IN (${condition.notIn.map(literal).join(", ")}), false)`;
  const bounds: string[] = [];
  if ("atLeast" in condition) bounds.push(`${column} >= ${literal(condition.atLeast)}`);
  if (condition.atMost !== undefined) bounds.push(`${column} <= ${literal(condition.atMost)}`);
  return `coalesce(${bounds.join(" AND ")}, false)`;
}

function comparable({ column, type }: TypedCondition): string {
  return type === "double" || type === "bigint" || type === "integer" ? finiteSql(column, type) : identifier(column);
}

/** The column as a DOUBLE, null where it is NaN or infinite. */
export function finiteSql(column: string, type: string): string {
  if (type === "double") return `CASE WHEN isfinite(${identifier(column)}) THEN ${identifier(column)} END`;
  return `CAST(${identifier(column)} AS DOUBLE)`;
}

/** A number is a DOUBLE always, so that both runners compare doubles. */
export function literal(value: Scalar): string {
  return typeof value === "number" ? doubleConstant(value) : constant(value);
}
