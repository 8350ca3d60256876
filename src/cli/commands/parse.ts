import { type FileHandle, open, stat } from "node:fs/promises";
import type { Command } from "commander";
import { readRules } from "../../enrich/index.ts";
import { deadLetterToJson, eventToJson } from "../../event/index.ts";
import { deviceTimes, parseSource } from "../../ingest/index.ts";
import type { Context } from "../context.ts";
import { feedHelp, feedOption } from "../feed-option.ts";

interface Options {
  readonly feed: string;
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
    .argument("<file...>", "log files, gzip or not; - is stdin")
    .requiredOption("--feed <feed>", feedHelp)
    .option("--rules <file>", "checks of every event (JSON): what they reject is a dead letter")
    .option("--dead-letters <out.ndjson>", "write the dead letters there, with file, offset, code, reason and raw bytes")
    .option("--zone <zone>", "zone of times that name none: an IANA name or an offset; default UTC")
    .option(
      "--reference-time <time>",
      "when the files were written: times without a year are of the year before it; default: the file's own time",
    )
    .addHelpText("after", "\nExample:\n  soclab parse --feed zeek conn.log.gz --dead-letters dead.ndjson | head -1\n")
    .action(async (files: string[], options: Options, command: Command) => {
      const out = terminal(command);
      const feed = await feedOption(options.feed);
      const times = deviceTimes(options);
      const rules = options.rules === undefined ? undefined : await readRules(options.rules);
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
