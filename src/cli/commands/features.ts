import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { SoclabError } from "../../core/index.ts";
import { type Column, columnOf } from "../../event/index.ts";
import { buildMatrix, type FeatureMatrix, parseDefinition } from "../../features/index.ts";
import { openLake } from "../../lake/index.ts";
import { DuckDb, writeColumns } from "../../table/index.ts";
import type { Context } from "../context.ts";
import { count } from "../terminal.ts";
import { microsOption } from "../time-option.ts";

interface Options {
  readonly lake: string;
  readonly spec: string;
  readonly out: string;
  readonly from?: number;
  readonly until?: number;
}

export function featuresCommand(program: Command, { terminal, signal }: Context): void {
  program
    .command("features")
    .summary("build a feature matrix from a lake")
    .description(
      "Runs a feature definition over a lake and writes the matrix as Parquet: event_id, entity, event_time, label and a column a feature.",
    )
    .requiredOption("--lake <dir>", "the lake")
    .requiredOption("--spec <file>", "the feature definition (JSON)")
    .requiredOption("--out <file>", "the matrix, Parquet")
    .option("--from <time>", "rows from this event time on (ISO 8601); windows see what was before", microsOption)
    .option("--until <time>", "rows before this event time (ISO 8601)", microsOption)
    .addHelpText("after", "\nExample:\n  soclab features --lake lake --spec datasets/definitions/conn-source.json --out matrix.parquet\n")
    .action(async (options: Options, command: Command) => {
      const out = terminal(command);
      const definition = parseDefinition(await readJson(options.spec));
      await using lake = openLake(options.lake);
      const startedAt = performance.now();
      const { from, until } = options;
      const matrix = await buildMatrix(lake, definition, { from, until, columns: lake.schema(definition.table), signal });
      await using engine = new DuckDb();
      await writeColumns(options.out, matrixColumns(matrix), engine);
      const seconds = (performance.now() - startedAt) / 1000;
      if (out.json) out.line(JSON.stringify({ rows: matrix.rowCount, features: matrix.names, seconds }));
      else {
        out.line(`${count(matrix.rowCount)} rows × ${matrix.names.length} features → ${options.out}`);
        out.say(`${seconds.toFixed(2)} s, ${count(matrix.rowCount / seconds)} rows/s`);
      }
      await out.drained();
    });
}

function matrixColumns(matrix: FeatureMatrix): Map<string, Column> {
  const { rowCount, names, values } = matrix;
  const columns = new Map<string, Column>([
    ["event_id", columnOf("string", matrix.eventIds)],
    ["entity", columnOf("string", matrix.entities)],
    ["event_time", { type: "timestamp", length: rowCount, validity: undefined, values: matrix.eventTimes }],
    ["label", columnOf("string", matrix.labels)],
  ]);
  for (const [feature, name] of names.entries()) {
    const column = Array.from({ length: rowCount }, (_, row) => values[row * names.length + feature]!);
    columns.set(
      name,
      columnOf(
        "double",
        column.map((value) => (Number.isNaN(value) ? null : value)),
      ),
    );
  }
  return columns;
}

/** @throws SOCLAB_NOT_FOUND, SOCLAB_INVALID_FILE */
export async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new SoclabError("SOCLAB_NOT_FOUND", `${path} cannot be read`, { cause });
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new SoclabError("SOCLAB_INVALID_FILE", `${path} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
