import type { Address } from "./address.ts";
import { field, type Mmdb, openMmdb } from "./mmdb.ts";
import { specialPurposeOf } from "./special-purpose.ts";

/** Where an address is. */
export interface CountryLookup {
  /** ISO 3166-1 alpha-2 code, or null for special-purpose addresses and where the database has none. */
  country(address: Address): string | null;
}

/**
 * Opens a MaxMind DB of countries: `country_code` (ip-location-db), else `country.iso_code`, else `registered_country.iso_code` (GeoLite2, GeoIP2).
 * @throws SOCLAB_NOT_FOUND, SOCLAB_INVALID_FILE
 */
export async function readCountries(path: string): Promise<CountryLookup> {
  return countryLookup(await openMmdb(path, (record) => countryOf(record) !== null, "countries"));
}

export function countryLookup(database: Mmdb): CountryLookup {
  return { country: (address) => (specialPurposeOf(address) === null ? countryOf(database.find(address)) : null) };
}

function countryOf(record: unknown): string | null {
  const country = field(record, "country_code") ?? field(field(record, "country"), "iso_code");
  const code = country ?? field(field(record, "registered_country"), "iso_code");
  return typeof code === "string" && code !== "" ? code : null;
}
