import type { Command } from "commander";
import { type AlertSearch, type IndexedAlert, openAlertIndex, type VerdictValue, verdictValues } from "../../alerts/index.ts";
import { nearestName, SoclabError, systemClock } from "../../core/index.ts";
import type { Context } from "../context.ts";
import { textTable } from "../text-table.ts";
import { visibleText } from "../visible-text.ts";
import { numberOption, wholeOption } from "../whole-option.ts";

interface ListOptions {
  readonly index: string;
  readonly limit: number;
  readonly minRelevance?: number;
  readonly source?: string;
  readonly entity?: string;
}

export function alertsCommand(program: Command, { terminal }: Context): void {
  const alerts = program
    .command("alerts")
    .summary("list, show, search and judge alerts")
    .description("Alerts by relevance, and what analysts decide about them.")
    .addHelpText("after", "\nExample:\n  soclab alerts list --index alerts --limit 10\n");

  const listing = (name: string, summary: string) =>
    alerts
      .command(name)
      .description(summary)
      .requiredOption("--index <dir>", "the alert index")
      .option("--limit <n>", "how many", wholeOption, 20)
      .option("--min-relevance <n>", "only from this relevance on", numberOption)
      .option("--source <name>", "only what this source raised: model, suricata, zeek-notice")
      .option("--entity <name>", "only of this entity");

  listing("list", "alerts by relevance, highest first")
    .addHelpText("after", "\nExample:\n  soclab alerts list --index alerts --min-relevance 95 --source model\n")
    .action((options: ListOptions, command: Command) => list(options, undefined, command));

  listing("search", "alerts whose signature, addresses or entity hold all the words")
    .argument("<words...>", "words; 10.0.* matches a beginning")
    .addHelpText("after", "\nExample:\n  soclab alerts search --index alerts ET DROP 192.168.1.*\n")
    .action((words: string[], options: ListOptions, command: Command) => list(options, words.join(" "), command));

  alerts
    .command("show")
    .description("one alert, whole: why it is relevant, the enriched event, the raw record")
    .argument("<id>", "the alert's id")
    .requiredOption("--index <dir>", "the alert index")
    .addHelpText("after", "\nExample:\n  soclab alerts show --index alerts 92efb80249d79161000000001ef22de3\n")
    .action(async (id: string, options: { index: string }, command: Command) => {
      const out = terminal(command);
      await using index = openAlertIndex(options.index, { readOnly: true });
      const alert = await index.get(id);
      if (!alert)
        throw new SoclabError("SOCLAB_NOT_FOUND", `there is no alert ${id}`, { hint: "soclab alerts list shows ids with --json." });
      if (out.json) out.line(JSON.stringify(alert));
      else for (const line of alertText(alert)) out.line(visibleText(line));
      await out.drained();
    });

  alerts
    .command("verdict")
    .description("what an analyst decides about an alert; kept apart from it, never overwritten")
    .argument("<id>", "the alert's id")
    .argument("<verdict>", verdictValues.join(", "))
    .requiredOption("--index <dir>", "the alert index")
    .requiredOption("--by <name>", "the analyst")
    .option("--comment <text>", "why", "")
    .addHelpText(
      "after",
      '\nExample:\n  soclab alerts verdict --index alerts 92efb80249d79161000000001ef22de3 false-positive --by ada --comment "our own scanner"\n',
    )
    .action(async (id: string, verdict: string, options: { index: string; by: string; comment: string }, command: Command) => {
      const out = terminal(command);
      await using index = openAlertIndex(options.index);
      await index.setVerdict(id, { verdict: verdictOf(verdict), by: options.by, at: systemClock.now(), comment: options.comment });
      if (out.json) out.line(JSON.stringify({ id, verdicts: await index.verdicts(id) }));
      else out.say(`${id}: ${verdict}`);
      await out.drained();
    });

  async function list(options: ListOptions, text: string | undefined, command: Command): Promise<void> {
    const out = terminal(command);
    await using index = openAlertIndex(options.index, { readOnly: true });
    const { limit, minRelevance, source, entity } = options;
    const query: AlertSearch = { text, limit, minRelevance, filters: { source, entity } };
    const { total, alerts: found } = await index.search(query);
    if (out.json) for (const alert of found) out.line(JSON.stringify(alert));
    else {
      for (const line of textTable(["relevance", "time", "signature", "from", "to", "label", "verdict", "id"], found.map(alertRow)))
        out.line(line);
      out.say(`${found.length} of ${total}`);
    }
    await out.drained();
  }
}

function verdictOf(text: string): VerdictValue {
  const known = verdictValues.find((value) => value === text);
  if (known) return known;
  throw new SoclabError("SOCLAB_USAGE", `there is no verdict "${text}"`, {
    hint: `Did you mean ${nearestName(text, verdictValues) ?? verdictValues.join(" or ")}?`,
  });
}

function alertRow(alert: IndexedAlert): (string | number)[] {
  return [
    Math.round(alert.relevance * 10) / 10,
    alert.timestamp === null ? "" : new Date(alert.timestamp).toISOString().slice(0, 19),
    alert.signature,
    endPoint(alert.ip_src_addr, alert.ip_src_port),
    endPoint(alert.ip_dst_addr, alert.ip_dst_port),
    alert.label ?? "",
    alert.verdict?.verdict ?? "",
    alert.id,
  ];
}

function endPoint(address: string | null, port: number | null): string {
  return address === null ? "" : port === null ? address : `${address} ${port}`;
}

function alertText(alert: IndexedAlert): string[] {
  const facts = Object.entries(alert.enrichment).map(
    ([name, value]) => `  ${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return [
    `${alert.signature} — relevance ${alert.relevance.toFixed(1)}`,
    `${alert.timestamp === null ? "no time" : new Date(alert.timestamp).toISOString()}  ${endPoint(alert.ip_src_addr, alert.ip_src_port)} → ${endPoint(alert.ip_dst_addr, alert.ip_dst_port)}  ${alert.protocol ?? ""}`,
    "",
    "Why:",
    ...alert.contributions.map(({ name, points, evidence }) => `  ${points >= 0 ? "+" : ""}${points.toFixed(1)}  ${name}: ${evidence}`),
    ...(alert.features.length > 0
      ? ["", "Features, most unusual first:", ...alert.features.map(({ name, value }) => `  ${name} = ${value ?? "missing"}`)]
      : []),
    ...(facts.length > 0 ? ["", "Known about the addresses:", ...facts] : []),
    ...(alert.label ? ["", `Label: ${alert.label} (${alert.label_source ?? "unknown source"})`] : []),
    ...(alert.verdict ? ["", `Verdict: ${alert.verdict.verdict} by ${alert.verdict.by} ${alert.verdict.comment}`] : []),
    ...(alert.model ? ["", `Model: ${alert.model.name}@${alert.model.version} ${alert.model.artefact_hash.slice(0, 12)}`] : []),
    "",
    "Raw record:",
    `  ${alert.original_string}`,
  ];
}
