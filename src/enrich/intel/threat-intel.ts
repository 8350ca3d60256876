import { type Address, type AddressPrefix, parseAddress } from "../address.ts";
import { type PrefixTable, PrefixTableBuilder } from "../prefix-table.ts";
import { DomainTable, normaliseDomain } from "./domain-table.ts";
import { type ThreatHit, ThreatHitSets } from "./threat-hits.ts";

/** What is looked for: a range of addresses, or a domain name with all names below it. */
export type ThreatIndicator =
  | { readonly kind: "address"; readonly prefix: AddressPrefix }
  | { readonly kind: "domain"; readonly name: string };

/** Indicators of all lists in memory. Hits come as numbers of {@link ThreatHitSets}, 0 for none. */
export class ThreatIntel {
  readonly sets: ThreatHitSets;
  readonly #addresses: PrefixTable;
  readonly #domains: DomainTable;

  constructor(sets: ThreatHitSets, addresses: PrefixTable, domains: DomainTable) {
    this.sets = sets;
    this.#addresses = addresses;
    this.#domains = domains;
  }

  get addressCount(): number {
    return this.#addresses.size;
  }

  get domainCount(): number {
    return this.#domains.size;
  }

  addressHits(address: Address): number {
    return this.#unionOf(this.#addresses.findAll(address));
  }

  /** Hits of a name or of a parent of it. The text may be a Host header: a port is dropped, an address is looked up as one. */
  hostHits(host: string): number {
    let text = host;
    if (text.startsWith("[")) text = text.slice(1, text.indexOf("]"));
    else if (text.indexOf(":") === text.lastIndexOf(":")) text = text.replace(/:\d*$/, "");
    const address = parseAddress(text);
    if (address !== null) return this.addressHits(address);
    const name = normaliseDomain(text);
    return name === null ? 0 : this.#unionOf(this.#domains.findAll(name));
  }

  #unionOf(ids: readonly number[]): number {
    let union = 0;
    for (const id of ids) union = this.sets.union(union, id);
    return union;
  }
}

/** Collects the indicators of any number of lists, then packs them. */
export class ThreatIntelBuilder {
  readonly #sets = new ThreatHitSets();
  readonly #addresses = new PrefixTableBuilder();
  readonly #domains = new Map<string, number>();
  readonly #ids = new Map<ThreatHit, number>();

  add(indicator: ThreatIndicator, hit: ThreatHit): void {
    let id = this.#ids.get(hit);
    if (id === undefined) {
      id = this.#sets.idOf([hit]);
      this.#ids.set(hit, id);
    }
    if (indicator.kind === "address") this.#addresses.add(indicator.prefix, id);
    else this.#domains.set(indicator.name, this.#sets.union(this.#domains.get(indicator.name) ?? 0, id));
  }

  build(): ThreatIntel {
    const addresses = this.#addresses.build((a, b) => this.#sets.union(a, b));
    return new ThreatIntel(this.#sets, addresses, new DomainTable(this.#domains));
  }
}
