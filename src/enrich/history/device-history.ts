import type { Address, AddressPrefix } from "../address.ts";
import { type PrefixTable, PrefixTableBuilder } from "../prefix-table.ts";
import { firstLabel, normaliseHost } from "./device-names.ts";
import { forever, nothing, type TimeLines } from "./time-lines.ts";
import { TimeLinesBuilder } from "./time-lines-builder.ts";

/** What a row of a history is found by; at least one. */
export interface DeviceKeys {
  readonly prefix?: AddressPrefix | null | undefined;
  /** As `normaliseMac` writes it. */
  readonly mac?: string | null | undefined;
  /** As `normaliseHost` writes it. */
  readonly host?: string | null | undefined;
}

/** When a row holds, epoch microseconds: from `from` up to, not including, `until`. */
export interface Validity {
  readonly from: number;
  readonly until: number;
  /** When it became known; minus infinity where that is not told. */
  readonly knownAt: number;
}

/** What is known of devices over time, by address or network, MAC address and host name. */
export class DeviceHistory<T> {
  /** Rows read. */
  readonly size: number;
  /** Distinct entries; a look-up by key gives an index into them, or {@link nothing}. */
  readonly entries: readonly T[];
  readonly lines: TimeLines;
  readonly #prefixes: PrefixTable;
  readonly #macs: ReadonlyMap<string, number>;
  readonly #hosts: ReadonlyMap<string, number>;

  /** @internal use {@link DeviceHistoryBuilder} */
  constructor(
    size: number,
    entries: readonly T[],
    lines: TimeLines,
    prefixes: PrefixTable,
    macs: ReadonlyMap<string, number>,
    hosts: ReadonlyMap<string, number>,
  ) {
    this.size = size;
    this.entries = entries;
    this.lines = lines;
    this.#prefixes = prefixes;
    this.#macs = macs;
    this.#hosts = hosts;
  }

  /** Keys of the address and of the networks that hold it, most specific first. */
  addressKeys(address: Address): readonly number[] {
    return this.#prefixes.findAll(address);
  }

  macKeys(mac: string): readonly number[] {
    const key = this.#macs.get(mac);
    return key === undefined ? none : [key];
  }

  /** Keys of a host name: the whole name, then its first label. */
  hostKeys(host: string): readonly number[] {
    const short = firstLabel(host);
    return short === null ? this.nameKeys(host) : [...this.nameKeys(host), ...this.nameKeys(short)];
  }

  /** The key of just this name. */
  nameKeys(name: string): readonly number[] {
    const key = this.#hosts.get(name);
    return key === undefined ? none : [key];
  }

  /** The entry of the first key that has one at the time, as an index, or {@link nothing}. */
  first(keys: readonly number[], time: number): number {
    for (const key of keys) {
      const entry = this.lines.at(key, time);
      if (entry !== nothing) return entry;
    }
    return nothing;
  }

  /**
   * What the most specific network that has an entry at the time says.
   * @param time - epoch microseconds; without it what holds with an open end
   */
  find(address: Address, time: number = forever): T | null {
    return this.entries[this.first(this.addressKeys(address), time)] ?? null;
  }

  /** @param mac - as `00:15:5d:01:23:45` */
  findByMac(mac: string, time: number = forever): T | null {
    return this.entries[this.first(this.macKeys(mac), time)] ?? null;
  }

  findByHost(host: string, time: number = forever): T | null {
    const name = normaliseHost(host);
    return name === null ? null : (this.entries[this.first(this.hostKeys(name), time)] ?? null);
  }
}

const none: readonly number[] = [];

/** Collects rows, then packs them. Rows that say the same share one entry. */
export class DeviceHistoryBuilder<T> {
  readonly #entries: T[] = [];
  readonly #entryIds = new Map<string, number>();
  readonly #lines = new TimeLinesBuilder();
  readonly #prefixes = new PrefixTableBuilder();
  /** A number for IPv4, which a map takes with less memory than a text. */
  readonly #prefixKeys = new Map<number | string, number>();
  readonly #macs = new Map<string, number>();
  readonly #hosts = new Map<string, number>();
  #keyCount = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add({ prefix, mac, host }: DeviceKeys, entry: T, { from, until, knownAt }: Validity): void {
    this.#size++;
    const id = this.#entryId(entry);
    if (prefix) this.#lines.add(this.#prefixKey(prefix), id, from, until, knownAt);
    if (mac) this.#lines.add(this.#nameKey(this.#macs, mac), id, from, until, knownAt);
    if (host) this.#lines.add(this.#nameKey(this.#hosts, host), id, from, until, knownAt);
  }

  /** @param knownAt - leaves out rows that became known after it, epoch microseconds */
  build(knownAt: number = forever): DeviceHistory<T> {
    return new DeviceHistory(this.#size, this.#entries, this.#lines.build(knownAt), this.#prefixes.build(), this.#macs, this.#hosts);
  }

  #entryId(entry: T): number {
    const text = JSON.stringify(entry);
    let id = this.#entryIds.get(text);
    if (id === undefined) {
      id = this.#entries.length;
      this.#entries.push(entry);
      this.#entryIds.set(text, id);
    }
    return id;
  }

  #prefixKey(prefix: AddressPrefix): number {
    const text = prefix.family === 4 ? prefix.words[0]! * 64 + prefix.length : `${prefix.words.join(",")}/${prefix.length}`;
    let key = this.#prefixKeys.get(text);
    if (key === undefined) {
      key = this.#keyCount++;
      this.#prefixKeys.set(text, key);
      this.#prefixes.add(prefix, key);
    }
    return key;
  }

  #nameKey(names: Map<string, number>, name: string): number {
    let key = names.get(name);
    if (key === undefined) {
      key = this.#keyCount++;
      names.set(name, key);
    }
    return key;
  }
}
