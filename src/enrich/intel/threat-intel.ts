import { type Address, parseAddress } from "../address.ts";
import { AddressLists, AddressTable } from "./address-table.ts";
import { ClaimChains } from "./claim-chains.ts";
import { Claims } from "./claims.ts";
import { DigestTable } from "./digest-table.ts";
import { DomainTable } from "./domain-table.ts";
import type { AsOf, Indicator, IndicatorKind } from "./indicator.ts";
import { Matches } from "./matches.ts";
import type { ThreatHitSet, ThreatHitSets } from "./threat-hits.ts";
import { UrlTable } from "./url-table.ts";

export interface LookupOptions {
  /** The event's time, epoch microseconds; absent or null for none. */
  readonly at?: number | null | undefined;
  /** `"valid"` where it is not given. */
  readonly asOf?: AsOf | undefined;
}

interface Tables {
  readonly addresses: AddressTable;
  readonly domains: DomainTable;
  readonly urls: UrlTable;
  readonly hashes: DigestTable;
}

/**
 * The indicators of all lists in memory. A look-up gives a match: a small number, 0 for none, that does not depend on time and can be kept with
 * a value; {@link hitsAt} says what of it counts at an instant.
 */
export class ThreatIntel {
  readonly #claims: Claims;
  readonly #matches: Matches;
  readonly #tables: Tables;

  constructor(claims: Claims, matches: Matches, tables: Tables) {
    this.#claims = claims;
    this.#matches = matches;
    this.#tables = tables;
  }

  get sets(): ThreatHitSets {
    return this.#matches.sets;
  }

  /** How many values of each kind there are. */
  get counts(): Readonly<Record<IndicatorKind, number>> {
    const { addresses, domains, urls, hashes } = this.#tables;
    return { address: addresses.size, domain: domains.size, url: urls.size, hash: hashes.size };
  }

  /** The bytes its tables hold. */
  get byteLength(): number {
    return this.#claims.byteLength + Object.values(this.#tables).reduce((sum, table) => sum + table.byteLength, 0);
  }

  /** The match of a text; one that is no value of its kind matches nothing. */
  match(kind: IndicatorKind, text: string): number {
    switch (kind) {
      case "address": {
        const address = parseAddress(text);
        return address === null ? 0 : this.addressMatch(address);
      }
      case "domain":
        return this.#unionOf(this.#tables.domains.findAll(text));
      case "url":
        return this.#unionOf(this.#tables.urls.findAll(text));
      case "hash":
        return this.#tables.hashes.find(text);
    }
  }

  addressMatch(address: Address): number {
    const { addresses } = this.#tables;
    return this.#matches.union(addresses.findSingle(address), addresses.findNetworks(address));
  }

  /** The match of a name or of a parent of it. The text may be a Host header: a port is dropped, an address is looked up as one. */
  hostMatch(host: string): number {
    const text = withoutPort(host);
    const address = parseAddress(text);
    return address === null ? this.match("domain", text) : this.addressMatch(address);
  }

  /** Whether there are URLs on any host, which have to be looked for in every path. */
  get hasPaths(): boolean {
    return this.#tables.urls.hasPaths;
  }

  /** Whether there are URLs of a host, written `host` or `host:port` as `normaliseUrl` has it. */
  hasUrlsOf(host: string): boolean {
    return this.#tables.urls.hasHost(host);
  }

  union(a: number, b: number): number {
    return this.#matches.union(a, b);
  }

  /** Whether {@link hitsAt} depends on the time. */
  isTimed(match: number, asOf: AsOf = "valid"): boolean {
    return this.#matches.isTimed(match, asOf);
  }

  /**
   * What counts of a match at an instant, as a number of {@link sets}.
   * @param at - epoch microseconds, NaN for an event without a time, which meets every indicator
   */
  hitsAt(match: number, at: number, asOf: AsOf = "valid"): number {
    return this.#matches.hitsAt(match, at, asOf);
  }

  /** What the lists say of one value at one time; null for nothing. */
  lookup(kind: IndicatorKind, value: string, { at, asOf }: LookupOptions = {}): ThreatHitSet | null {
    return this.sets.get(this.hitsAt(this.match(kind, value), at ?? Number.NaN, asOf));
  }

  #unionOf(matches: readonly number[]): number {
    let union = 0;
    for (const match of matches) union = this.#matches.union(union, match);
    return union;
  }
}

/** `host`, `host:port`, `[address]:port`. */
function withoutPort(host: string): string {
  if (host.startsWith("[")) return host.slice(1, host.indexOf("]"));
  const colon = host.indexOf(":");
  return colon >= 0 && colon === host.lastIndexOf(":") && /^\d*$/.test(host.slice(colon + 1)) ? host.slice(0, colon) : host;
}

/** Collects the indicators of any number of lists, then packs them. */
export class ThreatIntelBuilder {
  readonly #claims = new Claims();
  readonly #chains = new ClaimChains();
  readonly #addresses = new AddressLists();
  readonly #domains = new DomainTable();
  readonly #urls = new UrlTable();
  readonly #hashes = new DigestTable();

  /** @returns false for a value that is none of its kind; it is not taken */
  add(indicator: Indicator): boolean {
    const { kind, value, exact = false } = indicator;
    const said = (chain: number) => this.#chains.push(chain, this.#claims.add(indicator));
    switch (kind) {
      case "address":
        return this.#addresses.update(value, said);
      case "domain":
        return this.#domains.update(value, exact, said);
      case "url":
        return this.#urls.update(value, exact, said);
      case "hash":
        return this.#hashes.update(value, said);
    }
  }

  /** The store; the builder is used up. */
  build(): ThreatIntel {
    const matches = new Matches(this.#claims);
    const matchOf = (chain: number) => {
      const only = this.#chains.only(chain);
      return only >= 0 ? matches.ofClaim(only) : matches.ofClaims(this.#chains.claims(chain));
    };
    for (const table of [this.#addresses, this.#domains, this.#urls, this.#hashes]) table.updateAll(matchOf);
    const addresses = new AddressTable(this.#addresses, (a, b) => matches.union(a, b));
    return new ThreatIntel(this.#claims, matches, { addresses, domains: this.#domains, urls: this.#urls, hashes: this.#hashes });
  }
}
