import { once } from "node:events";
import { type Command, InvalidArgumentError } from "commander";
import { SoclabError } from "../../core/index.ts";
import { namedDuration, openLake, type SearchHit, textOf } from "../../lake/index.ts";
import type { Context } from "../context.ts";
import { rowToJson } from "../row-json.ts";
import { count } from "../terminal.ts";
import { textTable } from "../text-table.ts";
import { microsOption } from "../time-option.ts";
import { wholeOption } from "../whole-option.ts";

interface Options {
  readonly lake: string;
  readonly limit: number;
  readonly since?: number;
  readonly until?: number;
  readonly last?: number;
  readonly table?: string[];
  readonly after?: string;
  readonly count?: boolean;
  readonly raw?: boolean;
}

const shownText = 60;

export function searchCommand(program: Command, { terminal, signal }: Context): void {
  program
    .command("search")
    .summary("find events by words, fields and times, newest first")
    .description(
      "Finds events in a lake, newest first, those of the last second too while an ingest --follow runs.\n\n" +
        "  evil.example.com           the raw record has these words\n" +
        '  "GET /admin"               the raw record has this text\n' +
        "  10.0.0.5   10.0.0.0/8      an address column has this address, or one of this network\n" +
        "  service:dns  query:*.top   a field has this value; * and ? are wildcards\n" +
        "  orig_bytes:>1000  port:[1 TO 1024]  timestamp:2022-06-13\n" +
        "  a OR b, NOT c, (a b), _exists_:src_user",
    )
    .argument("[query...]", "what to find; without one, all events")
    .requiredOption("--lake <dir>", "the lake")
    .option("--limit <n>", "at most so many events; 0 for all", wholeOption, 20)
    .option("--since <time>", "events from this time on", microsOption)
    .option("--until <time>", "events before this time", microsOption)
    .option("--last <duration>", "events of the last 15m, 12h, 30d", durationOption)
    .option("--table <name...>", "only in these tables; dead_letters is searched only when it is named")
    .option("--after <cursor>", "go on behind the last event of an earlier page")
    .option("--count", "how many there are, and nothing else")
    .option("--raw", "the raw records byte for byte, each with a line's end behind it, and nothing else")
    .addHelpText(
      "after",
      '\nExample:\n  soclab search --lake lake --last 30d "203.0.113.9 NOT id_resp_p:443"\n  soclab search --lake lake --json --limit 0 "query:*.example.com"\n',
    )
    .action(async (words: string[], options: Options, command: Command) => {
      const out = terminal(command);
      if (options.raw && (out.json || options.count))
        throw new SoclabError("SOCLAB_INVALID_VALUE", `--raw gives bytes and cannot be joined with ${out.json ? "--json" : "--count"}`);
      await using lake = openLake(options.lake);
      const since = options.last === undefined ? options.since : Math.max(options.since ?? 0, Date.now() * 1000 - options.last);
      const result = lake.search(words.join(" "), {
        tables: options.table,
        since: dateOf(since),
        until: dateOf(options.until),
        limit: options.limit === 0 ? undefined : options.limit,
        after: options.after,
        signal,
      });
      if (options.count) {
        const found = await result.count();
        out.line(out.json ? JSON.stringify({ count: found }) : count(found));
        return out.drained();
      }
      const startedAt = performance.now();
      const hits: SearchHit[] = [];
      let last: SearchHit | undefined;
      let found = 0;
      for await (const hit of result.hits()) {
        last = hit;
        if (options.raw) await writeRaw(hit);
        else if (!out.json) hits.push(hit);
        else out.line(JSON.stringify(rowToJson(hit.event)));
        if (++found % 1000 === 0) await out.drained();
      }
      if (!out.json) {
        if (hits.length > 0) for (const line of textTable(["time", "table", "from", "to", "found"], hits.map(cells))) out.line(line);
        out.say(`${count(found)} events in ${((performance.now() - startedAt) / 1000).toFixed(2)} s`);
        if (last && found === options.limit) out.say(`There may be more: --after ${last.cursor}`);
      }
      await out.drained();
    });
}

async function writeRaw({ event }: SearchHit): Promise<void> {
  const raw = event.original_string ?? event.raw;
  const bytes = raw instanceof Uint8Array ? raw : Buffer.from(textOf(raw) ?? "");
  if (!process.stdout.write(Buffer.concat([bytes, Buffer.from("\n")]))) await once(process.stdout, "drain");
}

function cells({ event, table, highlights }: SearchHit): (string | null)[] {
  const end = (address: string | null, port: number | null) => (port === null ? address : `${address ?? ""}:${port}`);
  return [
    event.timestamp?.toISOString() ?? null,
    table,
    end(event.ip_src_addr ?? null, event.ip_src_port ?? null),
    end(event.ip_dst_addr ?? null, event.ip_dst_port ?? null),
    excerpt({ event, highlights }),
  ];
}

/** The first place that the search found, with some text around it; else the record's beginning. */
function excerpt({ event, highlights }: Pick<SearchHit, "event" | "highlights">): string {
  const best = highlights.find(({ field }) => field === "original_string" || field === "raw") ?? highlights[0];
  const field = best?.field ?? (event.original_string === undefined ? "raw" : "original_string");
  const text = textOf(event[field]) ?? "";
  const from = Math.max(0, Math.min((best?.from ?? 0) - 20, text.length - shownText));
  const part = `${from > 0 ? "…" : ""}${text.slice(from, from + shownText)}`;
  return field === "original_string" ? part : `${field}: ${part}`;
}

function dateOf(micros: number | undefined): Date | undefined {
  return micros === undefined ? undefined : new Date(micros / 1000);
}

function durationOption(text: string): number {
  const micros = namedDuration(text);
  if (micros === undefined) throw new InvalidArgumentError("Expected a duration such as 15m, 12h or 30d.");
  return micros;
}
