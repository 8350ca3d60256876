import { type FileHandle, open, stat } from "node:fs/promises";
import type { Command } from "commander";
import { SoclabError } from "../../core/index.ts";
import { readRules } from "../../enrich/index.ts";
import { deadLetterToJson, eventToJson } from "../../event/index.ts";
import { createParser, deviceTimes, type FeedFormat, parseSource, type ReadingOptions, readSource } from "../../ingest/index.ts";
import type { Context } from "../context.ts";
import { feedHelp, feedOption } from "../feed-option.ts";
import type { Terminal } from "../terminal.ts";
import { explain } from "./explain.ts";

interface Options {
  readonly feed?: string;
  readonly explain?: boolean;
  readonly line?: string;
  readonly deadLetters?: string;
  readonly rules?: string;
  readonly zone?: string;
  readonly referenceTime?: string;
}

export function parseCommand(program: Command, { terminal, signal }: Context): void {
  program
    .command("parse")
    .summary("turn raw log files into events, as NDJSON on stdout")
    .description(
      "Turns raw log files into events, one JSON document a line on stdout. The last line on stderr counts them:\n" +
        '{"records":…,"events":…,"deadLetters":…}. A record that breaks the contract is a dead letter and the rest goes on.',
    )
    .argument("[files...]", "log files, gzip or not; - is stdin")
    .option("--feed <feed>", feedHelp)
    .option("--explain", "show each record turning into an event, field by field; of a few lines, without --feed too")
    .option("--line <text>", "read this text instead of files")
    .option("--rules <file>", "checks of every event (JSON): what they reject is a dead letter")
    .option("--dead-letters <out.ndjson>", "write the dead letters there, with file, offset, code, reason and raw bytes")
    .option("--zone <zone>", "zone of times that name none: an IANA name or an offset; default UTC")
    .option(
      "--reference-time <time>",
      "when the files were written: times without a year are of the year before it; default: the file's own time",
    )
    .addHelpText(
      "after",
      "\nExample:\n  soclab parse --feed zeek conn.log.gz --dead-letters dead.ndjson | head -1\n  soclab parse --explain --line '<34>Oct 11 22:14:15 gate sshd[5]: Failed password for root'\n",
    )
    .action(async (files: string[], options: Options, command: Command) => {
      const out = terminal(command);
      const times = deviceTimes(options);
      const rules = options.rules === undefined ? undefined : await readRules(options.rules);
      if ((files.length === 0) === (options.line === undefined)) throw new SoclabError("SOCLAB_USAGE", "expected either files or --line");
      if (options.explain) return explain(out, await recordsOf(files, options.line), options.feed, { ...times, rules });
      if (options.feed === undefined)
        throw new SoclabError("SOCLAB_USAGE", "--feed is missing", { hint: "See the feeds with: soclab feeds" });
      const feed = await feedOption(options.feed);
      if (options.line !== undefined) return showLine(out, feed, options.line, { ...times, rules });
      const letters: FileHandle | undefined = options.deadLetters ? await open(options.deadLetters, "w") : undefined;
      const totals = { records: 0, events: 0, deadLetters: 0 };
      try {
        for (const file of files) {
          const size = file === "-" ? undefined : (await stat(file).catch(() => undefined))?.size;
          for await (const part of parseSource(feed, file, { ...times, signal, rules })) {
            for (const batch of part.batches) {
              for (let row = 0; row < batch.length; row++) out.line(JSON.stringify(eventToJson(batch, row)));
              totals.events += batch.length;
            }
            totals.records += part.records;
            totals.deadLetters += part.deadLetters.length;
            if (letters && part.deadLetters.length > 0) {
              await letters.write(part.deadLetters.map((letter) => `${JSON.stringify(deadLetterToJson(letter))}\n`).join(""));
            }
            await out.drained();
            out.progress({ step: `parse ${file}`, done: part.bytesRead, total: size, unit: "bytes" });
          }
        }
      } finally {
        await letters?.close();
      }
      out.progressDone();
      await out.drained();
      process.stderr.write(`${JSON.stringify(totals)}\n`);
    });
}

/** So much of a file is enough to show how its records are read. */
const explainedBytes = 256 * 1024;

async function recordsOf(files: readonly string[], line: string | undefined): Promise<Uint8Array> {
  if (line !== undefined) return Buffer.from(line);
  const pieces: Uint8Array[] = [];
  for (const file of files) {
    let taken = 0;
    for await (const chunk of readSource(file)) {
      if ("fault" in chunk || taken >= explainedBytes) break;
      const piece = chunk.bytes.subarray(0, explainedBytes - taken);
      pieces.push(Buffer.from(piece));
      taken += piece.length;
    }
  }
  return Buffer.concat(pieces);
}

async function showLine(out: Terminal, feed: FeedFormat, line: string, options: ReadingOptions): Promise<void> {
  const parser = createParser(feed, { source: "-", ...options });
  const outputs = [parser.push(Buffer.from(line)), parser.end()];
  for (const { batches, deadLetters } of outputs) {
    for (const batch of batches) for (let row = 0; row < batch.length; row++) out.line(JSON.stringify(eventToJson(batch, row)));
    for (const letter of deadLetters) out.say(`${letter.code}: ${letter.reason}`);
  }
  await out.drained();
}
