import { dirname, resolve } from "node:path";
import { didYouMean, SoclabError } from "../core/index.ts";
import { ConfigObject } from "./config-object.ts";
import type { ReferenceSource } from "./history/reference-source.ts";
import { referenceTime } from "./history/reference-time.ts";
import { referenceSources } from "./history/source-config.ts";
import { type AsOf, asOfModes } from "./intel/indicator.ts";
import { type ThreatFormat, type ThreatListSource, threatFormats } from "./intel/list-source.ts";
import { type WarnedAction, warnedActions } from "./intel/threat-lists.ts";
import { readText } from "./text-file.ts";

/**
 * Where enrichment comes from. A file named `"shipped"` is the one that soclab brings along; a part that is absent is left out. In a
 * configuration file, paths are relative to that file.
 */
export interface EnrichmentConfig {
  /** MaxMind DB with countries. */
  readonly country?: string | undefined;
  /** Table of autonomous systems: CSV, MaxMind DB or soclab's own. */
  readonly asn?: string | undefined;
  /** Threat lists in memory at once; `"shipped"` among them stands for the shipped lists. */
  readonly threatIntel?: readonly (ThreatListSource | "shipped")[] | undefined;
  /** Files, tables or endpoints, read as if they followed each other. */
  readonly assets?: string | ReferenceSource | readonly (string | ReferenceSource)[] | undefined;
  readonly users?: string | ReferenceSource | readonly (string | ReferenceSource)[] | undefined;
  readonly leases?: string | ReferenceSource | readonly (string | ReferenceSource)[] | undefined;
  /** Leaves out what assets, users and leases say became known (`known_at`) after it, epoch microseconds. */
  readonly knownAt?: number | undefined;
  readonly labels?: { readonly minConfidence?: number | undefined } | undefined;
  /** Which indicators count for an event; `"valid"` where it is not given. */
  readonly asOf?: AsOf | undefined;
  /** MISP warning lists: files, and folders of them. */
  readonly warningLists?: { readonly paths: readonly string[]; readonly action?: WarnedAction | undefined } | undefined;
  /** How often a running ingest looks whether lists and warning lists changed, seconds; never where it is not given. */
  readonly refreshSeconds?: number | undefined;
}

/**
 * Reads a configuration file.
 * @throws SOCLAB_NOT_FOUND, SOCLAB_INVALID_FILE with the key and what was expected
 */
export async function readEnrichmentConfig(path: string): Promise<EnrichmentConfig> {
  const text = await readText(path);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new SoclabError("SOCLAB_INVALID_FILE", `${path} is no JSON: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  const top = new ConfigObject(path, "", json, [
    "country",
    "asn",
    "threatIntel",
    "assets",
    "users",
    "leases",
    "knownAt",
    "labels",
    "asOf",
    "warningLists",
    "refreshSeconds",
  ]);
  const file = (value: string | undefined) => (value === undefined || value === "shipped" ? value : resolve(dirname(path), value));
  return {
    country: file(top.text("country")),
    asn: file(top.text("asn")),
    threatIntel: top.list("threatIntel")?.map((value, i) => (value === "shipped" ? value : threatList(path, i, value))),
    assets: referenceSources(top, "assets"),
    users: referenceSources(top, "users"),
    leases: referenceSources(top, "leases"),
    knownAt: instantOf(top, "knownAt"),
    labels: labelsOf(top),
    asOf: choiceOf(top, "asOf", asOfModes),
    warningLists: warningListsOf(top),
    refreshSeconds: top.count("refreshSeconds", 86_400 * 7),
  };
}

const listKeys = ["name", "format", "path", "confidence", "knownAt", "feed", "validFrom", "validUntil", "tags", "columns"];

function threatList(path: string, i: number, value: unknown): ThreatListSource {
  const list = new ConfigObject(path, `threatIntel[${i}].`, value, listKeys);
  const name = list.required("name");
  if (!/^[\w.-]+$/.test(name)) throw list.error("name", name, "letters, digits, -, _ and .");
  const format = list.required("format");
  if (!isThreatFormat(format)) throw list.error("format", format, `one of ${threatFormats.join(", ")}`, didYouMean(format, threatFormats));
  const tags = list.list("tags");
  if (tags && !tags.every((tag) => typeof tag === "string")) throw list.error("tags", tags, "a list of texts");
  return {
    name,
    format,
    path: resolve(dirname(path), list.required("path")),
    confidence: list.fraction("confidence"),
    knownAt: instantOf(list, "knownAt"),
    feed: list.text("feed"),
    validFrom: instantOf(list, "validFrom"),
    validUntil: instantOf(list, "validUntil"),
    tags: tags?.map(String),
    columns: list.texts("columns"),
  };
}

function instantOf(top: ConfigObject, key: string): number | undefined {
  const text = top.text(key);
  const instant = text === undefined ? undefined : referenceTime(text);
  if (instant === null) throw top.error(key, text, "a time like 2026-08-22T01:00:29Z");
  return instant;
}

function choiceOf<T extends string>(top: ConfigObject, key: string, choices: readonly T[]): T | undefined {
  const text = top.text(key);
  const known = choices.find((choice) => choice === text);
  if (text !== undefined && known === undefined) throw top.error(key, text, `one of ${choices.join(", ")}`, didYouMean(text, choices));
  return known;
}

function warningListsOf(top: ConfigObject): EnrichmentConfig["warningLists"] {
  const value = top.value("warningLists");
  if (value === undefined) return undefined;
  const object = new ConfigObject(top.path, "warningLists.", value, ["paths", "action"]);
  const paths = object.list("paths") ?? [];
  if (!paths.every((each) => typeof each === "string" && each !== "")) throw object.error("paths", paths, "a list of files and folders");
  return { paths: paths.map((each) => resolve(dirname(top.path), String(each))), action: choiceOf(object, "action", warnedActions) };
}

function labelsOf(top: ConfigObject): EnrichmentConfig["labels"] {
  const value = top.value("labels");
  return value === undefined
    ? undefined
    : { minConfidence: new ConfigObject(top.path, "labels.", value, ["minConfidence"]).fraction("minConfidence") };
}

function isThreatFormat(format: string): format is ThreatFormat {
  return threatFormats.some((known) => known === format);
}
