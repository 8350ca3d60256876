import type { Command } from "commander";
import { didYouMean, SoclabError } from "../../../core/index.ts";
import { compactionPlan, compactLake, openLake, openLakeWriter, SearchIndexer } from "../../../lake/index.ts";
import type { Context } from "../../context.ts";
import { bytesText, count } from "../../terminal.ts";
import { wholeOption } from "../../whole-option.ts";

interface Options {
  readonly lake: string;
  readonly table?: string[];
  readonly rowsPerFile?: number;
  readonly index: boolean;
  readonly dryRun?: boolean;
}

export function compactCommand(group: Command, { terminal, signal }: Context): void {
  group
    .command("compact")
    .description(
      "makes one large file out of the many small ones of each table and day; queries go on meanwhile, records and ids stay as they are",
    )
    .requiredOption("--lake <dir>", "the lake")
    .option("--table <name...>", "only these tables")
    .option("--rows-per-file <n>", "at most so many rows in a file; default 4,000,000", wholeOption)
    .option("--no-index", "make no search indexes for the new files")
    .option("--dry-run", "say what would be merged, and do nothing")
    .addHelpText("after", "\nExample:\n  soclab lake compact --lake lake --dry-run\n  soclab lake compact --lake lake --table conn\n")
    .action(async (options: Options, command: Command) => {
      const out = terminal(command);
      const { table: tables, rowsPerFile } = options;
      if (rowsPerFile === 0) throw new SoclabError("SOCLAB_INVALID_VALUE", "--rows-per-file must be at least 1");
      if (options.dryRun) {
        await using lake = openLake(options.lake);
        checkTables(tables, lake.tables());
        const plan = compactionPlan(
          lake.tables().flatMap((name) => lake.files(name)),
          { tables, rowsPerFile },
        );
        const files = plan.flat();
        const rows = files.reduce((sum, file) => sum + file.rows, 0);
        if (out.json) out.line(JSON.stringify({ dryRun: true, files: files.length, into: plan.length, rows }));
        else out.line(`${count(files.length)} files with ${count(rows)} rows would become ${count(plan.length)}`);
        return out.drained();
      }
      {
        await using lake = openLake(options.lake);
        checkTables(tables, lake.tables());
      }
      await using indexer = options.index ? new SearchIndexer() : undefined;
      await using writer = await openLakeWriter(options.lake, { buildSearch: indexer?.build });
      const counts = await compactLake(writer, { tables, rowsPerFile, signal, onProgress: out.progress });
      out.progressDone();
      const { filesBefore, filesAfter, rows, bytesBefore, bytesAfter } = counts;
      if (out.json) out.line(JSON.stringify(counts));
      else {
        const sizes = `${bytesText(bytesBefore)} → ${bytesText(bytesAfter)}`;
        out.line(`${count(filesBefore)} files became ${count(filesAfter)}: ${count(rows)} rows, ${sizes}`);
      }
      await out.drained();
    });
}

function checkTables(tables: readonly string[] | undefined, known: readonly string[]): void {
  const unknown = tables?.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new SoclabError("SOCLAB_UNKNOWN_TABLE", `the lake has no table "${unknown}". ${didYouMean(unknown, known) ?? ""}`.trimEnd(), {
    hint: `Its tables are ${known.join(", ")}.`,
  });
}
