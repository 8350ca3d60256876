import { dirname, resolve } from "node:path";
import { didYouMean, SoclabError } from "../core/index.ts";
import { type ThreatFormat, type ThreatListSource, threatFormats } from "./intel/list-source.ts";
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
  readonly assets?: string | undefined;
  readonly users?: string | undefined;
  readonly leases?: string | undefined;
  readonly labels?: { readonly minConfidence?: number | undefined } | undefined;
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
  const top = new ConfigObject(path, "", json, ["country", "asn", "threatIntel", "assets", "users", "leases", "labels"]);
  const file = (value: string | undefined) => (value === undefined || value === "shipped" ? value : resolve(dirname(path), value));
  return {
    country: file(top.text("country")),
    asn: file(top.text("asn")),
    threatIntel: top.list("threatIntel")?.map((value, i) => (value === "shipped" ? value : threatList(path, i, value))),
    assets: file(top.text("assets")),
    users: file(top.text("users")),
    leases: file(top.text("leases")),
    labels: labelsOf(top),
  };
}

function threatList(path: string, i: number, value: unknown): ThreatListSource {
  const list = new ConfigObject(path, `threatIntel[${i}].`, value, ["name", "format", "path", "confidence", "knownAt"]);
  const name = list.required("name");
  if (!/^[\w.-]+$/.test(name)) throw list.error("name", name, "letters, digits, -, _ and .");
  const format = list.required("format");
  if (!isThreatFormat(format)) throw list.error("format", format, `one of ${threatFormats.join(", ")}`, didYouMean(format, threatFormats));
  const knownAt = list.text("knownAt");
  const instant = knownAt === undefined ? undefined : Date.parse(knownAt) * 1000;
  if (Number.isNaN(instant)) throw list.error("knownAt", knownAt, "a time like 2026-08-22T01:00:29Z");
  return { name, format, path: resolve(dirname(path), list.required("path")), confidence: list.fraction("confidence"), knownAt: instant };
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

/** One object of the file with checked access to its values. */
class ConfigObject {
  readonly path: string;
  readonly #prefix: string;
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(path: string, prefix: string, value: unknown, keys: readonly string[]) {
    this.path = path;
    this.#prefix = prefix;
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw this.error("", value, `an object with ${keys.join(", ")}`);
    this.#values = new Map(Object.entries(value));
    for (const key of this.#values.keys())
      if (!keys.includes(key))
        throw new SoclabError("SOCLAB_INVALID_FILE", `${path} has an unknown key "${prefix}${key}", expected ${keys.join(", ")}`, {
          hint: didYouMean(key, keys),
        });
  }

  value(key: string): unknown {
    return this.#values.get(key);
  }

  text(key: string): string | undefined {
    const value = this.value(key);
    if (value === undefined || (typeof value === "string" && value !== "")) return value;
    throw this.error(key, value, "a text");
  }

  required(key: string): string {
    const value = this.text(key);
    if (value === undefined) throw this.error(key, value, "a text");
    return value;
  }

  fraction(key: string): number | undefined {
    const value = this.value(key);
    if (value === undefined || (typeof value === "number" && value >= 0 && value <= 1)) return value;
    throw this.error(key, value, "a number from 0 to 1");
  }

  list(key: string): readonly unknown[] | undefined {
    const value = this.value(key);
    if (value === undefined || Array.isArray(value)) return value;
    throw this.error(key, value, "a list");
  }

  error(key: string, value: unknown, expected: string, hint?: string): SoclabError {
    const name = `${this.#prefix}${key}`.replace(/\.$/, "");
    const shown = value === undefined ? "is missing" : `is ${JSON.stringify(value)}`;
    return new SoclabError(
      "SOCLAB_INVALID_FILE",
      `${this.path}: ${name === "" ? "the file" : `"${name}"`} ${shown}, expected ${expected}`,
      { hint },
    );
  }
}
