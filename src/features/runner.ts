import { SoclabError } from "../core/index.ts";
import { type Columns, stringAt } from "../event/index.ts";
import { masker } from "./condition-mask.ts";
import { noKey } from "./domain.ts";
import { emitter } from "./emit.ts";
import { EntityState } from "./entity-state.ts";
import { type FeatureInput, InputReader, writeFlags, writeKeys, writeMoments, writeNumbers } from "./extract.ts";
import { withRoom } from "./growable.ts";
import { type Layout, layOut } from "./layout.ts";
import { Pending } from "./pending.ts";
import { type FeaturePlan, planFeatures } from "./plan.ts";
import type { FeatureBlock, FeatureRunner, PendingRows, Pushed } from "./runner-contract.ts";
import { readSnapshot, writeSnapshot } from "./snapshot.ts";
import { Symbols } from "./symbols.ts";

/** @throws SOCLAB_INVALID_DEFINITION */
export function createFeatureRunner<I extends FeatureInput = FeatureInput>(definition: unknown, columns?: Columns): FeatureRunner<I> {
  return new Runner<I>(planFeatures(definition, columns));
}

const isLate = 1;
const isHistory = 2;

class Runner<I extends FeatureInput> implements FeatureRunner<I> {
  readonly plan: FeaturePlan;
  watermark = Number.NEGATIVE_INFINITY;
  newestTime = Number.NEGATIVE_INFINITY;
  readonly #layout: Layout;
  readonly #where: ReturnType<typeof masker>;
  readonly #masks: ReadonlyMap<string, ReturnType<typeof masker>>;
  #state: EntityState;
  #emit: ReturnType<typeof emitter>;

  readonly #pending = new Pending();
  #inputs = new Float64Array(0);
  #keys = new Int32Array(0);
  #entity = new Int32Array(0);
  #row = new Int32Array(0);
  #source = new Int32Array(0);
  #ownTime = new Float64Array(0);
  #flags = new Uint8Array(0);

  readonly #sources: (I | undefined)[] = [];
  readonly #sourceHolds: number[] = [];
  readonly #freeSources: number[] = [];

  #accepted = new Int32Array(0);
  #slots = new Int32Array(0);
  #mask = new Uint8Array(0);

  #values = new Float64Array(0);
  #outSource = new Int32Array(0);
  #outRow = new Int32Array(0);
  #outTime = new Float64Array(0);
  #outLate = new Uint8Array(0);
  #outEntity = new Int32Array(0);
  #outCount = 0;

  constructor(plan: FeaturePlan) {
    this.plan = plan;
    this.#layout = layOut(plan);
    this.#where = masker(plan.where);
    this.#masks = new Map(
      [...this.#layout.inputs, ...this.#layout.keys]
        .filter(({ where }) => where.length > 0)
        .map(({ where }) => [JSON.stringify(where), masker(where)]),
    );
    this.#state = new EntityState(plan, this.#layout);
    this.#emit = emitter(this.#layout, this.#state);
  }

  get names(): readonly string[] {
    return this.plan.names;
  }

  get pendingCount(): number {
    return this.#pending.length;
  }

  get entityCount(): number {
    return this.#state.entities.size;
  }

  push(input: I, rows?: Int32Array): Pushed {
    return this.#take(input, rows, 0, (count) => this.#holdSource(input, count));
  }

  observe(input: FeatureInput, rows?: Int32Array): Pushed {
    return this.#take(input, rows, isHistory, () => -1);
  }

  #take(input: FeatureInput, rows: Int32Array | undefined, flag: number, sourceOf: (count: number) => number): Pushed {
    const offered = rows?.length ?? input.length;
    const reader = new InputReader(this.plan, input);
    const times = reader.times();
    const count = this.#accept(reader, times, rows, offered);
    if (count === 0) return { accepted: 0, filtered: offered };
    this.#reserve(count);
    const accepted = this.#accepted;
    const slots = this.#slots;
    this.#writeInputs(reader, count);
    this.#writeEntities(reader, count);
    const source = sourceOf(count);
    const queue = this.#pending.times;
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      const row = accepted[i]!;
      const time = times[row]!;
      const late = time <= this.watermark;
      if (time > this.newestTime) this.newestTime = time;
      queue[slot] = late ? this.watermark : time;
      this.#ownTime[slot] = time;
      this.#row[slot] = row;
      this.#source[slot] = source;
      this.#flags[slot] = flag | (late ? isLate : 0);
    }
    this.#pending.enqueue(slots, count);
    return { accepted: count, filtered: offered - count };
  }

  /** Rows that exist for the definition, into #accepted. */
  #accept(reader: InputReader, times: Float64Array, rows: Int32Array | undefined, offered: number): number {
    this.#accepted = withRoom(this.#accepted, offered);
    const accepted = this.#accepted;
    const hasEntity = reader.entityTest();
    let count = 0;
    for (let i = 0; i < offered; i++) {
      const row = rows === undefined ? i : rows[i]!;
      const time = times[row]!;
      if (time >= 0 && hasEntity(row)) accepted[count++] = row;
    }
    if (this.plan.where.length === 0) return count;
    const mask = this.#freshMask(count);
    this.#where(reader, accepted, count, mask);
    let kept = 0;
    for (let i = 0; i < count; i++) if (mask[i] === 1) accepted[kept++] = accepted[i]!;
    return kept;
  }

  #freshMask(count: number): Uint8Array {
    this.#mask = withRoom(this.#mask, count);
    return this.#mask.fill(1, 0, count);
  }

  #reserve(count: number): void {
    this.#slots = withRoom(this.#slots, count);
    this.#pending.take(count, this.#slots);
    const { capacity } = this.#pending;
    const { width, keys } = this.#layout;
    this.#inputs = withRoom(this.#inputs, capacity * width);
    this.#keys = withRoom(this.#keys, capacity * keys.length);
    this.#entity = withRoom(this.#entity, capacity);
    this.#row = withRoom(this.#row, capacity);
    this.#source = withRoom(this.#source, capacity);
    this.#ownTime = withRoom(this.#ownTime, capacity);
    this.#flags = withRoom(this.#flags, capacity);
  }

  #writeInputs(reader: InputReader, count: number): void {
    const rows = this.#accepted;
    const target = { slots: this.#slots, inputs: this.#inputs, width: this.#layout.width };
    const masks = new Map<string, Uint8Array>();
    const maskOf = (where: FeaturePlan["where"]): Uint8Array | undefined => {
      if (where.length === 0) return undefined;
      const text = JSON.stringify(where);
      const known = masks.get(text);
      if (known) return known;
      const mask = new Uint8Array(count).fill(1);
      this.#masks.get(text)!(reader, rows, count, mask);
      masks.set(text, mask);
      return mask;
    };
    for (const spec of this.#layout.inputs) {
      const mask = maskOf(spec.where);
      if (spec.kind === "flag") {
        writeFlags(mask, count, target, spec.at);
        continue;
      }
      const values = reader.numbers(spec.column.name);
      if (spec.kind === "moments") writeMoments(values, spec.column.type === "double", spec.squares, rows, count, mask, target, spec.at);
      else {
        const missing = spec.role === "value" ? Number.NaN : Number.POSITIVE_INFINITY;
        writeNumbers(values, rows, count, mask, missing, spec.role === "max" ? -1 : 1, target, spec.at);
      }
    }
    const { keys } = this.#layout;
    keys.forEach((key, at) => {
      const symbols = this.#state.keySymbols[at] ?? unusedSymbols;
      writeKeys(reader, key.column, symbols, rows, count, maskOf(key.where), this.#slots, this.#keys, keys.length, at);
    });
  }

  #writeEntities(reader: InputReader, count: number): void {
    const { name, type } = this.plan.entity;
    const column = reader.column(name)!;
    const { entities } = this.#state;
    const rows = this.#accepted;
    const slots = this.#slots;
    if ("codes" in column) {
      const { codes, dictionary } = column;
      for (let i = 0; i < count; i++) this.#entity[slots[i]!] = entities.holdCode(dictionary, codes[rows[i]!]!);
    } else if ("starts" in column) {
      for (let i = 0; i < count; i++) this.#entity[slots[i]!] = entities.hold(stringAt(column, rows[i]!)!);
    } else {
      const values = reader.numbers(name)!;
      for (let i = 0; i < count; i++) {
        const value = values[rows[i]!]!;
        this.#entity[slots[i]!] = entities.hold(type === "boolean" ? String(value === 1) : String(value));
      }
    }
    this.#state.reserve();
  }

  advance(watermarkMicros: number): FeatureBlock<I> {
    if (Number.isNaN(watermarkMicros)) throw new SoclabError("SOCLAB_INVALID_VALUE", "the watermark is NaN; expected epoch microseconds");
    if (watermarkMicros === Number.POSITIVE_INFINITY) return this.flush();
    if (watermarkMicros > this.watermark) this.watermark = watermarkMicros;
    return this.#release();
  }

  flush(): FeatureBlock<I> {
    if (this.newestTime > this.watermark) this.watermark = this.newestTime;
    return this.#release();
  }

  #release(): FeatureBlock<I> {
    this.#forgetBlock();
    const pending = this.#pending;
    const count = pending.countUntil(this.watermark);
    const d = this.names.length;
    this.#values = withRoom(this.#values, count * d);
    this.#outSource = withRoom(this.#outSource, count);
    this.#outRow = withRoom(this.#outRow, count);
    this.#outTime = withRoom(this.#outTime, count);
    this.#outLate = withRoom(this.#outLate, count);
    this.#outEntity = withRoom(this.#outEntity, count);
    const { times } = pending;
    for (let first = 0; first < count; ) {
      const time = times[pending.slotAt(first)]!;
      let end = first;
      // Peers see each other: all of a time are counted in before the first of them comes out.
      for (; end < count && times[pending.slotAt(end)] === time; end++) this.#countIn(pending.slotAt(end), time);
      for (; first < end; first++) this.#bringOut(pending.slotAt(first), time, d);
    }
    pending.removeFirst(count);
    this.#state.evict(this.watermark);
    return this.#block(d);
  }

  #countIn(slot: number, time: number): void {
    const { width, keys } = this.#layout;
    this.#state.add(this.#entity[slot]!, time, this.#inputs, slot * width, this.#keys, slot * keys.length);
  }

  #bringOut(slot: number, time: number, d: number): void {
    const { width, keys } = this.#layout;
    const entity = this.#entity[slot]!;
    const source = this.#source[slot]!;
    if ((this.#flags[slot]! & isHistory) === 0) {
      const at = this.#outCount++;
      this.#emit(entity, time, this.#inputs, slot * width, this.#keys, slot * keys.length, this.#values, at * d);
      this.#outSource[at] = source;
      this.#outRow[at] = this.#row[slot]!;
      this.#outTime[at] = this.#ownTime[slot]!;
      this.#outLate[at] = this.#flags[slot]! & isLate;
      this.#outEntity[at] = entity;
    } else {
      this.#state.entities.release(entity);
    }
    for (let key = 0; key < keys.length; key++) {
      const id = this.#keys[slot * keys.length + key]!;
      if (id !== noKey) this.#state.keySymbols[key]?.release(id);
    }
  }

  #block(d: number): FeatureBlock<I> {
    const count = this.#outCount;
    const entities = this.#outEntity;
    const { entities: symbols } = this.#state;
    return {
      rowCount: count,
      names: this.names,
      values: this.#values.subarray(0, count * d),
      inputs: this.#sources,
      inputIndex: this.#outSource.subarray(0, count),
      rows: this.#outRow.subarray(0, count),
      eventTimes: this.#outTime.subarray(0, count),
      late: this.#outLate.subarray(0, count),
      entity: (i) => String(symbols.valueOf(entities[i]!)),
    };
  }

  /** What the last block named is held until here. */
  #forgetBlock(): void {
    for (let i = 0; i < this.#outCount; i++) {
      this.#state.entities.release(this.#outEntity[i]!);
      this.#releaseSource(this.#outSource[i]!);
    }
    this.#outCount = 0;
  }

  #holdSource(input: I, count: number): number {
    const source = this.#freeSources.pop() ?? this.#sources.length;
    this.#sources[source] = input;
    this.#sourceHolds[source] = count;
    return source;
  }

  #releaseSource(source: number): void {
    if (--this.#sourceHolds[source]! > 0) return;
    this.#sources[source] = undefined;
    this.#freeSources.push(source);
  }

  pending(): PendingRows<I> {
    const inputIndex = new Int32Array(this.#pending.length);
    const rows = new Int32Array(this.#pending.length);
    let rowCount = 0;
    for (let i = 0; i < this.#pending.length; i++) {
      const slot = this.#pending.slotAt(i);
      if ((this.#flags[slot]! & isHistory) !== 0) continue;
      inputIndex[rowCount] = this.#source[slot]!;
      rows[rowCount++] = this.#row[slot]!;
    }
    return { rowCount, inputs: this.#sources, inputIndex: inputIndex.subarray(0, rowCount), rows: rows.subarray(0, rowCount) };
  }

  snapshot(): Uint8Array {
    return writeSnapshot(this.plan, this.#layout, this.#state, this.watermark);
  }

  restore(snapshot: Uint8Array): void {
    if (this.#pending.length > 0) {
      throw new SoclabError("SOCLAB_INVALID_VALUE", `restore over ${this.#pending.length} pending events would lose them`, {
        hint: "Restore into a new runner, then push the pending events again.",
      });
    }
    const state = new EntityState(this.plan, this.#layout);
    const watermark = readSnapshot(snapshot, this.plan, this.#layout, state);
    this.#forgetBlock();
    this.#state = state;
    this.#emit = emitter(this.#layout, state);
    this.watermark = watermark;
    this.newestTime = watermark;
  }
}

const unusedSymbols = new Symbols();
