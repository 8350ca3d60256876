import { withRoom } from "./growable.ts";

/**
 * One trailing window for every entity: its living tiles as a list in one arena, and their totals. The first `sums` lanes of a tile add, the
 * others keep a minimum (a maximum is a minimum of negated values). Cost an event: its lanes; a tile that expires is taken out of the totals
 * once, and where it held a minimum the living tiles are looked at again.
 */
export class TileWindow {
  readonly tileMicros: number;
  readonly tiles: number;
  readonly sums: number;
  readonly width: number;
  /** Row-major, entity × width: the window of the entity as of its last update. */
  totals = new Float64Array(0);
  #heads = new Int32Array(0);
  #tails = new Int32Array(0);
  #tile = new Float64Array(0);
  #next = new Int32Array(0);
  #lanes = new Float64Array(0);
  #free = -1;
  #used = 0;
  #entities = 0;

  constructor(tileMicros: number, tiles: number, sums: number, minima: number) {
    this.tileMicros = tileMicros;
    this.tiles = tiles;
    this.sums = sums;
    this.width = sums + minima;
  }

  reserve(entities: number): void {
    if (entities <= this.#entities) return;
    this.#heads = withRoom(this.#heads, entities, -1);
    if (this.#entities === 0) this.#heads.fill(-1);
    this.#tails = withRoom(this.#tails, entities);
    this.totals = withRoom(this.totals, this.#heads.length * this.width);
    for (let entity = this.#entities; entity < this.#heads.length; entity++) this.#reset(entity);
    this.#entities = this.#heads.length;
  }

  /** Counts an event in: lane i adds `inputs[at + sources[i]]`. Times of an entity never go back. */
  add(entity: number, micros: number, inputs: Float64Array, at: number, sources: Int32Array): void {
    const tile = Math.floor(micros / this.tileMicros);
    if (this.#heads[entity]! >= 0) this.#expire(entity, tile - this.tiles);
    let record = this.#tails[entity]!;
    if (this.#heads[entity]! < 0 || this.#tile[record] !== tile) record = this.#append(entity, tile);
    const { totals, width, sums } = this;
    const lanes = this.#lanes;
    const total = entity * width;
    const lane = record * width;
    for (let i = 0; i < sums; i++) {
      const value = inputs[at + sources[i]!]!;
      totals[total + i]! += value;
      lanes[lane + i]! += value;
    }
    for (let i = sums; i < width; i++) {
      const value = inputs[at + sources[i]!]!;
      if (value < lanes[lane + i]!) lanes[lane + i] = value;
      if (value < totals[total + i]!) totals[total + i] = value;
    }
  }

  drop(entity: number): void {
    let record = this.#heads[entity]!;
    while (record >= 0) {
      const next = this.#next[record]!;
      this.#next[record] = this.#free;
      this.#free = record;
      record = next;
    }
    this.#heads[entity] = -1;
    this.#reset(entity);
  }

  /** Living tiles of an entity, oldest first, for a snapshot. */
  forEachTile(entity: number, visit: (tile: number, lanes: Float64Array) => void): void {
    for (let record = this.#heads[entity]!; record >= 0; record = this.#next[record]!) {
      visit(this.#tile[record]!, this.#lanes.subarray(record * this.width, (record + 1) * this.width));
    }
  }

  /** Puts a tile back that {@link forEachTile} gave; oldest first. */
  restoreTile(entity: number, tile: number, lanes: Float64Array): void {
    const record = this.#append(entity, tile);
    this.#lanes.set(lanes, record * this.width);
    const total = entity * this.width;
    for (let i = 0; i < this.sums; i++) this.totals[total + i]! += lanes[i]!;
    for (let i = this.sums; i < this.width; i++) this.totals[total + i] = Math.min(this.totals[total + i]!, lanes[i]!);
  }

  #append(entity: number, tile: number): number {
    let record = this.#free;
    if (record >= 0) this.#free = this.#next[record]!;
    else {
      record = this.#used++;
      this.#tile = withRoom(this.#tile, this.#used);
      this.#next = withRoom(this.#next, this.#used);
      this.#lanes = withRoom(this.#lanes, this.#used * this.width);
    }
    this.#tile[record] = tile;
    this.#next[record] = -1;
    this.#lanes.fill(0, record * this.width, record * this.width + this.sums);
    this.#lanes.fill(Number.POSITIVE_INFINITY, record * this.width + this.sums, (record + 1) * this.width);
    if (this.#heads[entity]! < 0) this.#heads[entity] = record;
    else this.#next[this.#tails[entity]!] = record;
    this.#tails[entity] = record;
    return record;
  }

  /** Takes out the tiles up to and including `last`. */
  #expire(entity: number, last: number): void {
    const { width, sums, totals } = this;
    let record = this.#heads[entity]!;
    if (this.#tile[record]! > last) return;
    let minimumLost = false;
    const total = entity * width;
    while (record >= 0 && this.#tile[record]! <= last) {
      const lane = record * width;
      for (let i = 0; i < sums; i++) totals[total + i]! -= this.#lanes[lane + i]!;
      for (let i = sums; i < width; i++) if (this.#lanes[lane + i] === totals[total + i]) minimumLost = true;
      const next = this.#next[record]!;
      this.#next[record] = this.#free;
      this.#free = record;
      record = next;
    }
    this.#heads[entity] = record;
    if (!minimumLost) return;
    totals.fill(Number.POSITIVE_INFINITY, total + sums, total + width);
    for (; record >= 0; record = this.#next[record]!) {
      for (let i = sums; i < width; i++) {
        const value = this.#lanes[record * width + i]!;
        if (value < totals[total + i]!) totals[total + i] = value;
      }
    }
  }

  #reset(entity: number): void {
    this.totals.fill(0, entity * this.width, entity * this.width + this.sums);
    this.totals.fill(Number.POSITIVE_INFINITY, entity * this.width + this.sums, (entity + 1) * this.width);
  }
}
