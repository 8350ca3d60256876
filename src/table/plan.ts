import type { Columns } from "../event/index.ts";
import type { Aggregate } from "./aggregate.ts";
import type { ExpressionNode } from "./expression.ts";

/** Where rows come from. */
export interface TableSource {
  /** As a person calls it, for messages. */
  readonly name: string;
  /** What stands behind FROM. */
  readonly sql: string;
  /** @throws SOCLAB_UNKNOWN_TABLE */
  columns(): Columns;
}

export type JoinKind = "inner" | "left" | "semi" | "anti";

export interface JoinSpec {
  readonly kind: JoinKind;
  /** Left column and right column of each pair that must be equal. */
  readonly on: readonly (readonly [string, string])[];
  readonly suffix: string;
}

export interface SortKey {
  readonly column: string;
  readonly descending: boolean;
}

/** The verbs of a table, from the last to the first: immutable, shared between tables. */
export type Plan =
  | { readonly verb: "source"; readonly source: TableSource }
  | { readonly verb: "where"; readonly input: Plan; readonly condition: ExpressionNode }
  | { readonly verb: "select"; readonly input: Plan; readonly columns: readonly string[] }
  | { readonly verb: "derive"; readonly input: Plan; readonly columns: ReadonlyMap<string, ExpressionNode> }
  | { readonly verb: "group"; readonly input: Plan; readonly keys: readonly string[]; readonly aggregates: ReadonlyMap<string, Aggregate> }
  | { readonly verb: "join"; readonly input: Plan; readonly other: Plan; readonly join: JoinSpec }
  | { readonly verb: "order"; readonly input: Plan; readonly keys: readonly string[] }
  | { readonly verb: "limit"; readonly input: Plan; readonly rows: number; readonly offset: number }
  | { readonly verb: "sample"; readonly input: Plan; readonly rows: number; readonly seed: number }
  | { readonly verb: "describe"; readonly input: Plan };
