import type { Command } from "commander";
import { SoclabError } from "../../../core/index.ts";
import { type Finding, verifyLake } from "../../../lake/index.ts";
import type { Context } from "../../context.ts";
import { bytesText, count } from "../../terminal.ts";

interface Options {
  readonly lake: string;
  readonly quick?: boolean;
  readonly records?: boolean;
  readonly head?: string;
}

export function verifyCommand(group: Command, { terminal, signal }: Context): void {
  group
    .command("verify")
    .description(
      "checks that every commit and every file has the bytes that were written; exits 1 where something was changed or is missing",
    )
    .requiredOption("--lake <dir>", "the lake")
    .option("--quick", "only the commits, and that each file is there with its size")
    .option("--records", "compare each record with its event's id too")
    .option("--head <sha256>", "a head noted earlier (soclab lake head): the lake must be a continuation of that one")
    .addHelpText("after", "\nExample:\n  soclab lake verify --lake lake --head 3f6c1e0a9d2b\n")
    .action(async (options: Options, command: Command) => {
      const out = terminal(command);
      const { quick: isQuick, records: withRecords, head } = options;
      const report = await verifyLake(options.lake, { isQuick, withRecords, head, signal, onProgress: out.progress });
      out.progressDone();
      const { findings, files, rows, bytes, commits, unhashed } = report;
      if (out.json) out.line(JSON.stringify({ ok: findings.length === 0, ...report }));
      else {
        for (const finding of findings) out.line(findingText(finding));
        const read = isQuick ? "looked at" : "read";
        out.line(
          `${count(commits)} commits, ${count(files)} files with ${count(rows)} rows, ${bytesText(bytes)} ${read}: ${verdict(findings.length)}`,
        );
        if (unhashed > 0) out.say(`${count(unhashed)} files are of an older soclab that noted no SHA-256; --records checks their records`);
        if (report.headCommit !== undefined)
          out.say(`the noted head is that of commit ${report.headCommit}: nothing up to it was rewritten`);
        if (report.head !== "") out.say(`head ${report.head}`);
      }
      await out.drained();
      if (findings.length === 0) return;
      throw new SoclabError("SOCLAB_INVALID_FILE", `the lake ${options.lake} is not as it was written: ${verdict(findings.length)}`, {
        hint: "Restore what is named from a backup; soclab ingest of the same sources brings back events whose files are gone.",
      });
    });
}

function verdict(findings: number): string {
  if (findings === 0) return "all as they were written";
  return findings === 1 ? "1 thing is wrong" : `${count(findings)} things are wrong`;
}

function findingText({ kind, path, message, table, rows, from, to, eventId }: Finding): string {
  const events =
    table === undefined || eventId !== undefined
      ? ""
      : ` (${count(rows ?? 0)} rows of ${table}${from === undefined ? "" : `, ${from} to ${to}`})`;
  return `${kind.padEnd(18)}${path}: ${message}${events}`;
}
