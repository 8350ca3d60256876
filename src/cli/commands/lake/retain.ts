import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { didYouMean, SoclabError } from "../../../core/index.ts";
import {
  applyRetention,
  expiredFiles,
  namedDuration,
  openLake,
  openLakeWriter,
  type RetentionPolicy,
  retentionPolicyOf,
} from "../../../lake/index.ts";
import type { Context } from "../../context.ts";
import { bytesText, count } from "../../terminal.ts";
import { instantOption } from "../../time-option.ts";
import { wholeOption } from "../../whole-option.ts";

interface Options {
  readonly lake: string;
  readonly policy?: string;
  readonly table?: string[];
  readonly days?: number;
  readonly now?: Date;
  readonly grace?: string;
  readonly dryRun?: boolean;
}

export function retainCommand(group: Command, { terminal, signal }: Context): void {
  group
    .command("retain")
    .description(
      "takes out of the lake what is older than each table is kept: whole days, in one commit. Hashes of what went stay in the log. Days that a hold names stay.",
    )
    .requiredOption("--lake <dir>", "the lake")
    .option("--policy <file>", 'JSON: {"default": {"days": 365}, "tables": {"conn": {"days": 30}}, "holds": [{"from", "to", "reason"}]}')
    .option("--table <name...>", "with --days: the tables")
    .option("--days <n>", "with --table: days to keep", wholeOption)
    .option("--now <time>", "count back from this time instead of today's", instantOption)
    .option("--grace <duration>", "leave the files on the disk so long, for queries that are at work; default 10m, 0s deletes them at once")
    .option("--dry-run", "say what would go, and do nothing")
    .addHelpText(
      "after",
      "\nExample:\n  soclab lake retain --lake lake --policy retention.json --dry-run\n  soclab lake retain --lake lake --table conn dns --days 30\n",
    )
    .action(async (options: Options, command: Command) => {
      const out = terminal(command);
      const policy = await policyOf(options);
      const keepRemovedMs = graceMs(options.grace);
      const { now } = options;
      await using lake = openLake(options.lake);
      const known = lake.tables();
      for (const name of Object.keys(policy.tables)) {
        if (!known.includes(name)) out.say(`the lake has no table "${name}". ${didYouMean(name, known) ?? ""}`.trimEnd());
      }
      const all = known.flatMap((name) => lake.files(name));
      const expired = options.dryRun ? expiredFiles(all, policy, { now }) : await retained();
      if (out.json) {
        const tables = expired.map(({ files, ...rest }) => ({ ...rest, files: files.length }));
        out.line(JSON.stringify({ dryRun: options.dryRun === true, tables }));
      } else {
        for (const { table, before, files, rows, bytes, held } of expired) {
          const verb = options.dryRun ? "would go" : "gone";
          out.line(`${table}: ${count(rows)} events of before ${before} ${verb}, ${count(files.length)} files, ${bytesText(bytes)}`);
          for (const { path, reason } of held) out.line(`  held: ${path} (${reason})`);
        }
        if (expired.length === 0) out.line("nothing is older than it is kept");
      }
      await out.drained();

      async function retained() {
        await using writer = await openLakeWriter(options.lake, { keepRemovedMs });
        return await applyRetention(writer, policy, { now, signal });
      }
    });
}

async function policyOf({ policy, table, days }: Options): Promise<RetentionPolicy> {
  if (policy !== undefined && table === undefined && days === undefined) return retentionPolicyOf(await readJson(policy), policy);
  if (policy === undefined && table !== undefined && days !== undefined) {
    return retentionPolicyOf({ tables: Object.fromEntries(table.map((name) => [name, { days }])) }, "--days");
  }
  throw new SoclabError("SOCLAB_USAGE", "expected either --policy or both --table and --days");
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new SoclabError(cause.code === "ENOENT" ? "SOCLAB_NOT_FOUND" : "SOCLAB_IO", `${path} cannot be read: ${cause.message}`, {
      cause,
    });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SoclabError("SOCLAB_INVALID_FILE", `${path} is no JSON: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

function graceMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const micros = namedDuration(text);
  if (micros !== undefined) return micros / 1000;
  throw new SoclabError("SOCLAB_INVALID_VALUE", `"${text}" is no duration, expected for example 0s, 10m or 2h`);
}
