import type { Command } from "commander";
import { SoclabError } from "../../core/index.ts";
import { createEnricher, loadEnrichment } from "../../enrich/index.ts";
import { type EnrichmentChange, openLake, openLakeWriter, reenrichLake, SearchIndexer } from "../../lake/index.ts";
import type { Context } from "../context.ts";
import { enrichmentContext } from "../enrichment-context.ts";
import { rowJson } from "../row-json.ts";
import { count } from "../terminal.ts";
import { textTable } from "../text-table.ts";
import { instantOption } from "../time-option.ts";
import { wholeOption } from "../whole-option.ts";

interface Options {
  readonly lake: string;
  readonly config?: string;
  readonly since?: Date;
  readonly until?: Date;
  readonly table?: string[];
  readonly samples: number;
  readonly index: boolean;
  readonly dryRun?: boolean;
}

export function enrichCommand(program: Command, { terminal, signal }: Context): void {
  program
    .command("enrich")
    .summary("enrich events of earlier days anew, and say what changed")
    .description(
      "Looks up the events of a lake again: what today's inventories, leases and indicators say of the time of each event. Says which columns of how many events have " +
        "another value now, and puts it into the lake. Ids and raw records stay; files in which nothing changed are not touched, so a second run does nothing.",
    )
    .requiredOption("--lake <dir>", "the lake")
    .option("--config <file>", "enrichment sources (JSON); default: those that soclab ships")
    .option("--since <time>", "events from this time on; default: all", instantOption)
    .option("--until <time>", "events before this time", instantOption)
    .option("--table <name...>", "only these tables")
    .option("--samples <n>", "show so many changes one by one", wholeOption, 20)
    .option("--no-index", "make no search indexes for the new files")
    .option("--dry-run", "say what would change, and change nothing")
    .addHelpText(
      "after",
      "\nExample:\n  soclab enrich --lake lake --since 2022-06-12 --dry-run\n  soclab enrich --lake lake --config sources.json --since 2022-06-12\n",
    )
    .action(async (options: Options, command: Command) => {
      const out = terminal(command);
      const { since, until, table: tables, samples, dryRun: isDryRun } = options;
      if (since && until && since >= until) throw new SoclabError("SOCLAB_INVALID_VALUE", "--since must be before --until");
      {
        await using lake = openLake(options.lake);
        for (const name of tables ?? []) lake.schema(name);
      }
      const enricher = createEnricher(await loadEnrichment(options.config, enrichmentContext(out, signal)));
      await using indexer = options.index ? new SearchIndexer() : undefined;
      await using writer = await openLakeWriter(options.lake, { buildSearch: indexer?.build });
      const counts = await reenrichLake(writer, { enricher, since, until, tables, samples, isDryRun, signal, onProgress: out.progress });
      out.progressDone();
      if (out.json) out.line(JSON.stringify({ dryRun: isDryRun === true, ...counts, samples: counts.samples.map(sampleJson) }));
      else {
        const { events, changed, columns, filesRewritten } = counts;
        out.line(`${count(events)} events looked at: ${count(changed)} ${isDryRun ? "would change" : "changed"}`);
        const rows = Object.entries(columns).flatMap(([table, own]) =>
          Object.entries(own).map(([column, changes]) => [table, column, changes]),
        );
        if (rows.length > 0) for (const line of textTable(["table", "column", "events"], rows)) out.line(line);
        const shown = counts.samples.map(({ table, event_id, column, before, after }) => [
          table,
          event_id,
          column,
          rowJson(before),
          rowJson(after),
        ]);
        if (shown.length > 0) {
          out.line("");
          for (const line of textTable(["table", "event", "column", "before", "after"], shown)) out.line(line);
        }
        if (!isDryRun) out.say(`${count(filesRewritten)} files replaced`);
      }
      await out.drained();
    });
}

function sampleJson({ before, after, ...where }: EnrichmentChange) {
  return { ...where, before: rowJson(before), after: rowJson(after) };
}
