import type { Command } from "commander";
import { lakeInfo, openLake } from "../../../lake/index.ts";
import type { Context } from "../../context.ts";
import { bytesText, count } from "../../terminal.ts";
import { textTable } from "../../text-table.ts";

export function infoCommand(group: Command, { terminal }: Context): void {
  group
    .command("info")
    .description("what a lake holds: rows, files, days and search indexes of each table; reads the log and no data")
    .requiredOption("--lake <dir>", "the lake")
    .addHelpText("after", "\nExample:\n  soclab lake info --lake lake --json\n")
    .action(async (options: { lake: string }, command: Command) => {
      const out = terminal(command);
      await using lake = openLake(options.lake);
      const info = lakeInfo(lake);
      if (out.json) out.line(JSON.stringify(info));
      else {
        const rows = info.tables.map(({ table, rows, files, bytes, days, columns, from, to, indexedRows }) => {
          const indexed = rows === 0 ? "" : `${Math.floor((100 * indexedRows) / rows)} %`;
          return [table, rows, days, files, bytesText(bytes), columns, from, to, indexed];
        });
        if (rows.length > 0)
          for (const line of textTable(["table", "rows", "days", "files", "size", "columns", "from", "to", "indexed"], rows))
            out.line(line);
        out.say(`${count(info.commits)} commits, head ${info.head || "none"}`);
      }
      await out.drained();
    });

  group
    .command("head")
    .description(
      "the SHA-256 of the last commit, which stands for everything in the lake: noted elsewhere, it lets soclab lake verify --head show later that nothing was rewritten",
    )
    .requiredOption("--lake <dir>", "the lake")
    .addHelpText("after", "\nExample:\n  soclab lake head --lake lake >> /mnt/write-once/heads.txt\n")
    .action(async (options: { lake: string }, command: Command) => {
      const out = terminal(command);
      await using lake = openLake(options.lake);
      const { commit, head } = lake;
      out.line(out.json ? JSON.stringify({ commit, head }) : head);
      await out.drained();
    });
}
