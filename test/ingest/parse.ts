import type { DeadLetter, EventBatch } from "../../src/event/index.ts";
import { eventToJson } from "../../src/event/index.ts";
import { createParser, type Feed, type ParserOptions, type ParserState } from "../../src/ingest/index.ts";

export interface Parsed {
  readonly batches: EventBatch[];
  readonly events: Record<string, unknown>[];
  readonly deadLetters: DeadLetter[];
  readonly records: number;
  readonly state: ParserState;
}

export interface ParseAllOptions extends Partial<ParserOptions> {
  readonly chunkBytes?: number;
  /** More is to come: the end of the source is not told. */
  readonly isOpen?: boolean;
}

/** All of a source at once, cut in chunks of `chunkBytes`. */
export function parseAll(feed: Feed, input: string | Uint8Array, options: ParseAllOptions = {}): Parsed {
  const bytes = typeof input === "string" ? Buffer.from(input) : input;
  const { chunkBytes = 1 << 20, isOpen = false, ...parserOptions } = options;
  const parser = createParser(feed, { source: "test.log", ...parserOptions });
  const outputs = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) outputs.push(parser.push(bytes.subarray(at, at + chunkBytes)));
  if (!isOpen) outputs.push(parser.end());
  const batches = outputs.flatMap((output) => output.batches);
  return {
    batches,
    events: batches.flatMap((batch) => Array.from({ length: batch.length }, (_, row) => eventToJson(batch, row))),
    deadLetters: outputs.flatMap((output) => output.deadLetters),
    records: outputs.reduce((sum, output) => sum + output.records, 0),
    state: parser.state(),
  };
}

/** A Zeek TSV log; field names to types, then rows of raw field texts. */
export function zeekLog(path: string, fields: Readonly<Record<string, string>>, rows: readonly (readonly string[])[]): string {
  const header = [
    "#separator \\x09",
    "#set_separator\t,",
    "#empty_field\t(empty)",
    "#unset_field\t-",
    `#path\t${path}`,
    `#fields\t${Object.keys(fields).join("\t")}`,
    `#types\t${Object.values(fields).join("\t")}`,
  ];
  return `${[...header, ...rows.map((row) => row.join("\t"))].join("\n")}\n`;
}
