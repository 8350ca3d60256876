import type { Command } from "commander";
import { openLake, rawRecordOf } from "../../../lake/index.ts";
import type { Context } from "../../context.ts";
import { visibleText } from "../../visible-text.ts";

export function rawCommand(group: Command, { terminal, signal }: Context): void {
  group
    .command("raw")
    .description("the raw record of an event, byte for byte and nothing else; where it is from with --about or --json")
    .argument("<event-id>", "32 hexadecimal digits")
    .requiredOption("--lake <dir>", "the lake")
    .option("--about", "the source, the place in it, the hashes, and the record with control characters made visible")
    .addHelpText("after", "\nExample:\n  soclab lake raw --lake lake 92efb80249d7916100000000000ef576 | sha256sum\n")
    .action(async (id: string, options: { lake: string; about?: boolean }, command: Command) => {
      const out = terminal(command);
      await using lake = openLake(options.lake);
      const record = await rawRecordOf(lake, id, signal);
      const { eventId: event_id, raw, file, ...place } = record;
      if (out.json)
        out.line(JSON.stringify({ event_id, ...place, bytes: raw.length, raw_base64: Buffer.from(raw).toString("base64"), file }));
      else if (!options.about) process.stdout.write(raw);
      else {
        const lines = {
          event: event_id,
          source: record.source,
          offset: record.offset,
          bytes: raw.length,
          sha256: record.sha256,
          file: file.path,
          "file sha256": file.sha256 ?? "not known: written by an older soclab",
          commit: file.commit,
          raw: Buffer.from(raw).toString(),
        };
        for (const [name, value] of Object.entries(lines)) out.line(`${name.padEnd(12)}${visibleText(String(value))}`);
      }
      await out.drained();
    });
}
