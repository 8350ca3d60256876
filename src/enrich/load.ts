import { createRequire } from "node:module";
import { join } from "node:path";
import { datasetsDir } from "../core/index.ts";
import { readAsn } from "./asn.ts";
import { type EnrichmentConfig, readEnrichmentConfig } from "./config.ts";
import { readCountries } from "./country.ts";
import type { EnrichmentSources } from "./enricher.ts";
import type { IdentityHistories } from "./history/identity.ts";
import { type ReferenceSources, readAssets, readLeases, readUsers } from "./history/read-histories.ts";
import type { ReferenceContext, SourceVersion } from "./history/reference-source.ts";
import type { ThreatListSource } from "./intel/list-source.ts";
import { type ThreatIntel, ThreatIntelBuilder } from "./intel/threat-intel.ts";
import { readThreatList, type ThreatListSummary } from "./intel/threat-lists.ts";
import { readWarningLists } from "./misp/warning-lists.ts";

/** The files that soclab brings along. */
export function shippedEnrichment(): {
  country: string;
  asn: string;
  threatIntel: readonly ThreatListSource[];
  assets: string;
  users: string;
} {
  const shipped = (path: string) => join(datasetsDir(), path);
  return {
    country: createRequire(import.meta.url).resolve("@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb"),
    asn: shipped("asn/asn.txt.gz"),
    threatIntel: [
      { name: "ipsum", format: "ipsum", path: shipped("threat-intel/ipsum.txt.gz") },
      { name: "maltrail", format: "maltrail", path: shipped("threat-intel/maltrail.txt.gz") },
    ],
    assets: shipped("assets.csv"),
    users: shipped("users.csv"),
  };
}

/**
 * Reads all sources of a configuration: the path of a JSON file, a configuration as an object, or nothing for everything that is shipped
 * (the asset and user lists of the sample included).
 * @param context - `readTable` for Parquet files, databases and lakes: `readReferenceTable`
 * @throws SOCLAB_NOT_FOUND, SOCLAB_INVALID_FILE naming file, line, value and what was expected; SOCLAB_IO for an endpoint that is down
 */
export async function loadEnrichment(config?: string | EnrichmentConfig, context: ReferenceContext = {}): Promise<EnrichmentSources> {
  const shipped = shippedEnrichment();
  const wanted: EnrichmentConfig =
    config === undefined ? shipped : typeof config === "string" ? await readEnrichmentConfig(config) : config;
  const { country, asn, labels, asOf } = wanted;
  return {
    geo: country === undefined ? undefined : await readCountries(country === "shipped" ? shipped.country : country),
    asn: asn === undefined ? undefined : await readAsn(asn === "shipped" ? shipped.asn : asn),
    threatIntel: (await loadThreatIntel(wanted))?.intel,
    ...(await loadHistories(wanted, context)),
    labels,
    asOf,
  };
}

/**
 * Reads assets, users and leases of a configuration and nothing else of it.
 * @throws as {@link loadEnrichment}
 */
export async function loadHistories(
  { assets, users, leases, knownAt }: EnrichmentConfig,
  context: ReferenceContext = {},
): Promise<IdentityHistories & { readonly versions: readonly SourceVersion[] }> {
  const shipped = shippedEnrichment();
  const versions: SourceVersion[] = [];
  const options = { ...context, knownAt, onSource: (source: SourceVersion) => versions.push(source) };
  const named = (sources: ReferenceSources, instead: string): ReferenceSources =>
    [sources].flat().map((source) => (source === "shipped" ? instead : source));
  return {
    assets: assets === undefined ? undefined : await readAssets(named(assets, shipped.assets), options),
    users: users === undefined ? undefined : await readUsers(named(users, shipped.users), options),
    leases: leases === undefined ? undefined : await readLeases(leases, options),
    versions,
  };
}

/**
 * Reads the threat lists of a configuration and nothing else of it.
 * @returns undefined where it names none
 * @throws SOCLAB_NOT_FOUND, SOCLAB_INVALID_FILE
 */
export async function loadThreatIntel({
  threatIntel,
  warningLists,
}: EnrichmentConfig): Promise<{ readonly intel: ThreatIntel; readonly lists: readonly ThreatListSummary[] } | undefined> {
  if (threatIntel === undefined) return undefined;
  const warnings = warningLists && { lists: await readWarningLists(warningLists.paths), action: warningLists.action };
  const builder = new ThreatIntelBuilder();
  const lists: ThreatListSummary[] = [];
  for (const list of threatIntel)
    for (const source of list === "shipped" ? shippedEnrichment().threatIntel : [list])
      lists.push(await readThreatList(source, builder, warnings));
  return { intel: builder.build(), lists };
}
