import type { Indicator, IndicatorKind } from "../../src/enrich/index.ts";

interface TrieNode {
  zero?: TrieNode;
  one?: TrieNode;
  indicators?: Indicator[];
}

/** The plain way: a `Map` of strings to objects a kind, and a binary trie of objects for IPv4 networks. */
export class MapIntel {
  readonly #values: Readonly<Record<IndicatorKind, Map<string, Indicator[]>>> = {
    address: new Map(),
    domain: new Map(),
    url: new Map(),
    hash: new Map(),
  };
  readonly #networks: TrieNode = {};
  #matches: Indicator[][] = [[]];

  add(indicator: Indicator): void {
    const { kind, value } = indicator;
    if (kind === "address" && value.includes("/")) {
      let node = this.#networks;
      const [address, length] = value.split("/");
      const word = wordOf(address!);
      for (let bit = 0; bit < Number(length); bit++) {
        const side = (word >>> (31 - bit)) & 1 ? "one" : "zero";
        node[side] ??= {};
        node = node[side];
      }
      node.indicators ??= [];
      node.indicators.push(indicator);
      return;
    }
    const key = kind === "url" ? new URL(value).href : value.toLowerCase();
    const known = this.#values[kind].get(key);
    if (known) known.push(indicator);
    else this.#values[kind].set(key, [indicator]);
  }

  build(): this {
    return this;
  }

  match(kind: IndicatorKind, value: string): number {
    const found: Indicator[] = [];
    const values = this.#values[kind];
    if (kind === "address") {
      found.push(...(values.get(value) ?? []));
      const word = wordOf(value);
      let node: TrieNode | undefined = this.#networks;
      for (let bit = 0; node && bit <= 32; bit++) {
        if (node.indicators) found.push(...node.indicators);
        node = (word >>> (31 - bit)) & 1 ? node.one : node.zero;
      }
    } else if (kind === "domain") {
      for (let name = value.toLowerCase(); ; ) {
        found.push(...(values.get(name) ?? []));
        const dot = name.indexOf(".");
        if (dot < 0) break;
        name = name.slice(dot + 1);
      }
    } else if (kind === "url") found.push(...(values.get(new URL(value).href) ?? []));
    else found.push(...(values.get(value.toLowerCase()) ?? []));
    if (found.length === 0) return 0;
    this.#matches = [[], found];
    return 1;
  }

  hitsAt(match: number, at: number, _asOf: string): number {
    return this.#matches[match]!.filter(
      ({ validFrom, validUntil }) => (validFrom ?? 0) <= at && at < (validUntil ?? Number.POSITIVE_INFINITY),
    ).length;
  }
}

function wordOf(address: string): number {
  return address.split(".").reduce((word, octet) => ((word << 8) | Number(octet)) >>> 0, 0);
}
