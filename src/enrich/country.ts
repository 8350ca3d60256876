import type { Address } from "./address.ts";
import { field, type Mmdb } from "./mmdb.ts";
import { specialPurposeOf } from "./special-purpose.ts";

/** Where an address is. */
export interface CountryLookup {
  /** ISO 3166-1 alpha-2 code, or null for special-purpose addresses and where the database has none. */
  country(address: Address): string | null;
}

/** Countries out of a MaxMind DB: `country_code` (ip-location-db), else `country.iso_code`, else `registered_country.iso_code` (GeoLite2, GeoIP2). */
export function countryLookup(database: Mmdb): CountryLookup {
  return {
    country(address) {
      if (specialPurposeOf(address) !== null) return null;
      const record = database.find(address);
      const code = field(record, "country_code") ?? field(field(record, "country"), "iso_code");
      return text(code ?? field(field(record, "registered_country"), "iso_code"));
    },
  };
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
