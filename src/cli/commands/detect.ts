import type { Command } from "commander";
import { SoclabError } from "../../core/index.ts";
import { detectors } from "../../detectors/index.ts";
import { isListColumn, toFloat64 } from "../../event/index.ts";
import type { Matrix } from "../../features/index.ts";
import { detect, type Truth } from "../../models/index.ts";
import { DuckDb, openParquet, type ResultColumn, writeColumns } from "../../table/index.ts";
import type { Context } from "../context.ts";
import { count } from "../terminal.ts";
import { wholeOption } from "../whole-option.ts";

interface Options {
  readonly detector: string;
  readonly label?: string;
  readonly seed?: number;
  readonly test?: string;
  readonly scores?: string;
}

export function detectCommand(program: Command, { terminal }: Context): void {
  program
    .command("detect")
    .summary("fit and score a detector on a plain numeric table")
    .description(
      "Fits a detector on the numeric columns of a Parquet table and scores it, or another one. Labels are used for evaluation only.",
    )
    .argument("<table.parquet>", "the table to fit on")
    .requiredOption("--detector <name>", `one of ${detectors.map(({ name }) => name).join(", ")}`)
    .option("--label <column>", "the truth, 0 or 1 (or false, true); never learned from")
    .option("--seed <n>", "seed of the detector's draws", wholeOption)
    .option("--test <other.parquet>", "score these rows instead of the fitted ones")
    .option("--scores <out.parquet>", "write the score of each row")
    .addHelpText("after", "\nExample:\n  soclab detect --detector isolation-forest --seed 1 --label label table.parquet --json\n")
    .action(async (path: string, options: Options, command: Command) => {
      const out = terminal(command);
      await using engine = new DuckDb();
      const train = await readTable(path, options.label, engine);
      const test = options.test === undefined ? undefined : await readTable(options.test, options.label, engine);
      const { scores, ...result } = detect({
        matrix: train.matrix,
        labels: train.truth,
        test: test?.matrix,
        testLabels: test?.truth,
        detector: options.detector,
        seed: options.seed,
      });
      if (options.scores !== undefined) {
        await writeColumns(
          options.scores,
          new Map([["score", { type: "double", length: scores.length, validity: undefined, values: scores }]]),
          engine,
        );
      }
      if (out.json) out.line(JSON.stringify({ ...result, features: result.features.length }));
      else {
        const figure = (value: number | null) => (value === null ? "unknown" : value.toFixed(4));
        out.line(`${result.detector}: ${count(result.rows)} rows, AUC ${figure(result.auc)}, average precision ${figure(result.ap)}`);
        out.say(`fit ${result.fitSeconds.toFixed(3)} s, score ${result.scoreSeconds.toFixed(3)} s`);
      }
      await out.drained();
    });
}

async function readTable(path: string, label: string | undefined, engine: DuckDb): Promise<{ matrix: Matrix; truth: Truth | undefined }> {
  const table = await openParquet(path, engine);
  const { length, columns } = await engine.query(table.sql);
  if (label !== undefined && !columns.has(label)) {
    throw new SoclabError("SOCLAB_UNKNOWN_COLUMN", `${path} has no column "${label}"`, {
      hint: `It has ${[...columns.keys()].slice(0, 20).join(", ")}.`,
    });
  }
  const inputs = [...columns].filter(([name]) => name !== label);
  const values = new Float64Array(length * inputs.length);
  for (const [i, [name, column]] of inputs.entries()) {
    const numbers = numeric(path, name, column);
    for (let row = 0; row < length; row++) values[row * inputs.length + i] = numbers[row]!;
  }
  const matrix = { rowCount: length, names: inputs.map(([name]) => name), values };
  return { matrix, truth: label === undefined ? undefined : truthOf(path, label, numeric(path, label, columns.get(label)!)) };
}

function numeric(path: string, name: string, column: ResultColumn): Float64Array {
  if (column.type !== "bytes" && !isListColumn(column) && column.type !== "string") return toFloat64(column);
  throw new SoclabError("SOCLAB_INVALID_FILE", `column "${name}" of ${path} is ${column.type}, expected numbers`, {
    hint: "Name the label with --label; leave other text columns out of the table.",
  });
}

function truthOf(path: string, label: string, values: Float64Array): Truth {
  return Int8Array.from(values, (value, row) => {
    if (Number.isNaN(value)) return -1;
    if (value === 0 || value === 1) return value;
    throw new SoclabError("SOCLAB_INVALID_FILE", `column "${label}" of ${path} is ${value} in row ${row}, expected 0 or 1`);
  });
}
