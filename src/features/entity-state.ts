import { noKey } from "./domain.ts";
import { isDirectKey } from "./extract.ts";
import { withRoom } from "./growable.ts";
import type { Layout } from "./layout.ts";
import { PairTable } from "./pair-table.ts";
import type { FeaturePlan } from "./plan.ts";
import { Symbols } from "./symbols.ts";
import { TileWindow } from "./tile-window.ts";

/** Everything that is remembered of the entities: arenas of numbers, indexed by the entity's id in `entities`. */
export class EntityState {
  readonly entities = new Symbols();
  /** Symbols of each key of the layout, shared by keys on one column; undefined where keys are the values themselves. */
  readonly keySymbols: readonly (Symbols | undefined)[];
  readonly windows: readonly TileWindow[];
  readonly distincts: readonly PairTable[];
  readonly firsts: readonly PairTable[];
  /** Newest event time of an entity, and the newest before that one. */
  last = new Float64Array(0);
  before = new Float64Array(0);
  readonly #layout: Layout;
  readonly #reachMicros: number;
  readonly #keepsForever: boolean;
  #alive = new Uint8Array(0);
  /** Entities with windows, from the longest idle on. */
  #older = new Int32Array(0);
  #newer = new Int32Array(0);
  #linked = new Uint8Array(0);
  #oldest = -1;
  #newest = -1;

  constructor(plan: FeaturePlan, layout: Layout) {
    this.#layout = layout;
    this.#reachMicros = plan.reachMicros;
    this.#keepsForever = plan.needsAllHistory;
    const byColumn = new Map<string, Symbols>();
    this.keySymbols = layout.keys.map(({ column }) => {
      if (isDirectKey(column.type)) return undefined;
      const symbols = byColumn.get(column.name) ?? new Symbols();
      byColumn.set(column.name, symbols);
      return symbols;
    });
    this.windows = layout.windows.map(
      ({ tileMicros, tiles, sums, sources }) => new TileWindow(tileMicros, tiles, sums, sources.length - sums),
    );
    const table = (key: number) => {
      const symbols = this.keySymbols[key];
      return new PairTable((id) => symbols?.release(id));
    };
    this.distincts = layout.distincts.map(({ key }) => table(key));
    this.firsts = layout.firsts.map(table);
  }

  /** Room for every entity id that has been given out. */
  reserve(): void {
    const capacity = this.entities.capacity;
    if (capacity <= this.last.length) return;
    this.last = withRoom(this.last, capacity);
    const room = this.last.length;
    this.before = withRoom(this.before, room);
    this.#alive = withRoom(this.#alive, room);
    this.#linked = withRoom(this.#linked, room);
    this.#older = withRoom(this.#older, room);
    this.#newer = withRoom(this.#newer, room);
    for (const part of [...this.windows, ...this.distincts, ...this.firsts]) part.reserve(room);
  }

  /** Counts an event in; event times never go back. */
  add(entity: number, micros: number, inputs: Float64Array, at: number, keys: Int32Array, keyAt: number): void {
    this.#wake(entity);
    if (this.last[entity] !== micros) {
      this.before[entity] = this.last[entity]!;
      this.last[entity] = micros;
    }
    const { windows, distincts, firsts } = this.#layout;
    for (let w = 0; w < windows.length; w++) {
      const window = this.windows[w]!;
      if (window.width > 0) window.add(entity, micros, inputs, at, windows[w]!.sources);
    }
    for (let d = 0; d < distincts.length; d++) {
      const { key: of, tileMicros, tiles } = distincts[d]!;
      const tile = Math.floor(micros / tileMicros);
      const table = this.distincts[d]!;
      table.expire(entity, tile - tiles);
      const key = keys[keyAt + of]!;
      if (key !== noKey && table.touch(entity, key, tile)) this.keySymbols[of]?.holdAgain(key);
    }
    for (let f = 0; f < firsts.length; f++) {
      const of = firsts[f]!;
      const key = keys[keyAt + of]!;
      if (key !== noKey && this.firsts[f]!.insert(entity, key, micros)) this.keySymbols[of]?.holdAgain(key);
    }
  }

  /** Drops the windows of entities that have been idle for longer than any window reaches: they are empty for whatever comes. */
  evict(watermark: number): void {
    while (this.#oldest >= 0 && this.last[this.#oldest]! + this.#reachMicros < watermark) {
      const entity = this.#oldest;
      this.#unlink(entity);
      for (const window of this.windows) window.drop(entity);
      for (const table of this.distincts) table.expire(entity, Number.POSITIVE_INFINITY);
      if (this.#keepsForever) continue;
      this.#alive[entity] = 0;
      this.entities.release(entity);
    }
  }

  /** Entities with any state: those with windows from the longest idle on, then the others. */
  *living(): Generator<{ readonly entity: number; readonly hasWindows: boolean }> {
    for (let entity = this.#oldest; entity >= 0; entity = this.#newer[entity]!) yield { entity, hasWindows: true };
    for (let entity = 0; entity < this.entities.capacity; entity++) {
      if (this.#alive[entity] === 1 && this.#linked[entity] === 0) yield { entity, hasWindows: false };
    }
  }

  /** A new entity as {@link living} gave it; false if it is there already. */
  revive(name: string, hasWindows: boolean, last: number, before: number): number | undefined {
    const entity = this.entities.hold(name);
    this.reserve();
    if (this.#alive[entity] === 1) return undefined;
    this.#alive[entity] = 1;
    this.last[entity] = last;
    this.before[entity] = before;
    if (hasWindows) this.#link(entity);
    return entity;
  }

  #wake(entity: number): void {
    if (this.#newest === entity) return;
    if (this.#alive[entity] === 0) {
      this.#alive[entity] = 1;
      this.entities.holdAgain(entity);
      this.last[entity] = Number.NaN;
      this.before[entity] = Number.NaN;
    } else if (this.#linked[entity] === 1) this.#unlink(entity);
    this.#link(entity);
  }

  #link(entity: number): void {
    this.#linked[entity] = 1;
    this.#older[entity] = this.#newest;
    this.#newer[entity] = -1;
    if (this.#newest < 0) this.#oldest = entity;
    else this.#newer[this.#newest] = entity;
    this.#newest = entity;
  }

  #unlink(entity: number): void {
    this.#linked[entity] = 0;
    const older = this.#older[entity]!;
    const newer = this.#newer[entity]!;
    if (older < 0) this.#oldest = newer;
    else this.#newer[older] = newer;
    if (newer < 0) this.#newest = older;
    else this.#older[newer] = older;
  }
}
