import type { Command } from "commander";
import { openAlertIndex, verdictLabels } from "../../alerts/index.ts";
import { type LabelAssertion, readLabelFile } from "../../enrich/index.ts";
import { type AddedLabels, addLabels, assertionsKnownBefore, countWhere, openLake, openLakeWriter } from "../../lake/index.ts";
import type { Context } from "../context.ts";
import { count, type Terminal } from "../terminal.ts";
import { textTable } from "../text-table.ts";
import { instantOption } from "../time-option.ts";
import { visibleText } from "../visible-text.ts";
import { numberOption, wholeOption } from "../whole-option.ts";

interface AddOptions {
  readonly lake: string;
  readonly source?: string;
  readonly knownAt?: Date;
  readonly confidence?: number;
  readonly table?: string;
}

interface TagOptions {
  readonly lake: string;
  readonly table: string;
  readonly where: string;
  readonly entity?: string;
  readonly from?: Date;
  readonly until?: Date;
  readonly by: string;
  readonly note?: string;
  readonly knownAt?: Date;
}

export function labelsCommand(program: Command, { terminal, signal }: Context): void {
  const labels = program
    .command("labels")
    .summary("say what events are: label files, verdicts, tags")
    .description(
      "Labels and tags beside the events, each with its source, confidence and the time when it became known.\n" +
        "labelsKnownBefore in a notebook gives a table with those that were known before a time: what a model may learn from.",
    )
    .addHelpText("after", '\nExample:\n  soclab labels tag beaconing --lake lake --table conn --where "duration > 3600" --by ada\n');

  labels
    .command("add")
    .description(
      "store a label file: CSV with a header, or NDJSON, a line an assertion.\nWhat a line is about: event_id, or src and dst with from and until, or column and value, or table and where.",
    )
    .argument("<file>", "CSV or NDJSON, gzip or not")
    .requiredOption("--lake <dir>", "the lake")
    .option("--source <name>", "who says so, where the file does not: default label-file:NAME")
    .option("--known-at <time>", "when the labels became known, where the file does not say", instantOption)
    .option("--confidence <0-1>", "where the file does not say; default 1", numberOption)
    .option("--table <name>", "the table they speak of; default: every table")
    .addHelpText("after", "\nExample:\n  soclab labels add exercise.csv --lake lake --known-at 2022-07-01T00:00:00Z\n")
    .action(async (file: string, { lake, knownAt, ...given }: AddOptions, command: Command) => {
      const assertions = await readLabelFile(file, { ...given, knownAt: knownAt?.toISOString() });
      await store(lake, assertions, { name: file }, terminal(command));
    });

  labels
    .command("verdicts")
    .description("store what analysts decided in an alert index: true-positive is malicious, false-positive and benign are benign")
    .requiredOption("--lake <dir>", "the lake")
    .requiredOption("--index <dir>", "the alert index")
    .addHelpText("after", "\nExample:\n  soclab labels verdicts --lake lake --index alerts\n")
    .action(async (options: { lake: string; index: string }, command: Command) => {
      await using index = openAlertIndex(options.index, { readOnly: true });
      await store(options.lake, await verdictLabels(index), { name: options.index, each: true }, terminal(command));
    });

  labels
    .command("tag")
    .description("name a behaviour: what a condition finds, of one entity and over some time, has the tag from now on")
    .argument("<tag>", "its name")
    .requiredOption("--lake <dir>", "the lake")
    .requiredOption("--table <name>", "the table")
    .requiredOption("--where <sql>", "a condition over the table's columns")
    .requiredOption("--by <name>", "the analyst")
    .option("--entity <address>", "only events from or to it")
    .option("--from <time>", "only events from this time on", instantOption)
    .option("--until <time>", "only events before this time", instantOption)
    .option("--known-at <time>", "when it became known; default: now", instantOption)
    .option("--note <text>", "why")
    .addHelpText(
      "after",
      '\nExample:\n  soclab labels tag exfiltration --lake lake --table conn --where "orig_bytes > 100000000" --entity 10.0.0.7 --by ada\n',
    )
    .action(async (tag: string, options: TagOptions, command: Command) => {
      const out = terminal(command);
      const { table, where, entity, from, until, by, note } = options;
      await using lake = openLake(options.lake);
      const found = await countWhere(lake, table, where, signal);
      const assertion: LabelAssertion = {
        about: "query",
        table,
        where,
        tag,
        source: `tag:${by}`,
        known_at: (options.knownAt ?? new Date()).toISOString(),
        ...(entity === undefined ? {} : { column: "address", value: entity }),
        ...(from === undefined ? {} : { from: from.toISOString() }),
        ...(until === undefined ? {} : { until: until.toISOString() }),
        ...(note === undefined ? {} : { note }),
      };
      out.say(`the condition finds ${count(found)} events of ${table} now, before entity and time are looked at`);
      await store(options.lake, [assertion], { name: `tag:${by}`, each: true }, out);
    });

  labels
    .command("list")
    .description("what is said of the events of a table, a row each, contradictions too")
    .requiredOption("--lake <dir>", "the lake")
    .requiredOption("--table <name>", "the table")
    .option("--known-before <time>", "only what was known before this time", instantOption)
    .option("--limit <n>", "how many", wholeOption, 20)
    .addHelpText("after", "\nExample:\n  soclab labels list --lake lake --table conn --known-before 2022-06-14T00:00:00Z\n")
    .action(async (options: { lake: string; table: string; knownBefore?: Date; limit: number }, command: Command) => {
      const out = terminal(command);
      await using lake = openLake(options.lake);
      const said = await assertionsKnownBefore(lake, options.table, options.knownBefore ?? null, { signal });
      const rows = await said.orderBy("-known_at", "event_id", "source").limit(options.limit).rows({ signal });
      const texts = rows.map(({ event_id, label, tag, source, confidence, known_at }) => [
        event_id ?? "",
        label ?? "",
        tag ?? "",
        source ?? "",
        confidence === null ? "" : String(confidence),
        known_at?.toISOString() ?? "",
      ]);
      if (out.json) for (const row of rows) out.line(JSON.stringify(row));
      else for (const line of textTable(["event", "label", "tag", "source", "confidence", "known at"], texts)) out.line(visibleText(line));
      await out.drained();
    });
}

async function store(
  directory: string,
  assertions: readonly LabelAssertion[],
  how: { name: string; each?: boolean },
  out: Terminal,
): Promise<void> {
  let added: AddedLabels;
  {
    await using writer = await openLakeWriter(directory);
    added = await addLabels(writer, assertions, how);
  }
  if (out.json) out.line(JSON.stringify(added));
  else out.line(`${count(added.labels)} labels stored, ${count(added.duplicates)} there already`);
  await out.drained();
}
