import type { Command } from "commander";
import type { JsonValue } from "../../event/index.ts";
import { openLake } from "../../lake/index.ts";
import type { Context } from "../context.ts";
import { rowJson } from "../row-json.ts";
import { textTable } from "../text-table.ts";

interface Options {
  readonly lake: string;
}

const shownRows = 200;

export function sqlCommand(program: Command, { terminal, signal }: Context): void {
  program
    .command("sql")
    .summary("ask a lake in SQL")
    .description(
      "Answers one SELECT over the tables of a lake (DuckDB's SQL). It reads and nothing else; --json gives every row as NDJSON.",
    )
    .argument("<select>", "the query")
    .requiredOption("--lake <dir>", "the lake")
    .addHelpText(
      "after",
      '\nExample:\n  soclab sql --lake lake "SELECT conn_state, count(*) AS n FROM conn GROUP BY ALL ORDER BY n DESC"\n',
    )
    .action(async (text: string, options: Options, command: Command) => {
      const out = terminal(command);
      await using lake = openLake(options.lake);
      const result = lake.sql(text, [], { signal });
      const names = Object.keys(await result.schema());
      const rows: JsonValue[][] = [];
      let rowCount = 0;
      for await (const row of result) {
        rowCount++;
        if (out.json) {
          out.line(JSON.stringify(Object.fromEntries(names.map((name) => [name, rowJson(row[name] ?? null)]))));
          if (rowCount % 1000 === 0) await out.drained();
        } else if (rowCount <= shownRows) rows.push(names.map((name) => rowJson(row[name] ?? null)));
      }
      if (!out.json) {
        for (const line of textTable(names, rows)) out.line(line);
        if (rowCount > shownRows) out.say(`… ${rowCount - shownRows} more rows; --json gives them all`);
      }
      await out.drained();
    });
}
