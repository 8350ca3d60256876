import type { Column } from "../event/index.ts";
import { parseAddress } from "./address.ts";
import type { AsnLookup } from "./asn.ts";
import { bigintColumn, dictionaryColumn, GrowingDictionary, integerColumn } from "./column-builders.ts";
import type { CountryLookup } from "./country.ts";
import type { Asset } from "./history/assets.ts";
import { FactLines } from "./history/fact-lines.ts";
import { type Identity, type IdentityHistories, IdentityResolver, nobody, nobodyEver } from "./history/identity.ts";
import type { Lease } from "./history/leases.ts";
import type { ThreatIntel } from "./intel/threat-intel.ts";

/** Where an enricher looks; a source that is absent adds no columns. */
export interface AddressSources extends IdentityHistories {
  readonly geo?: CountryLookup | undefined;
  readonly asn?: AsnLookup | undefined;
  readonly threatIntel?: ThreatIntel | undefined;
}

/**
 * What is known of addresses, as small numbers: addresses of which the same is known share one, 0 is nothing at all. There are only some
 * thousands of them, so that the arrays that columns are gathered from stay in the processor's cache. -1 is null.
 */
export class AddressFacts {
  /** Facts that depend on time, which {@link idOf} gives as negative numbers. */
  readonly lines = new FactLines();
  /** Match of each fact, see `ThreatIntel`. */
  readonly matches: number[] = [];
  readonly #sources: AddressSources;
  readonly #ids = new Map<number | string, number>();
  readonly #countries: number[] = [];
  readonly #asns: number[] = [];
  readonly #organisations: number[] = [];
  readonly #assetNames: number[] = [];
  readonly #assetOwners: number[] = [];
  readonly #assetRoles: number[] = [];
  readonly #criticalities: number[] = [];
  readonly #users: number[] = [];
  readonly #hosts: number[] = [];
  readonly #macs: number[] = [];
  readonly #departments: number[] = [];
  readonly #assetIds = new Map<Asset, number>();
  readonly #leaseIds = new Map<Lease, number>();
  readonly #identities: IdentityResolver;
  readonly #country = new GrowingDictionary();
  readonly #organisation = new GrowingDictionary();
  readonly #assetName = new GrowingDictionary();
  readonly #assetOwner = new GrowingDictionary();
  readonly #assetRole = new GrowingDictionary();
  readonly #user = new GrowingDictionary();
  readonly #department = new GrowingDictionary();
  readonly #host = new GrowingDictionary();
  readonly #mac = new GrowingDictionary();

  constructor(sources: AddressSources) {
    this.#sources = sources;
    this.#identities = new IdentityResolver(sources);
    this.#intern(null, null, null, 0, nobody);
  }

  /** Looks a text up in all sources; 0 where it is no address, a number of {@link lines} where the answer depends on the time. */
  idOf(text: string): number {
    const address = parseAddress(text);
    if (address === null) return 0;
    const { geo, asn, threatIntel } = this.#sources;
    const country = geo?.country(address) ?? null;
    const system = asn?.find(address) ?? null;
    const match = threatIntel?.addressMatch(address) ?? 0;
    const factOf = (identity: Identity) => this.#intern(country, system?.number ?? null, system?.organisation ?? null, match, identity);
    const place = factOf(nobody);
    const spans = this.#identities.spans(address);
    return spans === nobodyEver ? place : this.lines.numberOf(spans, place, factOf);
  }

  /** The columns of one side (`src_` or `dst_`), but for threat intelligence. */
  columns(prefix: string, ids: Int32Array): (readonly [string, Column])[] {
    const { geo, asn, assets, users, leases } = this.#sources;
    const out: [string, Column][] = [];
    if (geo) out.push([`${prefix}country`, dictionaryColumn(ids, this.#countries, this.#country)]);
    if (asn) {
      out.push([`${prefix}asn`, bigintColumn(ids, this.#asns)]);
      out.push([`${prefix}as_org`, dictionaryColumn(ids, this.#organisations, this.#organisation)]);
    }
    if (assets) {
      out.push([`${prefix}asset_name`, dictionaryColumn(ids, this.#assetNames, this.#assetName)]);
      out.push([`${prefix}asset_owner`, dictionaryColumn(ids, this.#assetOwners, this.#assetOwner)]);
      out.push([`${prefix}asset_role`, dictionaryColumn(ids, this.#assetRoles, this.#assetRole)]);
      out.push([`${prefix}asset_criticality`, integerColumn(ids, this.#criticalities)]);
    }
    if (users) {
      out.push([`${prefix}user`, dictionaryColumn(ids, this.#users, this.#user)]);
      out.push([`${prefix}user_department`, dictionaryColumn(ids, this.#departments, this.#department)]);
    }
    if (leases) {
      out.push([`${prefix}host`, dictionaryColumn(ids, this.#hosts, this.#host)]);
      out.push([`${prefix}mac`, dictionaryColumn(ids, this.#macs, this.#mac)]);
    }
    return out;
  }

  #intern(country: string | null, asn: number | null, organisation: string | null, match: number, identity: Identity): number {
    const { lease, asset, user, department } = identity;
    const countryCode = this.#country.codeOf(country);
    // Most addresses are only somewhere: a number as key instead of a text made batches of new addresses a quarter faster.
    const onlyPlace = match === 0 && lease === null && asset === null && user === null && countryCode < 1023;
    const key = onlyPlace
      ? (asn ?? 0) * 1024 + countryCode + 1
      : [
          countryCode,
          asn,
          match,
          numberOf(this.#leaseIds, lease),
          numberOf(this.#assetIds, asset),
          this.#user.codeOf(user?.user ?? null),
          this.#department.codeOf(department),
        ].join();
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.matches.length;
    this.#ids.set(key, id);
    this.matches.push(match);
    this.#countries.push(countryCode);
    this.#asns.push(asn ?? -1);
    this.#organisations.push(this.#organisation.codeOf(organisation));
    this.#assetNames.push(this.#assetName.codeOf(asset?.name ?? null));
    this.#assetOwners.push(this.#assetOwner.codeOf(asset?.owner ?? null));
    this.#assetRoles.push(this.#assetRole.codeOf(asset?.role ?? null));
    this.#criticalities.push(asset?.criticality ?? -1);
    this.#users.push(this.#user.codeOf(user?.user ?? null));
    this.#departments.push(this.#department.codeOf(department));
    this.#hosts.push(this.#host.codeOf(lease?.host ?? null));
    this.#macs.push(this.#mac.codeOf(lease?.mac ?? null));
    return id;
  }
}

function numberOf<T>(numbers: Map<T, number>, value: T | null): number {
  if (value === null) return -1;
  const known = numbers.get(value);
  if (known !== undefined) return known;
  numbers.set(value, numbers.size);
  return numbers.size - 1;
}
