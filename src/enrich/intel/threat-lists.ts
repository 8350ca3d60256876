import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { SoclabError } from "../../core/index.ts";
import { type AddressPrefix, parseAddress, parsePrefix } from "../address.ts";
import { lineError, linesOf, quoted, readText } from "../text-file.ts";
import { normaliseDomain } from "./domain-table.ts";
import type { ThreatHit } from "./threat-hits.ts";
import type { ThreatIndicator, ThreatIntelBuilder } from "./threat-intel.ts";

export const threatFormats = ["plain", "ipsum", "maltrail"] as const;
export type ThreatFormat = (typeof threatFormats)[number];

export interface ThreatListSource {
  /** The list's name on events: letters, digits, `-`, `_`, `.`. */
  readonly name: string;
  readonly format: ThreatFormat;
  /** A file, gzip or not; for maltrail also a folder of files. */
  readonly path: string;
  /** Confidence of every indicator of a plain list, 0–1; 0.8 where it is not given. */
  readonly confidence?: number | undefined;
  /** When the list was made, epoch microseconds, where the file itself does not tell. */
  readonly knownAt?: number | undefined;
}

/** What came out of one list. */
export interface ThreatListSummary {
  readonly name: string;
  readonly addresses: number;
  readonly domains: number;
  /** Trails that are neither address nor domain: URL paths, patterns. */
  readonly setAside: number;
}

export const defaultListConfidence = 0.8;

/** An IPsum address on n blocklists: each is taken to be wrong half of the time, so `1 − 0.5^n`; 3 lists give 0.875. */
export function ipsumConfidence(listCount: number): number {
  return 1 - 0.5 ** listCount;
}

/** Maltrail's static trails by folder; an address with a port counts less, for the port is not compared. */
export const maltrailConfidence: Readonly<Record<string, number>> = { malware: 0.9, malicious: 0.8, suspicious: 0.5 };
const portPenalty = 0.2;

/**
 * Reads one list into the builder.
 * @throws SOCLAB_NOT_FOUND, SOCLAB_INVALID_FILE with file, line and value
 */
export async function readThreatList(source: ThreatListSource, builder: ThreatIntelBuilder): Promise<ThreatListSummary> {
  const counts = { addresses: 0, domains: 0, setAside: 0 };
  const add = (indicator: ThreatIndicator | null, hit: ThreatHit) => {
    if (indicator === null) counts.setAside++;
    else {
      builder.add(indicator, hit);
      if (indicator.kind === "address") counts.addresses++;
      else counts.domains++;
    }
  };
  if (source.format === "plain") await readPlain(source, add);
  else if (source.format === "ipsum") await readIpsum(source, add);
  else await readMaltrail(source, add);
  return { name: source.name, ...counts };
}

type Add = (indicator: ThreatIndicator | null, hit: ThreatHit) => void;

async function readPlain(source: ThreatListSource, add: Add): Promise<void> {
  const hit: ThreatHit = {
    list: source.name,
    feed: source.name,
    confidence: source.confidence ?? defaultListConfidence,
    knownAt: source.knownAt ?? null,
  };
  for (const [line, number] of linesOf(await readText(source.path))) {
    const value = withoutComment(line);
    if (value === "") continue;
    const indicator = indicatorOf(value);
    if (indicator === null)
      throw lineError(
        source.path,
        number,
        `${quoted(value)} is no indicator, expected an address, a network like 192.0.2.0/24 or a domain`,
      );
    add(indicator, hit);
  }
}

async function readIpsum(source: ThreatListSource, add: Add): Promise<void> {
  const hits: ThreatHit[] = [];
  let knownAt = source.knownAt ?? null;
  for (const [line, number] of linesOf(await readText(source.path))) {
    if (line.startsWith("#")) {
      const updated = /^# Last update: (.+)$/.exec(line)?.[1];
      if (updated !== undefined && !Number.isNaN(Date.parse(updated))) knownAt = Date.parse(updated) * 1000;
      continue;
    }
    if (line.trim() === "") continue;
    const tab = line.indexOf("\t");
    const address = parseAddress(tab < 0 ? line : line.slice(0, tab));
    const digits = line.slice(tab + 1).trim();
    if (tab < 0 || address === null || !/^[1-9]\d{0,3}$/.test(digits))
      throw lineError(source.path, number, `${quoted(line)} is no IPsum entry, expected an address, a tab and a number of lists`);
    const listCount = Number(digits);
    hits[listCount] ??= { list: source.name, feed: source.name, confidence: ipsumConfidence(listCount), knownAt };
    add({ kind: "address", prefix: { ...address, length: address.family === 4 ? 32 : 128 } }, hits[listCount]);
  }
}

async function readMaltrail(source: ThreatListSource, add: Add): Promise<void> {
  for (const { path, group, family } of await maltrailFiles(source.path)) {
    let hits = maltrailHits(source, group, family);
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
        hits = maltrailHits(source, section[1]!, section[2]!);
        continue;
      }
      const value = withoutComment(line);
      if (value === "") continue;
      const port = /^(?:https?:\/\/)?([\d.]+|\[[\da-f:]+\])(:\d{1,5})?$/i.exec(value);
      const address = port === null ? null : parseAddress(port[1]!.replace(/^\[|\]$/g, ""));
      if (port !== null && address !== null)
        add({ kind: "address", prefix: prefixOf(address) }, port[2] === undefined ? hits.whole : hits.onePort);
      else add(indicatorOf(value), hits.whole);
    }
  }
}

function maltrailHits(source: ThreatListSource, group: string, family: string): { whole: ThreatHit; onePort: ThreatHit } {
  const confidence = maltrailConfidence[group] ?? defaultListConfidence;
  const whole = { list: `${source.name}:${family}`, feed: source.name, confidence, knownAt: source.knownAt ?? null };
  return { whole, onePort: { ...whole, confidence: Math.round((confidence - portPenalty) * 100) / 100 } };
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

function indicatorOf(value: string): ThreatIndicator | null {
  const prefix = parsePrefix(value);
  if (prefix !== null) return { kind: "address", prefix };
  const name = normaliseDomain(value);
  return name === null ? null : { kind: "domain", name };
}

function prefixOf(address: { family: 4 | 6; words: readonly number[] }): AddressPrefix {
  return { family: address.family, words: address.words, length: address.family === 4 ? 32 : 128 };
}
