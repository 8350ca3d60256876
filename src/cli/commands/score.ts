import type { Command } from "commander";
import { openAlertIndex } from "../../alerts/index.ts";
import { SoclabError } from "../../core/index.ts";
import { createEnricher, loadEnrichment, readRules } from "../../enrich/index.ts";
import { findSources } from "../../ingest/index.ts";
import { openLake } from "../../lake/index.ts";
import { openRegistry } from "../../models/index.ts";
import { follow, type LedgerTotals, scoreLake } from "../../scorer/index.ts";
import type { Context } from "../context.ts";
import { enrichmentContext } from "../enrichment-context.ts";
import { count } from "../terminal.ts";
import { numberOption } from "../whole-option.ts";

interface Options {
  readonly model: string;
  readonly registry: string;
  readonly lake?: string;
  readonly index: string;
  readonly follow?: string[];
  readonly config?: string;
  readonly rules?: string;
  readonly minRelevance: number;
  readonly idleExit: number;
  readonly forever?: boolean;
}

export function scoreCommand(program: Command, { terminal, signal }: Context): void {
  program
    .command("score")
    .summary("score events and write the alerts into an index")
    .description(
      "Scores what a lake holds after the model's training, or, with --follow, raw log files as a stream: parse, enrich, features, score, alert.\n" +
        "Killed at any moment and started again it ends with the same index. The ledger at the end closes: in = scored + filtered + deadLetters.",
    )
    .requiredOption("--model <name@version>", "the model; @latest or no version is the newest")
    .requiredOption("--registry <dir>", "where models are kept")
    .requiredOption("--index <dir>", "the alert index; made where it is not there")
    .option("--lake <dir>", "what is scored, or, with --follow, the history that windows begin with")
    .option("--follow <path...>", "log files or folders of them, read as a stream")
    .option("--config <file>", "enrichment sources (JSON); default: those that soclab ships")
    .option("--rules <file>", "with --follow: checks of every event (JSON); what they reject is a dead letter")
    .option("--min-relevance <n>", "relevance (0–100) from which an event is an alert", numberOption, 90)
    .option("--idle-exit <seconds>", "with --follow: end when nothing new has come for so long", numberOption, 2)
    .option("--forever", "with --follow: never end by itself; Ctrl-C stops with a checkpoint")
    .addHelpText("after", "\nExample:\n  soclab score --model conn@1 --registry models --lake lake --index alerts --follow logs/ --json\n")
    .action(async (options: Options, command: Command) => {
      const out = terminal(command);
      const model = await openRegistry(options.registry).load(options.model);
      await using index = openAlertIndex(options.index);
      await using lake = options.lake === undefined ? undefined : openLake(options.lake);
      const { minRelevance } = options;
      const from = lake ? (model.training.until ?? undefined) : undefined;
      const work = { signal, onProgress: out.progress };
      let ledger: LedgerTotals;
      if (options.follow) {
        const sources = (await Promise.all(options.follow.map(findSources))).flat();
        const enricher = createEnricher(await loadEnrichment(options.config, enrichmentContext(out, signal)));
        const rules = options.rules === undefined ? undefined : await readRules(options.rules);
        const idleExitMs = options.forever ? null : options.idleExit * 1000;
        ledger = await follow({
          model,
          enricher,
          rules,
          minRelevance,
          from,
          sources,
          index,
          stateDir: options.index,
          lake,
          idleExitMs,
          ...work,
        });
      } else if (lake) ledger = await scoreLake({ model, minRelevance, from, lake, index, ...work });
      else throw new SoclabError("SOCLAB_USAGE", "there is nothing to score", { hint: "Give --lake DIR, or --follow PATH." });
      out.progressDone();
      if (out.json) out.line(JSON.stringify(ledger));
      else out.line(ledgerText(ledger));
      await out.drained();
    });
}

export function ledgerText({ in: read, scored, filtered, deadLetters, waiting, alerts, late, closed }: LedgerTotals): string {
  const parts = [`${count(scored)} scored`, `${count(filtered)} filtered`, `${count(deadLetters)} dead letters`];
  if (waiting > 0) parts.push(`${count(waiting)} waiting`);
  return `${count(read)} in = ${parts.join(" + ")}${closed ? "" : " — NOT CLOSED"}; ${count(alerts)} alerts, ${count(late)} late`;
}
