import { basename } from "node:path";
import type { Command } from "commander";
import { didYouMean, SoclabError } from "../../core/index.ts";
import {
  asOfModes,
  type EnrichmentConfig,
  kindOfValue,
  loadThreatIntel,
  readEnrichmentConfig,
  shippedEnrichment,
  type ThreatFormat,
  threatFormats,
} from "../../enrich/index.ts";
import type { Context } from "../context.ts";
import { bytesText, count } from "../terminal.ts";
import { textTable } from "../text-table.ts";
import { instantOption } from "../time-option.ts";

interface Sources {
  readonly config?: string;
  readonly format?: string;
  readonly warningLists?: string[];
}

export function intelCommand(program: Command, { terminal }: Context): void {
  const group = program
    .command("intel")
    .summary("look at threat lists before events do: what they hold, what they say of a value")
    .description(
      "Reads threat lists as an ingest would, and says what came of it: indicators by kind, what was set aside and why, what warning lists speak against.",
    )
    .addHelpText(
      "after",
      "\nExample:\n  soclab intel check --format stix bundle.json\n  soclab intel match --config sources.json 203.0.113.9 evil.example\n\nBoth take --json.\n",
    );

  group
    .command("check")
    .description("reads lists and says what they hold; a line that is none ends it, naming the line")
    .argument("[files...]", "lists of one --format; default: those of --config, or those that soclab ships")
    .option("--config <file>", "enrichment sources (JSON)")
    .option("--format <format>", `of the files: ${threatFormats.join(", ")}`)
    .option("--warning-lists <path...>", "MISP warning lists to hold against them: files and folders")
    .addHelpText("after", "\nExample:\n  soclab intel check --format csv urlhaus.csv --warning-lists misp-warninglists/lists\n")
    .action(async (files: string[], options: Sources, command: Command) => {
      const out = terminal(command);
      const { intel, lists } = await loaded(files, options);
      if (out.json) {
        const shown = lists.map(({ setAside, warned, ...rest }) => ({
          ...rest,
          setAside: Object.fromEntries(setAside),
          warned: Object.fromEntries(warned),
        }));
        out.line(JSON.stringify({ values: intel.counts, bytes: intel.byteLength, lists: shown }));
        return out.drained();
      }
      const rows = lists.map(({ name, taken, setAside }) => [name, taken.address, taken.domain, taken.url, taken.hash, sum(setAside)]);
      for (const line of textTable(["list", "addresses", "domains", "URLs", "hashes", "set aside"], rows)) out.line(line);
      for (const { name, setAside, warned } of lists) {
        for (const [reason, number] of setAside) out.line(`${name}: ${count(number)} set aside: ${reason}`);
        for (const [list, number] of warned) out.line(`${name}: ${count(number)} on the warning list "${list}"`);
      }
      const values = Object.values(intel.counts).reduce((total, number) => total + number, 0);
      out.say(`${count(values)} different values in ${bytesText(intel.byteLength)}`);
      await out.drained();
    });

  group
    .command("match")
    .description("what the lists say of values: addresses, names of hosts, URLs, hashes of files")
    .argument("<values...>", "what to look up")
    .option("--config <file>", "enrichment sources (JSON); default: those that soclab ships")
    .option("--at <time>", "what counted for an event of this time; default: what is said at any time", instantOption)
    .option("--as-of <mode>", `with --at: ${asOfModes.join(", ")}; default: as the configuration says, or valid`)
    .addHelpText("after", "\nExample:\n  soclab intel match 203.0.113.9 --at 2026-06-01\n")
    .action(async (values: string[], options: Sources & { at?: Date; asOf?: string }, command: Command) => {
      const out = terminal(command);
      const config = await configOf([], options);
      const asOf = options.asOf === undefined ? config.asOf : asOfModes.find((mode) => mode === options.asOf);
      if (options.asOf !== undefined && asOf === undefined)
        throw new SoclabError("SOCLAB_INVALID_VALUE", `--as-of is ${options.asOf}, expected one of ${asOfModes.join(", ")}`);
      const { intel } = await threatIntelOf(config);
      const at = options.at === undefined ? null : options.at.getTime() * 1000;
      const rows = values.map((value) => {
        const kind = kindOfValue(value);
        return { value, kind, hit: kind === null ? null : intel.lookup(kind, value, { at, asOf }) };
      });
      for (const { value, kind, hit } of rows) {
        const { lists = [], confidence = null } = hit ?? {};
        if (out.json) out.line(JSON.stringify({ value, kind, lists, confidence }));
      }
      if (!out.json) {
        const shown = rows.map(({ value, kind, hit }) => [
          value,
          kind ?? "no indicator",
          hit ? hit.lists.join(", ") : "",
          hit?.confidence ?? null,
        ]);
        for (const line of textTable(["value", "kind", "lists", "confidence"], shown)) out.line(line);
      }
      await out.drained();
    });
}

async function configOf(files: readonly string[], { config, format, warningLists }: Sources): Promise<EnrichmentConfig> {
  if (files.length > 0 && config !== undefined) throw new SoclabError("SOCLAB_USAGE", "expected either files or --config");
  if (files.length === 0 && format !== undefined)
    throw new SoclabError("SOCLAB_USAGE", "--format says what files hold, and there are none");
  const base: EnrichmentConfig =
    files.length > 0
      ? { threatIntel: files.map((path) => ({ name: nameOf(path), format: formatOf(format), path })) }
      : config === undefined
        ? { threatIntel: shippedEnrichment().threatIntel }
        : await readEnrichmentConfig(config);
  return warningLists === undefined ? base : { ...base, warningLists: { paths: warningLists } };
}

async function loaded(files: readonly string[], options: Sources) {
  return threatIntelOf(await configOf(files, options));
}

async function threatIntelOf(config: EnrichmentConfig) {
  const intel = await loadThreatIntel(config);
  if (!intel) throw new SoclabError("SOCLAB_USAGE", 'the configuration names no threat lists: "threatIntel" is missing');
  return intel;
}

function formatOf(format: string | undefined): ThreatFormat {
  const known = threatFormats.find((name) => name === format);
  if (known) return known;
  const near = format === undefined ? undefined : didYouMean(format, threatFormats);
  throw new SoclabError(
    "SOCLAB_USAGE",
    `--format is ${format ?? "missing"}, expected one of ${threatFormats.join(", ")}. ${near ?? ""}`.trimEnd(),
  );
}

function nameOf(path: string): string {
  return basename(path).replace(/[^\w.-]/g, "-");
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, number) => total + number, 0);
}
