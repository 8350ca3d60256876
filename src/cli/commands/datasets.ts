import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { datasetsDir, SoclabError } from "../../core/index.ts";
import type { Context } from "../context.ts";
import { shippedFiles } from "../datasets-manifest.ts";
import { count } from "../terminal.ts";
import { textTable } from "../text-table.ts";

export function datasetsCommand(program: Command, { terminal }: Context): void {
  program
    .command("datasets")
    .summary("list the data that soclab ships, with sources and licences")
    .description(
      "Lists the shipped sample: real data with its source, licence, hash and record count. --verify reads every file and checks its hash.",
    )
    .option("--verify", "check the SHA-256 of every file")
    .addHelpText("after", "\nExample:\n  soclab datasets --verify\n")
    .action(async (options: { verify?: boolean }, command: Command) => {
      const out = terminal(command);
      const files = await shippedFiles();
      const damaged: string[] = [];
      for (const file of options.verify ? files : []) {
        const bytes = await readFile(join(datasetsDir(), file.path)).catch(() => Buffer.alloc(0));
        if (createHash("sha256").update(bytes).digest("hex") !== file.sha256) damaged.push(file.path);
      }
      if (out.json) for (const file of files) out.line(JSON.stringify({ ...file, path: join(datasetsDir(), file.path) }));
      else {
        for (const line of textTable(
          ["file", "records", "bytes", "licence", "source"],
          files.map(({ path, records, bytes, licence, source }) => [path, records, bytes, licence, source]),
        ))
          out.line(line);
        out.say(`${files.length} files, ${count(files.reduce((sum, { bytes }) => sum + bytes, 0))} bytes in ${datasetsDir()}`);
        if (options.verify && damaged.length === 0) out.say("every file is as it was shipped");
      }
      await out.drained();
      if (damaged.length > 0) throw new SoclabError("SOCLAB_INVALID_FILE", `not as shipped: ${damaged.join(", ")}`);
    });
}
