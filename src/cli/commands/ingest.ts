import type { Command } from "commander";
import type { Progress } from "../../core/index.ts";
import { createEnricher, loadEnrichment, openLiveEnricher, readRules } from "../../enrich/index.ts";
import { deviceTimes } from "../../ingest/index.ts";
import { followIngest, ingestFiles, openLakeWriter, SearchIndexer } from "../../lake/index.ts";
import type { Context } from "../context.ts";
import { enrichmentContext } from "../enrichment-context.ts";
import { feedHelp, feedOption } from "../feed-option.ts";
import { count } from "../terminal.ts";
import { numberOption } from "../whole-option.ts";

interface Options {
  readonly lake: string;
  readonly feed: string;
  readonly config?: string;
  readonly enrich: boolean;
  readonly rules?: string;
  readonly follow?: boolean;
  readonly index: boolean;
  readonly idleExit?: number;
  readonly zone?: string;
  readonly referenceTime?: string;
}

export function ingestCommand(program: Command, { terminal, signal }: Context): void {
  program
    .command("ingest")
    .summary("parse, enrich and store log files in a lake")
    .description(
      "Parses log files, adds country, network, threat lists, asset, user and class label, and stores the events in a lake of Parquet files.\n" +
        "Killed and run again it adds what is missing and nothing twice.\n" +
        "With --follow it goes on as files grow, are rotated and come into folders: an event is found within a second of its arrival.",
    )
    .argument("<file...>", "log files, gzip or not; - is stdin; with --follow also folders")
    .requiredOption("--lake <dir>", "the lake; made where it is not there")
    .requiredOption("--feed <feed>", feedHelp)
    .option("--config <file>", "enrichment sources (JSON); default: those that soclab ships")
    .option("--no-enrich", "store the events as they are parsed")
    .option("--rules <file>", "checks of every event (JSON): what they reject is a dead letter")
    .option("--zone <zone>", "zone of times that name none: an IANA name or an offset; default UTC")
    .option(
      "--reference-time <time>",
      "when the files were written: times without a year are of the year before it; default: the file's own time",
    )
    .option("--no-index", "make no search indexes; soclab search is slower then")
    .option("--follow", "go on with what is appended, until Ctrl-C")
    .option("--idle-exit <seconds>", "with --follow: end once nothing new came for so long", numberOption)
    .addHelpText(
      "after",
      "\nExample:\n  soclab ingest --lake lake --feed zeek logs/conn.log.gz logs/dns.log\n  soclab ingest --lake lake --feed suricata --follow /var/log/suricata/eve.json\n",
    )
    .action(async (files: string[], options: Options, command: Command) => {
      const out = terminal(command);
      const feed = await feedOption(options.feed);
      const times = deviceTimes(options);
      const context = enrichmentContext(out, signal);
      const live = options.follow && options.enrich ? await openLiveEnricher(options.config, context) : undefined;
      const enricher = live ?? (options.enrich ? createEnricher(await loadEnrichment(options.config, context)) : undefined);
      const rules = options.rules === undefined ? undefined : await readRules(options.rules);
      await using indexer = options.index ? new SearchIndexer() : undefined;
      if (indexer) indexer.isPaused = !options.follow;
      await using writer = await openLakeWriter(options.lake, { buildSearch: indexer?.build });
      const work = { ...times, feed, enricher, rules, signal, onProgress: (progress: Progress) => out.progress(progress) };
      const idleExitMs = options.idleExit === undefined ? null : options.idleExit * 1000;
      const counts = options.follow
        ? await followIngest(writer, { ...work, paths: files, idleExitMs, onRemark: (text) => out.say(text) })
        : await ingestFiles(writer, { ...work, files });
      live?.close();
      await indexer?.complete(writer, work);
      out.progressDone();
      const broken = rules?.counts().filter((rule) => rule.broken > 0 || rule.absent > 0);
      if (out.json) out.line(JSON.stringify(rules ? { ...counts, rules: rules.counts() } : counts));
      else {
        const { records, events, deadLetters, duplicates, seconds } = counts;
        out.line(
          `${count(records)} records: ${count(events)} events, ${count(deadLetters)} dead letters, ${count(duplicates)} there already`,
        );
        for (const { rule, action, field, broken: rows, checked, absent } of broken ?? []) {
          const missing = absent > 0 ? `; ${count(absent)} had no ${field}` : "";
          out.say(`rule "${rule}": ${count(rows)} of ${count(checked)} events ${action === "reject" ? "rejected" : "warned of"}${missing}`);
        }
        for (const warning of counts.warnings ?? []) out.say(warning);
        out.say(`${seconds.toFixed(1)} s, ${count(records / seconds)} records/s`);
      }
      await out.drained();
    });
}
