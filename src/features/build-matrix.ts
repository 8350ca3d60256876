import { SoclabError } from "../core/index.ts";
import { type Columns, isListColumn, stringAt, toFloat64 } from "../event/index.ts";
import { compileFeatures, type MatrixRange } from "./compile-sql.ts";
import { signedLog1p } from "./exact.ts";
import type { FeatureInput, InputColumn } from "./extract.ts";
import type { FeatureMatrix } from "./matrix.ts";
import { parseDefinition } from "./parse-definition.ts";
import { planFeatures } from "./plan.ts";

/** What answers SQL with columns; a lake does. */
export interface FeatureSource {
  /** Columns of a table as the data brought them; those that are declared and missing are then null in every row. */
  schema?(table: string): Columns;
  query(sql: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<FeatureInput>;
}

export interface MatrixOptions extends MatrixRange {
  readonly signal?: AbortSignal | undefined;
  /** Columns of the table; by default what the source says. */
  readonly columns?: Columns | undefined;
}

/**
 * The feature matrix of a definition over a lake, from one SQL statement. Rows stand in order of event time, then event id.
 *
 * @throws SOCLAB_INVALID_DEFINITION before any work starts
 */
export async function buildMatrix(source: FeatureSource, definition: unknown, options: MatrixOptions = {}): Promise<FeatureMatrix> {
  const plan = planFeatures(definition, options.columns ?? source.schema?.(parseDefinition(definition).table));
  const result = await source.query(compileFeatures(plan, options), { signal: options.signal });
  const { length, columns } = result;
  const width = plan.names.length;
  const values = new Float64Array(length * width);
  plan.outputs.forEach((output, i) => {
    const from = numbers(columns, output.name);
    for (let row = 0; row < length; row++) {
      const value = from[row]!;
      values[row * width + i] = (output.log1p ? signedLog1p(value) : value) + 0;
    }
  });
  return {
    rowCount: length,
    names: plan.names,
    values,
    eventIds: strings(columns, "event_id").map((id) => id ?? ""),
    entities: strings(columns, "entity").map((entity) => entity ?? ""),
    eventTimes: numbers(columns, "event_time").slice(),
    labels: strings(columns, "label"),
  };
}

function numbers(columns: ReadonlyMap<string, InputColumn>, name: string): Float64Array {
  const column = columns.get(name);
  if (column === undefined || column.type === "bytes" || isListColumn(column) || column.type === "string") throw unexpected(name, column);
  return toFloat64(column);
}

function strings(columns: ReadonlyMap<string, InputColumn>, name: string): (string | null)[] {
  const column = columns.get(name);
  if (column === undefined || column.type === "bytes" || isListColumn(column) || column.type !== "string") throw unexpected(name, column);
  return Array.from({ length: column.length }, (_, row) => stringAt(column, row));
}

function unexpected(name: string, column: InputColumn | undefined): SoclabError {
  return new SoclabError("SOCLAB_QUERY", `the feature statement gave column "${name}" as ${column?.type ?? "nothing"}`);
}
