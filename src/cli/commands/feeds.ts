import type { Command } from "commander";
import { columnsOf, feedColumns, standardColumns } from "../../event/index.ts";
import { feedDefinitionSchema, feedOf, feeds } from "../../ingest/index.ts";
import type { Context } from "../context.ts";
import { textTable } from "../text-table.ts";

export function feedsCommand(program: Command, { terminal }: Context): void {
  program
    .command("feeds")
    .summary("the kinds of sources that soclab reads, and their columns")
    .description(
      "Lists the feeds that --feed names; with one of them, the columns of its table. A feed of your own is declared by a JSON file, see docs/ingest.md.",
    )
    .argument("[table]", "a feed or a table, as conn of zeek")
    .option("--schema", "the JSON Schema of a feed's definition, for an editor")
    .addHelpText("after", "\nExample:\n  soclab feeds\n  soclab feeds conn\n  soclab feeds --schema > feed.schema.json\n")
    .action(async (name: string | undefined, options: { schema?: boolean }, command: Command) => {
      const out = terminal(command);
      if (options.schema) out.line(JSON.stringify(feedDefinitionSchema(), null, out.json ? undefined : 2));
      else if (name === undefined) {
        if (out.json) for (const { name: feed, summary } of feeds) out.line(JSON.stringify({ feed, summary }));
        else for (const feed of feeds) out.line(`${feed.name.padEnd(12)}${feed.summary}`);
      } else {
        if (!Object.hasOwn(feedColumns, name)) feedOf(name);
        const columns = Object.entries(columnsOf(name)).map(([column, type]) => ({
          column,
          type,
          standard: Object.hasOwn(standardColumns, column),
        }));
        if (out.json) for (const each of columns) out.line(JSON.stringify(each));
        else {
          const rows = columns.map(({ column, type, standard }) => [column, type, standard ? "every table" : ""]);
          for (const line of textTable(["column", "type", "in"], rows)) out.line(line);
        }
      }
      await out.drained();
    });
}
