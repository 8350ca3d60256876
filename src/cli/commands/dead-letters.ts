import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { didYouMean, SoclabError } from "../../core/index.ts";
import { createEnricher, loadEnrichment, readRules } from "../../enrich/index.ts";
import { deadLetterCodes, deadLetterToJson } from "../../event/index.ts";
import { countDeadLetters, type DeadLetterFilter, deadLetters, openLake, openLakeWriter, replayDeadLetters } from "../../lake/index.ts";
import type { Context } from "../context.ts";
import { feedOption } from "../feed-option.ts";
import { count } from "../terminal.ts";
import { textTable } from "../text-table.ts";
import { visibleText } from "../visible-text.ts";
import { wholeOption } from "../whole-option.ts";

interface FilterOptions {
  readonly lake: string;
  readonly code?: string;
  readonly feed?: string;
  readonly source?: string;
}

interface ReplayCommandOptions extends FilterOptions {
  readonly as?: string;
  readonly config?: string;
  readonly enrich: boolean;
  readonly rules?: string;
  readonly header?: string;
  readonly maxRecordBytes?: number;
}

export function deadLettersCommand(program: Command, { terminal, signal }: Context): void {
  const group = program
    .command("dead-letters")
    .summary("list, show and replay records that are no events")
    .description("Records that broke the contract or a rule: kept whole in the lake, with the place and the reason, until they are events.")
    .addHelpText(
      "after",
      "\nExample:\n  soclab dead-letters list --lake lake\n  soclab dead-letters replay --lake lake --code BAD_ADDRESS\n",
    );

  const selecting = (name: string, summary: string) =>
    group
      .command(name)
      .description(summary)
      .requiredOption("--lake <dir>", "the lake")
      .option("--code <code>", "only with this code")
      .option("--feed <feed>", "only of this feed")
      .option("--source <name>", "only from this source, as it was named");

  selecting("list", "how many of each feed, code and source; with --letters each of them")
    .option("--letters", "each letter with its id, place and reason")
    .option("--limit <n>", "how many lines", wholeOption, 50)
    .addHelpText("after", "\nExample:\n  soclab dead-letters list --lake lake --code BAD_TIMESTAMP --letters\n")
    .action(async (options: FilterOptions & { letters?: boolean; limit: number }, command: Command) => {
      const out = terminal(command);
      await using lake = openLake(options.lake);
      const filter = filterOf(options);
      const table = options.letters
        ? deadLetters(lake, filter).select("id", "feed", "source", "offset", "code", "reason")
        : countDeadLetters(lake, filter);
      const rows = (await table.limit(options.limit).rows({ signal })).map((row) =>
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeof value === "bigint" ? Number(value) : value])),
      );
      if (out.json) for (const row of rows) out.line(JSON.stringify(row));
      else if (rows.length === 0) out.line("no dead letters");
      else {
        const names = Object.keys(rows[0]!);
        for (const line of textTable(
          names,
          rows.map((row) => names.map((name) => (typeof row[name] === "number" ? row[name] : String(row[name] ?? "")))),
        ))
          out.line(line);
      }
      await out.drained();
    });

  group
    .command("show")
    .description("one dead letter: where it stood, why it is no event, its bytes")
    .argument("<id>", "its id, or the first digits of it")
    .requiredOption("--lake <dir>", "the lake")
    .option("--raw", "only the bytes, as they are")
    .addHelpText("after", "\nExample:\n  soclab dead-letters show 92efb80249d79161 --lake lake\n")
    .action(async (id: string, options: { lake: string; raw?: boolean }, command: Command) => {
      const out = terminal(command);
      await using lake = openLake(options.lake);
      const [letter, other] = await deadLetters(lake, { id }).limit(2).rows({ signal });
      if (!letter)
        throw new SoclabError("SOCLAB_NOT_FOUND", `there is no dead letter ${id}`, {
          hint: "soclab dead-letters list --letters shows ids.",
        });
      if (other) throw new SoclabError("SOCLAB_INVALID_VALUE", `${id} is the beginning of several ids`, { hint: "Give more digits." });
      const raw = letter.raw ?? new Uint8Array();
      if (options.raw) process.stdout.write(raw);
      else if (out.json) {
        const { source, code, reason, feed } = letter;
        const document = {
          feed: feed ?? "",
          source: source ?? "",
          reason: reason ?? "",
          raw,
          sourceId: (letter.id ?? "").slice(0, 16),
          offset: Number(letter.offset),
        };
        out.line(JSON.stringify(deadLetterToJson({ ...document, code: knownCode(code) })));
      } else {
        for (const [name, value] of Object.entries({
          id: letter.id,
          feed: letter.feed,
          source: letter.source,
          offset: letter.offset,
          code: letter.code,
          reason: letter.reason,
        }))
          out.line(`${name.padEnd(8)}${visibleText(String(value ?? ""))}`);
        out.line(`raw     ${visibleText(Buffer.from(raw).toString())}`);
      }
      await out.drained();
    });

  selecting(
    "replay",
    "read dead letters again after a parser, a feed's definition or a rule was mended; what is an event now comes into the lake",
  )
    .option("--as <feed>", "read them as this feed, or as a declared one (a .json file), instead of their own")
    .option("--config <file>", "enrichment sources (JSON); default: those that soclab ships")
    .option("--no-enrich", "store the events as they are parsed")
    .option("--rules <file>", "checks of every event (JSON); without it no rule holds")
    .option("--header <file>", "a Zeek log whose header lines the records get, for those that had none")
    .option("--max-record-bytes <n>", "for records that were too long", wholeOption)
    .addHelpText("after", "\nExample:\n  soclab dead-letters replay --lake lake --code RULE_RANGE --rules rules.json\n")
    .action(async (options: ReplayCommandOptions, command: Command) => {
      const out = terminal(command);
      const enricher = options.enrich ? createEnricher(await loadEnrichment(options.config)) : undefined;
      const rules = options.rules === undefined ? undefined : await readRules(options.rules);
      const header = options.header === undefined ? undefined : await headerOf(options.header);
      await using writer = await openLakeWriter(options.lake);
      const { maxRecordBytes } = options;
      const feed = options.as === undefined ? undefined : await feedOption(options.as);
      const counts = await replayDeadLetters(writer, {
        filter: filterOf(options),
        feed,
        enricher,
        rules,
        header,
        maxRecordBytes,
        signal,
        onProgress: out.progress,
      });
      out.progressDone();
      if (out.json) out.line(JSON.stringify(counts));
      else {
        const { letters, events, duplicates, stillDead, setAside } = counts;
        out.line(
          `${count(letters)} dead letters: ${count(events)} are events now, ${count(duplicates)} were there already, ${count(stillDead)} are dead still`,
        );
        for (const warning of counts.warnings ?? []) out.say(warning);
        if (setAside > 0) out.say(`${count(setAside)} are no whole record and stay as they are`);
      }
      await out.drained();
    });
}

function filterOf({ code, feed, source }: FilterOptions): DeadLetterFilter {
  return { code: code === undefined ? undefined : knownCode(code), feed, source };
}

function knownCode(code: string | null): (typeof deadLetterCodes)[number] {
  const known = deadLetterCodes.find((name) => name === code);
  if (known) return known;
  throw new SoclabError(
    "SOCLAB_INVALID_VALUE",
    `there is no dead-letter code ${JSON.stringify(code)}. ${didYouMean(String(code), deadLetterCodes) ?? ""}`.trimEnd(),
    {
      hint: `Codes: ${deadLetterCodes.join(", ")}.`,
    },
  );
}

/** The `#` lines that a file begins with. */
async function headerOf(path: string): Promise<Buffer[]> {
  const text = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new SoclabError(cause.code === "ENOENT" ? "SOCLAB_NOT_FOUND" : "SOCLAB_IO", `${path} cannot be read: ${cause.message}`, {
      cause,
    });
  });
  const lines: Buffer[] = [];
  for (const line of text.toString("latin1").split(/\r?\n/)) {
    if (!line.startsWith("#")) break;
    lines.push(Buffer.from(line, "latin1"));
  }
  if (lines.length === 0)
    throw new SoclabError("SOCLAB_INVALID_FILE", `${path} begins with no header line, expected lines that begin with #`);
  return lines;
}
