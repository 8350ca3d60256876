import { type Address, parsePrefix } from "../address.ts";
import { NetworkSegments } from "./network-segments.ts";
import { WordTable } from "./word-table.ts";

type Union = (a: number, b: number) => number;

/** Single addresses and networks to numbers: hash tables for addresses, disjoint ranges for networks, which are made when all are there. */
export class AddressTable {
  readonly #v4: WordTable;
  readonly #v6: WordTable;
  readonly #networkCount: number;
  readonly #v4Networks: NetworkSegments;
  readonly #v6Networks: NetworkSegments;

  constructor({ v4, v6, v4Networks, v6Networks }: AddressLists, union: Union) {
    this.#v4 = v4;
    this.#v6 = v6;
    this.#networkCount = v4Networks.size + v6Networks.size;
    this.#v4Networks = new NetworkSegments(v4Networks, 1, union);
    this.#v6Networks = new NetworkSegments(v6Networks, 4, union);
  }

  get size(): number {
    return this.#v4.size + this.#v6.size + this.#networkCount;
  }

  get byteLength(): number {
    return [this.#v4, this.#v6, this.#v4Networks, this.#v6Networks].reduce((sum, table) => sum + table.byteLength, 0);
  }

  /** The value of the address itself, 0 for none. */
  findSingle(address: Address): number {
    const table = address.family === 4 ? this.#v4 : this.#v6;
    const entry = table.find(address.words);
    return entry < 0 ? 0 : table.value(entry);
  }

  /** The united value of all networks that hold the address, 0 for none. */
  findNetworks(address: Address): number {
    return (address.family === 4 ? this.#v4Networks : this.#v6Networks).find(address);
  }
}

/** Addresses and networks while they are collected. */
export class AddressLists {
  readonly v4 = new WordTable(1);
  readonly v6 = new WordTable(4);
  readonly v4Networks = new WordTable(2);
  readonly v6Networks = new WordTable(5);

  /** Changes the value of an address or network, which is 0 for a new one. @returns false where the text is neither */
  update(text: string, change: (value: number) => number): boolean {
    const prefix = parsePrefix(text.trim());
    if (prefix === null) return false;
    const { family, words, length } = prefix;
    const isSingle = length === words.length * 32;
    const table = isSingle ? (family === 4 ? this.v4 : this.v6) : family === 4 ? this.v4Networks : this.v6Networks;
    const entry = table.insert(isSingle ? words : [...words, length]);
    table.setValue(entry, change(table.value(entry)));
    return true;
  }

  /** Changes every value. */
  updateAll(change: (value: number) => number): void {
    for (const table of [this.v4, this.v6, this.v4Networks, this.v6Networks])
      for (let entry = 0; entry < table.size; entry++) table.setValue(entry, change(table.value(entry)));
  }
}
