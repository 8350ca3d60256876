import type { Command } from "commander";
import { detectors } from "../../detectors/index.ts";
import { openLake } from "../../lake/index.ts";
import { openRegistry, trainOnLake } from "../../models/index.ts";
import type { Context } from "../context.ts";
import { count } from "../terminal.ts";
import { microsOption } from "../time-option.ts";
import { wholeOption } from "../whole-option.ts";
import { readJson } from "./features.ts";

interface Options {
  readonly lake: string;
  readonly spec: string;
  readonly detector: string;
  readonly registry: string;
  readonly name: string;
  readonly from?: number;
  readonly until: number;
  readonly seed: number;
}

export function trainCommand(program: Command, { terminal, signal }: Context): void {
  program
    .command("train")
    .summary("train an anomaly model on one period and measure it on the later one")
    .description(
      "Trains a detector on the rows before --until, calibrates its scores, and registers the model. What the lake holds from --until on is\n" +
        "never learned from: where it has labels, the figures are measured there.",
    )
    .requiredOption("--lake <dir>", "the lake")
    .requiredOption("--spec <file>", "the feature definition (JSON)")
    .requiredOption("--detector <name>", `one of ${detectors.map(({ name }) => name).join(", ")}`)
    .requiredOption("--registry <dir>", "where models are kept")
    .requiredOption("--name <model>", "the model's name; its version counts up")
    .requiredOption("--until <time>", "end of training, event time (ISO 8601)", microsOption)
    .option("--from <time>", "begin of training", microsOption)
    .option("--seed <n>", "seed of the detector's draws", wholeOption, 1)
    .addHelpText(
      "after",
      "\nExample:\n  soclab train --lake lake --spec datasets/definitions/conn-source.json --detector isolation-forest --registry models --name conn --until 2022-06-13T22:00:00Z\n",
    )
    .action(async (options: Options, command: Command) => {
      const out = terminal(command);
      await using lake = openLake(options.lake);
      const { name, detector, from, until, seed } = options;
      const hasSeed = detectors.find((known) => known.name === detector)?.parameters.seed !== undefined;
      const trained = await trainOnLake({
        lake,
        definition: await readJson(options.spec),
        name,
        detector,
        params: hasSeed ? { seed } : {},
        from,
        until,
        signal,
      });
      const reference = await openRegistry(options.registry).register(trained);
      if (out.json)
        out.line(
          JSON.stringify({
            model: reference,
            metrics: Object.fromEntries(trained.metrics.map(({ split, ...figures }) => [split, figures])),
          }),
        );
      else {
        out.line(`${reference}: learned from ${count(trained.detector.rowCount)} rows`);
        for (const { split, auc, ap, baseRate, rows } of trained.metrics) {
          if (auc !== null)
            out.line(
              `${split} period: AUC ${auc.toFixed(3)}, average precision ${ap?.toFixed(3)} over ${count(rows)} rows of which ${((baseRate ?? 0) * 100).toFixed(1)} % are malicious`,
            );
        }
      }
      await out.drained();
    });
}
