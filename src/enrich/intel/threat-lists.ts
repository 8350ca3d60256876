import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { SoclabError } from "../../core/index.ts";
import { parseAddress, parsePrefix } from "../address.ts";
import { readMispList } from "../misp/misp-list.ts";
import type { WarningLists } from "../misp/warning-lists.ts";
import { refangHost, refangUrl } from "../refang.ts";
import { readStixList } from "../stix/stix-list.ts";
import { lineError, linesOf, quoted, readText } from "../text-file.ts";
import { readCsvList } from "./csv-list.ts";
import { normaliseDomain } from "./domain-name.ts";
import type { Indicator, IndicatorKind, IndicatorSink } from "./indicator.ts";
import { defaultListConfidence, type ListReader, type ThreatFormat, type ThreatListSource } from "./list-source.ts";
import type { ThreatIntelBuilder } from "./threat-intel.ts";
import { kindOfValue } from "./value-kind.ts";

/** What came out of one list. */
export interface ThreatListSummary {
  readonly name: string;
  /** Indicators taken, by kind. */
  readonly taken: Readonly<Record<IndicatorKind, number>>;
  /** What was not taken, by reason. */
  readonly setAside: ReadonlyMap<string, number>;
  /** Indicators that warning lists speak against, by list. */
  readonly warned: ReadonlyMap<string, number>;
}

/** An IPsum address on n blocklists: each is taken to be wrong half of the time, so `1 − 0.5^n`; 3 lists give 0.875. */
export function ipsumConfidence(listCount: number): number {
  return 1 - 0.5 ** listCount;
}

/** Maltrail's static trails by folder; an address with a port counts less, for the port is not compared. */
export const maltrailConfidence: Readonly<Record<string, number>> = { malware: 0.9, malicious: 0.8, suspicious: 0.5 };
const portPenalty = 0.2;

const readers: Readonly<Record<ThreatFormat, ListReader>> = {
  plain: readPlain,
  ipsum: readIpsum,
  maltrail: readMaltrail,
  csv: readCsvList,
  stix: readStixList,
  misp: readMispList,
};

/** What becomes of an indicator that a warning list speaks against: it is left out, or it stays and is too weak for a label. */
export const warnedActions = ["drop", "weaken"] as const;
export type WarnedAction = (typeof warnedActions)[number];

export interface Warnings {
  readonly lists: WarningLists;
  /** `"weaken"` where it is not given: lists of whole data centres would drop two fifths of IPsum. */
  readonly action?: WarnedAction | undefined;
}

const weakConfidence = 0.1;

/**
 * Reads one list into the builder.
 * @throws SOCLAB_NOT_FOUND, SOCLAB_INVALID_FILE with file, line and value
 */
export async function readThreatList(
  source: ThreatListSource,
  builder: ThreatIntelBuilder,
  warnings?: Warnings | undefined,
): Promise<ThreatListSummary> {
  const taken = { address: 0, domain: 0, url: 0, hash: 0 };
  const [setAside, warned] = [new Map<string, number>(), new Map<string, number>()];
  const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  const sink: IndicatorSink = {
    add(indicator) {
      const against = warnings?.lists.against(indicator) ?? [];
      for (const name of against) count(warned, name);
      if (against.length > 0 && warnings?.action === "drop") return sink.setAside("on a warning list");
      const kept =
        against.length === 0
          ? indicator
          : {
              ...indicator,
              confidence: Math.min(indicator.confidence, weakConfidence),
              tags: [...(indicator.tags ?? []), ...against.map((name) => `warning-list:${name}`)],
            };
      if (builder.add(kept)) taken[kept.kind]++;
      else sink.setAside(`a value that is no ${kept.kind}`);
    },
    setAside: (reason) => void count(setAside, reason),
  };
  await readers[source.format](source, sink);
  return { name: source.name, taken, setAside, warned };
}

/** What a list says of all its indicators. */
type Statement = Omit<Indicator, "kind" | "value">;

async function readPlain(source: ThreatListSource, sink: IndicatorSink): Promise<void> {
  const statement = statementOf(source);
  for (const [line, number] of linesOf(await readText(source.path))) {
    // A URL may hold a #, a comment stands apart.
    const value = line.replace(/(^|\s)#.*$/, "").trim();
    if (value === "") continue;
    const plain = value.includes("/") ? refangUrl(value) : refangHost(value);
    const kind = kindOfValue(plain);
    if (kind === null)
      throw lineError(
        source.path,
        number,
        `${quoted(value)} is no indicator, expected an address, a network like 192.0.2.0/24, a domain, a URL or a hash`,
      );
    sink.add({ ...statement, kind, value: plain });
  }
}

async function readIpsum(source: ThreatListSource, sink: IndicatorSink): Promise<void> {
  let statement = statementOf(source);
  for (const [line, number] of linesOf(await readText(source.path))) {
    if (line.startsWith("#")) {
      const updated = /^# Last update: (.+)$/.exec(line)?.[1];
      if (updated !== undefined && !Number.isNaN(Date.parse(updated))) statement = { ...statement, knownAt: Date.parse(updated) * 1000 };
      continue;
    }
    if (line.trim() === "") continue;
    const tab = line.indexOf("\t");
    const value = tab < 0 ? line : line.slice(0, tab);
    const digits = line.slice(tab + 1).trim();
    if (tab < 0 || parseAddress(value) === null || !/^[1-9]\d{0,3}$/.test(digits))
      throw lineError(source.path, number, `${quoted(line)} is no IPsum entry, expected an address, a tab and a number of lists`);
    sink.add({ ...statement, kind: "address", value, confidence: ipsumConfidence(Number(digits)) });
  }
}

async function readMaltrail(source: ThreatListSource, sink: IndicatorSink): Promise<void> {
  for (const { path, group, family } of await maltrailFiles(source.path)) {
    let statement = maltrailStatement(source, group, family);
    for (const [line, number] of linesOf(await readText(path))) {
      // An extract holds many files in one: each starts with the path of the original.
      const section = /^#@ (\w+)\/([\w.-]+)\.txt$/.exec(line);
      if (section !== null) {
        if (maltrailConfidence[section[1]!] === undefined)
          throw lineError(
            path,
            number,
            `${quoted(section[1]!)} is no group of trails, expected ${Object.keys(maltrailConfidence).join(", ")}`,
          );
        statement = maltrailStatement(source, section[1]!, section[2]!);
        continue;
      }
      const value = withoutComment(line);
      if (value === "") continue;
      const port = /^(?:https?:\/\/)?([\d.]+|\[[\da-f:]+\])(:\d{1,5})?$/i.exec(value);
      const address = port === null ? "" : port[1]!.replace(/^\[|\]$/g, "");
      if (port !== null && parseAddress(address) !== null) {
        const confidence = port[2] === undefined ? statement.confidence : Math.round((statement.confidence - portPenalty) * 100) / 100;
        sink.add({ ...statement, kind: "address", value: address, confidence });
        continue;
      }
      const kind = kindOf(value);
      if (kind === null) sink.setAside("neither address nor domain");
      else sink.add({ ...statement, kind, value });
    }
  }
}

function statementOf(source: ThreatListSource): Statement {
  const { name, feed = name, confidence = defaultListConfidence, knownAt = null, validFrom, validUntil, tags } = source;
  return { list: name, feed, confidence, knownAt, validFrom, validUntil, tags };
}

function maltrailStatement(source: ThreatListSource, group: string, family: string): Statement {
  const confidence = maltrailConfidence[group] ?? defaultListConfidence;
  return { ...statementOf(source), list: `${source.name}:${family}`, confidence };
}

/** The trail files under a path: the group is the folder, the family the file. */
async function maltrailFiles(path: string): Promise<{ path: string; group: string; family: string }[]> {
  const info = await stat(path).catch(() => null);
  if (info === null) throw new SoclabError("SOCLAB_NOT_FOUND", `there is no file or folder ${path}`);
  if (!info.isDirectory()) return [{ path, group: basename(join(path, "..")), family: familyOf(path) }];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.txt(\.gz)?$/.test(entry.name));
  if (files.length === 0) throw new SoclabError("SOCLAB_INVALID_FILE", `${path} holds no trail files, expected *.txt or *.txt.gz`);
  return files
    .map((entry) => ({ path: join(entry.parentPath, entry.name), group: basename(entry.parentPath), family: familyOf(entry.name) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function familyOf(path: string): string {
  return basename(path).replace(/\.txt(\.gz)?$/, "");
}

function withoutComment(line: string): string {
  const hash = line.indexOf("#");
  return (hash < 0 ? line : line.slice(0, hash)).trim();
}

function kindOf(value: string): IndicatorKind | null {
  if (parsePrefix(value) !== null) return "address";
  return normaliseDomain(value) === null ? null : "domain";
}
