import { withRoom } from "./growable.ts";

/**
 * Slots of events that wait for the watermark, ordered by event time. A batch is sorted by itself and merged from the end, so that what comes
 * almost in order costs almost nothing; events of equal time stay in order of arrival.
 */
export class Pending {
  /** Event time that counts, by slot: never before the watermark at arrival. */
  times = new Float64Array(0);
  #slots = 0;
  #free = new Int32Array(0);
  #freeCount = 0;
  #order = new Int32Array(0);
  #head = 0;
  #tail = 0;
  #scratch = new Int32Array(0);

  /** Slots are below this. */
  get capacity(): number {
    return this.#slots;
  }

  get length(): number {
    return this.#tail - this.#head;
  }

  /** A slot for each of `count` events, into `out`. */
  take(count: number, out: Int32Array): void {
    for (let i = 0; i < count; i++) out[i] = this.#freeCount > 0 ? this.#free[--this.#freeCount]! : this.#slots++;
    this.times = withRoom(this.times, this.#slots);
  }

  /** Puts slots whose times are set in line. `slots` is sorted in place. */
  enqueue(slots: Int32Array, count: number): void {
    this.#sort(slots, count);
    this.#makeRoom(count);
    const { times } = this;
    const order = this.#order;
    let from = this.#tail - 1;
    let taken = count - 1;
    for (let to = this.#tail + count - 1; taken >= 0; to--) {
      if (from >= this.#head && times[order[from]!]! > times[slots[taken]!]!) order[to] = order[from--]!;
      else order[to] = slots[taken--]!;
    }
    this.#tail += count;
  }

  /** How many of the first in line have a time up to `micros`. */
  countUntil(micros: number): number {
    let low = this.#head;
    let high = this.#tail;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.times[this.#order[middle]!]! <= micros) low = middle + 1;
      else high = middle;
    }
    return low - this.#head;
  }

  /** The i-th in line. */
  slotAt(i: number): number {
    return this.#order[this.#head + i]!;
  }

  /** Frees the first `count` in line. */
  removeFirst(count: number): void {
    this.#free = withRoom(this.#free, this.#freeCount + count);
    for (let i = 0; i < count; i++) this.#free[this.#freeCount++] = this.#order[this.#head + i]!;
    this.#head += count;
    if (this.#head === this.#tail) this.#head = this.#tail = 0;
  }

  #makeRoom(count: number): void {
    if (this.#head > 0 && this.#tail + count > this.#order.length) {
      this.#order.copyWithin(0, this.#head, this.#tail);
      this.#tail -= this.#head;
      this.#head = 0;
    }
    this.#order = withRoom(this.#order, this.#tail + count);
  }

  /** Bottom-up merge sort, stable; a pair of runs that stand in order already costs one comparison. */
  #sort(slots: Int32Array, count: number): void {
    const { times } = this;
    let sorted = true;
    for (let i = 1; i < count && sorted; i++) sorted = times[slots[i - 1]!]! <= times[slots[i]!]!;
    if (sorted) return;
    this.#scratch = withRoom(this.#scratch, count);
    const scratch = this.#scratch;
    for (let width = 1; width < count; width *= 2) {
      for (let left = 0; left + width < count; left += 2 * width) {
        const middle = left + width;
        const right = Math.min(count, middle + width);
        if (times[slots[middle - 1]!]! <= times[slots[middle]!]!) continue;
        for (let i = left; i < middle; i++) scratch[i] = slots[i]!;
        let a = left;
        let b = middle;
        for (let to = left; a < middle; to++) {
          if (b < right && times[slots[b]!]! < times[scratch[a]!]!) slots[to] = slots[b++]!;
          else slots[to] = scratch[a++]!;
        }
      }
    }
  }
}
