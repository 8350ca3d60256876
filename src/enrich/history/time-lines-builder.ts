import { always, forever, nothing, TimeLines } from "./time-lines.ts";

/**
 * Collects intervals in any order and packs them. Intervals are half-open: `from` belongs to them, `until` does not. Where several of one key
 * hold at a time, the one that began last counts; of those that began together, the one that was added last. Where none holds there is a gap.
 */
export class TimeLinesBuilder {
  #keys = new Int32Array(16);
  #values = new Int32Array(16);
  #froms = new Float64Array(16);
  #untils = new Float64Array(16);
  /** Only there once a row tells when it became known. */
  #known: Float64Array | undefined;
  #length = 0;
  #keyCount = 0;

  get length(): number {
    return this.#length;
  }

  /**
   * @param from - epoch microseconds, below `until`
   * @param knownAt - when the interval became known; {@link always} where that is not told
   */
  add(key: number, value: number, from: number, until: number, knownAt: number = always): void {
    if (this.#length === this.#keys.length) this.#grow();
    const row = this.#length++;
    this.#keys[row] = key;
    this.#values[row] = value;
    this.#froms[row] = from;
    this.#untils[row] = until;
    if (knownAt !== always) this.#known ??= new Float64Array(this.#keys.length).fill(always);
    if (this.#known) this.#known[row] = knownAt;
    if (key >= this.#keyCount) this.#keyCount = key + 1;
  }

  /** @param knownAt - leaves out what became known after it, epoch microseconds */
  build(knownAt: number = forever): TimeLines {
    const { rows, starts } = this.#rowsByKey(knownAt);
    const lineStarts = new Uint32Array(this.#keyCount + 1);
    const changes = new Changes(rows.length);
    const open: number[] = [];
    for (let key = 0; key < this.#keyCount; key++) {
      changes.begin();
      this.#sweep(rows.subarray(starts[key]!, starts[key + 1]!), open, changes);
      lineStarts[key + 1] = changes.length;
    }
    return new TimeLines(lineStarts, changes.times.slice(0, changes.length), changes.values.slice(0, changes.length));
  }

  /** The intervals that hold at a time are a stack: the one that begins later covers what began before until it ends. */
  #sweep(rows: Uint32Array, open: number[], changes: Changes): void {
    open.length = 0;
    for (const row of rows) {
      this.#closeUntil(this.#froms[row]!, open, changes);
      open.push(row);
      changes.add(this.#froms[row]!, this.#values[row]!);
    }
    this.#closeUntil(forever, open, changes);
  }

  #closeUntil(time: number, open: number[], changes: Changes): void {
    while (open.length > 0) {
      const ended = this.#untils[open.at(-1)!]!;
      if (ended > time || ended === forever) return;
      do open.pop();
      while (open.length > 0 && this.#untils[open.at(-1)!]! <= ended);
      changes.add(ended, open.length === 0 ? nothing : this.#values[open.at(-1)!]!);
    }
  }

  /** The rows of each key, sorted by `from` and then by when they were added. */
  #rowsByKey(knownAt: number): { rows: Uint32Array; starts: Uint32Array } {
    const starts = new Uint32Array(this.#keyCount + 1);
    const isKnown = (row: number) => this.#known === undefined || this.#known[row]! <= knownAt;
    for (let row = 0; row < this.#length; row++) if (isKnown(row)) starts[this.#keys[row]! + 1]!++;
    for (let key = 0; key < this.#keyCount; key++) starts[key + 1]! += starts[key]!;
    const rows = new Uint32Array(starts[this.#keyCount]!);
    const next = starts.slice();
    for (let row = 0; row < this.#length; row++) if (isKnown(row)) rows[next[this.#keys[row]!]!++] = row;
    const froms = this.#froms;
    const order = (a: number, b: number) => (froms[a]! === froms[b]! ? a - b : froms[a]! - froms[b]!);
    for (let key = 0; key < this.#keyCount; key++) {
      const [first, end] = [starts[key]!, starts[key + 1]!];
      let isSorted = true;
      for (let i = first + 1; i < end && isSorted; i++) isSorted = froms[rows[i - 1]!]! <= froms[rows[i]!]!;
      if (!isSorted) rows.subarray(first, end).sort(order);
    }
    return { rows, starts };
  }

  #grow(): void {
    const length = this.#keys.length * 2;
    const larger = <A extends Int32Array | Float64Array>(into: A, from: A): A => {
      into.set(from);
      return into;
    };
    this.#keys = larger(new Int32Array(length), this.#keys);
    this.#values = larger(new Int32Array(length), this.#values);
    this.#froms = larger(new Float64Array(length), this.#froms);
    this.#untils = larger(new Float64Array(length), this.#untils);
    if (this.#known) this.#known = larger(new Float64Array(length), this.#known);
  }
}

/** The changes of one key after the other; a change to what holds already is none. */
class Changes {
  times: Float64Array;
  values: Int32Array;
  length = 0;
  #first = 0;

  constructor(rows: number) {
    this.times = new Float64Array(Math.max(16, rows));
    this.values = new Int32Array(this.times.length);
  }

  begin(): void {
    this.#first = this.length;
  }

  add(time: number, value: number): void {
    if (this.length > this.#first && this.times[this.length - 1] === time) this.length--;
    if (value === (this.length > this.#first ? this.values[this.length - 1]! : nothing)) return;
    if (this.length === this.times.length) {
      const times = new Float64Array(this.length * 2);
      const values = new Int32Array(this.length * 2);
      times.set(this.times);
      values.set(this.values);
      this.times = times;
      this.values = values;
    }
    this.times[this.length] = time;
    this.values[this.length++] = value;
  }
}
