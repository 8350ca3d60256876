import type { Dictionary } from "../event/index.ts";

/**
 * Small integers for values that are in use, counted: an id is free again when nothing holds it, so that a stream of ever new values
 * (a scan over IPv6) needs memory for the living ones only.
 */
export class Symbols {
  readonly #ids = new Map<string | number, number>();
  readonly #values: (string | number | undefined)[] = [];
  readonly #free: number[] = [];
  #holds = new Int32Array(1024);
  /** Code → id of dictionaries seen; an entry counts only while the id still means the same value. */
  readonly #known = new WeakMap<Dictionary, Int32Array>();

  /** Ids are below this. */
  get capacity(): number {
    return this.#values.length;
  }

  get size(): number {
    return this.#ids.size;
  }

  /** The id of the value, which the caller then holds once more. */
  hold(value: string | number): number {
    let id = this.#ids.get(value);
    if (id === undefined) {
      id = this.#free.pop() ?? this.#values.length;
      this.#values[id] = value;
      this.#ids.set(value, id);
      if (id >= this.#holds.length) {
        const grown = new Int32Array(this.#holds.length * 2);
        grown.set(this.#holds);
        this.#holds = grown;
      }
    }
    this.#holds[id]! += 1;
    return id;
  }

  /** As {@link hold}, for a code of a dictionary: a look-up in two arrays once it has been seen. */
  holdCode(dictionary: Dictionary, code: number): number {
    let ids = this.#known.get(dictionary);
    if (ids === undefined || code >= ids.length) {
      const grown = new Int32Array(Math.max(64, dictionary.values.length, 2 * (ids?.length ?? 0))).fill(-1);
      if (ids) grown.set(ids);
      ids = grown;
      this.#known.set(dictionary, ids);
    }
    const value = dictionary.values[code]!;
    const id = ids[code]!;
    if (id >= 0 && this.#values[id] === value) {
      this.#holds[id]! += 1;
      return id;
    }
    const held = this.hold(value);
    ids[code] = held;
    return held;
  }

  holdAgain(id: number): void {
    this.#holds[id]! += 1;
  }

  release(id: number): void {
    if (--this.#holds[id]! > 0) return;
    this.#ids.delete(this.#values[id]!);
    this.#values[id] = undefined;
    this.#free.push(id);
  }

  valueOf(id: number): string | number {
    return this.#values[id]!;
  }
}
