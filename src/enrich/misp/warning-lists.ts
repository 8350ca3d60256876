import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { SoclabError } from "../../core/index.ts";
import { parsePrefix } from "../address.ts";
import type { Indicator, IndicatorKind } from "../intel/indicator.ts";
import { ThreatIntelBuilder } from "../intel/threat-intel.ts";
import { isObject, type JsonObject, textOf } from "../json-object.ts";
import { LinearRegex } from "../stix/linear-regex.ts";
import { readText } from "../text-file.ts";

export const warningListTypes = ["string", "substring", "hostname", "cidr", "regex"] as const;
export type WarningListType = (typeof warningListTypes)[number];

/** A list of what is well known and not bad, as `misp-warninglists` has it. */
export interface WarningList {
  readonly name: string;
  readonly type: WarningListType;
  /** Kinds of indicators that it is about. */
  readonly kinds: ReadonlySet<IndicatorKind>;
  readonly entries: readonly string[];
}

const kindOfAttribute: ReadonlyMap<string, IndicatorKind> = new Map<string, IndicatorKind>([
  ...["ip-src", "ip-dst", "ip-src|port", "ip-dst|port"].map((name) => [name, "address"] as const),
  ...["domain", "hostname", "hostname|port", "domain|ip"].map((name) => [name, "domain"] as const),
  ...["url", "uri", "link"].map((name) => [name, "url"] as const),
  ...["md5", "sha1", "sha224", "sha256", "sha384", "sha512"].map((name) => [name, "hash"] as const),
]);

/**
 * Reads one list.
 * @throws SOCLAB_INVALID_FILE with the place and what was expected
 */
export function warningListOf(document: unknown, path: string): WarningList {
  if (!isObject(document)) throw wrong(path, "is no warning list, expected an object with name, type and list");
  const name = textOf(document, "name");
  const type = warningListTypes.find((known) => known === (textOf(document, "type") ?? "string"));
  if (name === undefined) throw wrong(path, '"name" is missing, expected a text');
  if (type === undefined) throw wrong(path, `"type" is ${JSON.stringify(document.type)}, expected one of ${warningListTypes.join(", ")}`);
  const entries = document.list;
  if (!Array.isArray(entries) || !entries.every((entry) => typeof entry === "string")) throw wrong(path, '"list" is no list of texts');
  return { name, type, kinds: kindsOf(document), entries };
}

/** Without attributes a list is about everything. */
function kindsOf(document: JsonObject): ReadonlySet<IndicatorKind> {
  const attributes = document.matching_attributes;
  if (!Array.isArray(attributes) || attributes.length === 0) return new Set(["address", "domain", "url", "hash"]);
  const kinds = attributes.map(String).flatMap((name) => [name, ...name.split("|")].map((part) => kindOfAttribute.get(part)));
  return new Set(kinds.filter((kind) => kind !== undefined));
}

/** What one list is looked up in. */
interface Compiled {
  readonly list: WarningList;
  matches(value: string): boolean;
}

/** Well-known values that indicators are compared with: the five match types of MISP. */
export class WarningLists {
  readonly #lists: readonly Compiled[];

  /** @throws SOCLAB_INVALID_FILE for an expression or a network that is none, naming list and entry */
  constructor(lists: readonly WarningList[]) {
    this.#lists = lists.map((list) => ({ list, matches: matcherOf(list) }));
  }

  get size(): number {
    return this.#lists.length;
  }

  /** Names of the lists that hold a value. An address may be a network: it is held where all of it is. */
  match(kind: IndicatorKind, value: string): string[] {
    const found: string[] = [];
    for (const { list, matches } of this.#lists) if (list.kinds.has(kind) && matches(value)) found.push(list.name);
    return found;
  }

  /**
   * The lists that speak against an indicator. A URL with a path is more than its host: that many use a host says nothing against a file on it, so
   * that lists of hosts count only for URLs without a path.
   */
  against({ kind, value }: Pick<Indicator, "kind" | "value">): string[] {
    const found = this.match(kind, value);
    if (kind !== "url" || isBareUrl(value)) return found;
    const ofHosts = new Set(this.#lists.filter(({ list }) => list.type === "hostname").map(({ list }) => list.name));
    return found.filter((name) => !ofHosts.has(name));
  }
}

function matcherOf(list: WarningList): (value: string) => boolean {
  switch (list.type) {
    case "string": {
      const entries = new Set(list.entries.map((entry) => entry.trim().toLowerCase()));
      return (value) => entries.has(value.trim().toLowerCase());
    }
    case "substring": {
      const entries = list.entries.map((entry) => entry.toLowerCase()).filter((entry) => entry !== "");
      return (value) => {
        const text = value.toLowerCase();
        return entries.some((entry) => text.includes(entry));
      };
    }
    case "hostname":
      return hostMatcher(list);
    case "cidr":
      return networkMatcher(list);
    case "regex":
      return regexMatcher(list);
  }
}

/** The host of the value, or a parent of it. */
function hostMatcher({ entries }: WarningList): (value: string) => boolean {
  const hosts = new Set(
    entries.map((entry) =>
      entry
        .trim()
        .toLowerCase()
        .replace(/^\.+|\.+$/g, ""),
    ),
  );
  return (value) => {
    let host = hostOf(value);
    for (;;) {
      if (hosts.has(host)) return true;
      const dot = host.indexOf(".");
      if (dot < 0) return false;
      host = host.slice(dot + 1);
    }
  };
}

function hostOf(value: string): string {
  const rest = value
    .trim()
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//, "");
  const end = rest.search(/[/?#]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  return authority
    .slice(authority.lastIndexOf("@") + 1)
    .replace(/:\d*$/, "")
    .replace(/\.+$/, "");
}

function isBareUrl(value: string): boolean {
  return /^([a-z][a-z0-9+.-]*:\/\/)?[^/?#]*\/?$/i.test(value.trim());
}

function networkMatcher({ name, entries }: WarningList): (value: string) => boolean {
  const builder = new ThreatIntelBuilder();
  const statement = { kind: "address", feed: "warning", confidence: 0, knownAt: null } as const;
  // Real lists hold a few entries that are no network; MISP does not match them either.
  for (const entry of new Set(entries)) builder.add({ ...statement, value: entry.trim(), list: "w" });
  const intel = builder.build();
  if (entries.length > 0 && intel.counts.address === 0) throw wrong(name, "holds no network");
  const networks = entries.flatMap((entry) => parsePrefix(entry.trim()) ?? []);
  const shortest = new Map(
    [4, 6].map((family) => [family, Math.min(...networks.filter((one) => one.family === family).map(({ length }) => length))]),
  );
  return (value) => {
    const prefix = parsePrefix(value.trim());
    if (prefix === null) return false;
    const full = prefix.family === 4 ? 32 : 128;
    if (prefix.length === full) return intel.match("address", value.trim().split("/", 1)[0]!) !== 0;
    if (prefix.length < (shortest.get(prefix.family) ?? full)) return false;
    return networks.some(
      (network) =>
        network.family === prefix.family &&
        network.length <= prefix.length &&
        network.words.every((word, i) => ((word ^ prefix.words[i]!) & maskOf(network.length - 32 * i)) === 0),
    );
  };
}

/** The first `bits` bits of a word; all for 32 and more, none for 0 and less. */
function maskOf(bits: number): number {
  return bits >= 32 ? -1 : bits <= 0 ? 0 : -1 << (32 - bits);
}

/** `/expression/flags`, as PHP writes them, in time that is linear in the value whatever the expression. */
function regexMatcher({ name, entries }: WarningList): (value: string) => boolean {
  const compiled = entries.map((entry) => {
    const parts = /^([/#~!@])(.*)\1([a-zA-Z]*)$/s.exec(entry);
    const flags = (parts?.[3] ?? "").replace(/[^ims]/g, "");
    const source = parts ? parts[2]!.replaceAll(`\\${parts[1]}`, parts[1]!) : entry;
    try {
      return new LinearRegex(flags === "" ? source : `(?${flags})${source}`);
    } catch (cause) {
      throw wrong(name, `has the expression ${JSON.stringify(entry)}: ${cause instanceof Error ? cause.message : cause}`, cause);
    }
  });
  return (value) => compiled.some((regex) => regex.test(value));
}

/**
 * Reads lists, one a file: files, and folders of `*.json`, gzip or not.
 * @throws SOCLAB_NOT_FOUND, SOCLAB_INVALID_FILE
 */
export async function readWarningLists(paths: readonly string[]): Promise<WarningLists> {
  const lists: WarningList[] = [];
  for (const path of paths) {
    for (const file of await listFiles(path)) {
      let document: unknown;
      try {
        document = JSON.parse(await readText(file));
      } catch (cause) {
        if (cause instanceof SoclabError) throw cause;
        throw wrong(file, `is no JSON: ${cause instanceof Error ? cause.message : cause}`, cause);
      }
      lists.push(warningListOf(document, file));
    }
  }
  return new WarningLists(lists);
}

async function listFiles(path: string): Promise<string[]> {
  const info = await stat(path).catch(() => null);
  if (info === null) throw new SoclabError("SOCLAB_NOT_FOUND", `there is no file or folder ${path}`);
  if (!info.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && /\.json(\.gz)?$/.test(entry.name) && entry.name !== "schema.json")
    .map((entry) => join(entry.parentPath, entry.name));
  if (files.length === 0) throw wrong(path, "holds no warning lists, expected *.json");
  return files.sort();
}

function wrong(path: string, what: string, cause?: unknown): SoclabError {
  return new SoclabError("SOCLAB_INVALID_FILE", `${path} ${what}`, { cause });
}
