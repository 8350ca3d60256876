import { type Address, parseAddress, parsePrefix } from "../address.ts";
import { type PrefixTable, PrefixTableBuilder } from "../prefix-table.ts";
import { Claims } from "./claims.ts";
import { DomainTable, normaliseDomain } from "./domain-table.ts";
import type { AsOf, Indicator, IndicatorKind } from "./indicator.ts";
import { Matches } from "./matches.ts";
import type { ThreatHitSet, ThreatHitSets } from "./threat-hits.ts";

export interface LookupOptions {
  /** The event's time, epoch microseconds; absent or null for none. */
  readonly at?: number | null | undefined;
  /** `"valid"` where it is not given. */
  readonly asOf?: AsOf | undefined;
}

interface Tables {
  readonly addresses: PrefixTable;
  readonly domains: DomainTable;
  readonly exactDomains: DomainTable;
  readonly urls: ReadonlyMap<string, number>;
  readonly hashes: ReadonlyMap<string, number>;
}

/**
 * The indicators of all lists in memory. A look-up gives a match: a small number, 0 for none, that does not depend on time and can be kept with
 * a value; {@link hitsAt} says what of it counts at an instant.
 */
export class ThreatIntel {
  readonly #matches: Matches;
  readonly #tables: Tables;

  constructor(matches: Matches, tables: Tables) {
    this.#matches = matches;
    this.#tables = tables;
  }

  get sets(): ThreatHitSets {
    return this.#matches.sets;
  }

  /** How many values of each kind there are. */
  get counts(): Readonly<Record<IndicatorKind, number>> {
    const { addresses, domains, exactDomains, urls, hashes } = this.#tables;
    return { address: addresses.size, domain: domains.size + exactDomains.size, url: urls.size, hash: hashes.size };
  }

  /** The match of a text; one that is no value of its kind matches nothing. */
  match(kind: IndicatorKind, text: string): number {
    switch (kind) {
      case "address": {
        const address = parseAddress(text);
        return address === null ? 0 : this.addressMatch(address);
      }
      case "domain": {
        const name = normaliseDomain(text);
        return name === null ? 0 : this.#domainMatch(name);
      }
      case "url":
        return this.#tables.urls.get(text) ?? 0;
      case "hash":
        return this.#tables.hashes.get(text.toLowerCase()) ?? 0;
    }
  }

  addressMatch(address: Address): number {
    return this.#unionOf(this.#tables.addresses.findAll(address));
  }

  /** The match of a name or of a parent of it. The text may be a Host header: a port is dropped, an address is looked up as one. */
  hostMatch(host: string): number {
    let text = host;
    if (text.startsWith("[")) text = text.slice(1, text.indexOf("]"));
    else if (text.indexOf(":") === text.lastIndexOf(":")) text = text.replace(/:\d*$/, "");
    const address = parseAddress(text);
    return address === null ? this.match("domain", text) : this.addressMatch(address);
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

  #domainMatch(name: string): number {
    return this.#unionOf([...this.#tables.domains.findAll(name), ...this.#tables.exactDomains.findAll(name)]);
  }

  #unionOf(matches: readonly number[]): number {
    let union = 0;
    for (const match of matches) union = this.#matches.union(union, match);
    return union;
  }
}

/** Collects the indicators of any number of lists, then packs them. */
export class ThreatIntelBuilder {
  readonly #claims = new Claims();
  readonly #matches = new Matches(this.#claims);
  readonly #addresses = new PrefixTableBuilder();
  readonly #domains = new Map<string, number>();
  readonly #exactDomains = new Map<string, number>();
  readonly #urls = new Map<string, number>();
  readonly #hashes = new Map<string, number>();

  /** @returns false for a value that is none of its kind; it is not taken */
  add(indicator: Indicator): boolean {
    const { kind, value } = indicator;
    if (kind === "address") {
      const prefix = parsePrefix(value);
      if (prefix !== null) this.#addresses.add(prefix, this.#matches.ofClaim(this.#claims.add(indicator)));
      return prefix !== null;
    }
    const key = kind === "domain" ? normaliseDomain(value) : kind === "hash" ? value.toLowerCase() : value;
    if (key === null) return false;
    const names = indicator.exact ? this.#exactDomains : this.#domains;
    const values = kind === "domain" ? names : kind === "url" ? this.#urls : this.#hashes;
    values.set(key, this.#matches.union(values.get(key) ?? 0, this.#matches.ofClaim(this.#claims.add(indicator))));
    return true;
  }

  build(): ThreatIntel {
    return new ThreatIntel(this.#matches, {
      addresses: this.#addresses.build((a, b) => this.#matches.union(a, b)),
      domains: new DomainTable(this.#domains),
      exactDomains: new DomainTable(this.#exactDomains),
      urls: this.#urls,
      hashes: this.#hashes,
    });
  }
}
