/** Before every event. */
export const always = Number.NEGATIVE_INFINITY;
/** After every event; a look-up at `forever` gives what holds with an open end. */
export const forever = Number.POSITIVE_INFINITY;

/** No value: a gap. */
export const nothing = -1;

/**
 * What holds for numbered keys over time, in typed arrays: 12 bytes a change and 4 a key. The value of a key changes at sorted times; before
 * the first one it is {@link nothing}.
 */
export class TimeLines {
  /** The changes of key k are those from `starts[k]` up to `starts[k + 1]`. */
  readonly #starts: Uint32Array;
  readonly #times: Float64Array;
  readonly #values: Int32Array;

  constructor(starts: Uint32Array, times: Float64Array, values: Int32Array) {
    this.#starts = starts;
    this.#times = times;
    this.#values = values;
  }

  get keyCount(): number {
    return this.#starts.length - 1;
  }

  get changeCount(): number {
    return this.#times.length;
  }

  /**
   * The value of a key at a time.
   * @param time - epoch microseconds; {@link forever} for what has no end
   */
  at(key: number, time: number): number {
    const from = this.#starts[key]!;
    let low = from;
    let high = this.#starts[key + 1]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#times[middle]! <= time) low = middle + 1;
      else high = middle;
    }
    return low === from ? nothing : this.#values[low - 1]!;
  }

  /** The times at which the value of a key changes, sorted; a view. */
  changes(key: number): Float64Array {
    return this.#times.subarray(this.#starts[key]!, this.#starts[key + 1]!);
  }

  /** The value that begins at each of the {@link changes}; a view. */
  values(key: number): Int32Array {
    return this.#values.subarray(this.#starts[key]!, this.#starts[key + 1]!);
  }
}
