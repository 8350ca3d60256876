import type { JsonColumn } from "./json-column.ts";

/** Leaves that share a name: the second of them in one record's `extra` would take the place of the first. */
export interface NameUse {
  lastExtra: number;
}

/**
 * A place in the records: a key below other keys. It knows its column, so that a leaf costs one look-up, and the bytes of its key, so that the
 * scanner finds it without making a string.
 */
export class Place {
  readonly parent: Place | undefined;
  readonly key: string;
  readonly joined: string;
  readonly name: string;
  readonly depth: number;
  readonly isAddress: boolean;
  readonly isPort: boolean;
  /** What the name is used for by all places that have it. */
  readonly use: NameUse;
  column: JsonColumn | undefined;
  /** A value that is not null was here once, so it is settled whether this is a column or an object to look into. */
  isSettled = false;
  /** No column of this name can be made. */
  isRefused: boolean;
  /** A top-level key that must hold a text. */
  isText = false;
  /** The top-level key that says which table a record belongs to. */
  isTableKey = false;
  readonly below = new Map<string, Place>();
  /** The record that was last seen to have this key. */
  lastRecord = -1;
  /** The places that came next and first below in the last record: records of a source have their keys in much the same order. */
  next: Place | undefined;
  first: Place | undefined;
  readonly keyBytes: Uint8Array;
  /** `"name":` */
  readonly extraPrefix: Buffer;
  #slots: (Place | undefined)[] = [];
  #count = 0;

  constructor(
    parent: Place | undefined,
    key: string,
    joined: string,
    name: string,
    isAddress: boolean,
    isPort: boolean,
    isRefused: boolean,
    use: NameUse,
  ) {
    this.parent = parent;
    this.key = key;
    this.joined = joined;
    this.name = name;
    this.depth = parent ? parent.depth + 1 : 0;
    this.isAddress = isAddress;
    this.isPort = isPort;
    this.isRefused = isRefused;
    this.use = use;
    this.keyBytes = Buffer.from(key);
    this.extraPrefix = Buffer.from(`${JSON.stringify(name)}:`);
  }

  /** Remembers a place below this one. */
  add(place: Place): void {
    this.below.set(place.key, place);
    if (!isScannable(place)) return;
    this.#count++;
    if (this.#count * 2 <= this.#slots.length) this.#insert(place);
    else {
      const all = this.#slots.filter((known) => known !== undefined);
      this.#slots = new Array<Place | undefined>(Math.max(8, this.#slots.length * 2)).fill(undefined);
      for (const known of [...all, place]) this.#insert(known);
    }
  }

  /** The place of a key that stands in the bytes as it is, without escapes. */
  find(bytes: Uint8Array, start: number, end: number): Place | undefined {
    const slots = this.#slots;
    if (slots.length === 0) return undefined;
    const mask = slots.length - 1;
    for (let slot = hashOf(bytes, start, end) & mask; ; slot = (slot + 1) & mask) {
      const place = slots[slot];
      if (place === undefined) return undefined;
      const { keyBytes } = place;
      if (keyBytes.length !== end - start) continue;
      let i = 0;
      while (i < keyBytes.length && keyBytes[i] === bytes[start + i]) i++;
      if (i === keyBytes.length) return place;
    }
  }

  #insert(place: Place): void {
    const mask = this.#slots.length - 1;
    let slot = hashOf(place.keyBytes, 0, place.keyBytes.length) & mask;
    while (this.#slots[slot] !== undefined) slot = (slot + 1) & mask;
    this.#slots[slot] = place;
  }
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash ^ (hash >>> 15);
}

/** JavaScript puts keys that are whole numbers before all others, and a key with such characters stands in JSON with escapes. */
function isScannable({ key, name }: Place): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a key with one is never written as it is
  return name !== "extra" && !/^\d+$/.test(key) && !/^\d+$/.test(name) && !/[\u0000-\u001f"\\]/.test(key) && key.isWellFormed();
}
