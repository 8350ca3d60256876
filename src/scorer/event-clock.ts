/** A record this far ahead of the newest one does not move the clock by itself: its time may be wrong. */
const jumpMicros = 86_400e6;
/** So many such records in a row do: time has really gone on. */
const confirmations = 100;

/** All that a clock knows, as JSON; null stands for "nothing yet". */
export interface EventClockState {
  readonly newest: number | null;
  readonly othersNewest: number | null;
  readonly ahead: number;
  readonly aheadFrom: number | null;
}

/**
 * The event time of one source. A record of the model's table may be older than the newest before it by at most the lateness bound; one that
 * is older still is counted in at that bound and called late. Decided record by record from that table's records alone, so that it does not
 * depend on how the source was cut in chunks, on other sources, or on a restart.
 */
export class EventClock {
  readonly #latenessMicros: number;
  #newest: number;
  #othersNewest: number;
  #ahead: number;
  #aheadFrom: number;

  constructor(latenessMicros: number, state?: EventClockState) {
    this.#latenessMicros = latenessMicros;
    this.#newest = state?.newest ?? Number.NEGATIVE_INFINITY;
    this.#othersNewest = state?.othersNewest ?? Number.NEGATIVE_INFINITY;
    this.#ahead = state?.ahead ?? 0;
    this.#aheadFrom = state?.aheadFrom ?? Number.POSITIVE_INFINITY;
  }

  /** Epoch microseconds; −∞ before the first record. */
  get newest(): number {
    return this.#newest > Number.NEGATIVE_INFINITY ? this.#newest : this.#othersNewest;
  }

  get state(): EventClockState {
    const finite = (value: number) => (Number.isFinite(value) ? value : null);
    return {
      newest: finite(this.#newest),
      othersNewest: finite(this.#othersNewest),
      ahead: this.#ahead,
      aheadFrom: finite(this.#aheadFrom),
    };
  }

  /** No record that is still to come counts in at or before this time. */
  get watermark(): number {
    return this.newest - this.#latenessMicros - 1;
  }

  /**
   * Takes records of the model's table and moves late event times up to the bound, in place. A record without an event time moves the clock
   * by its timestamp.
   * @returns 1 for each row that was late
   */
  admit(times: Float64Array, timestamps: Float64Array): Uint8Array {
    const late = new Uint8Array(times.length);
    for (let row = 0; row < times.length; row++) {
      const time = times[row]!;
      this.#move(Number.isNaN(time) ? timestamps[row]! : time);
      if (time < this.#newest - this.#latenessMicros) {
        times[row] = this.#newest - this.#latenessMicros;
        late[row] = 1;
      }
    }
    return late;
  }

  /** Takes records of other tables: they say how far a source has come that has none of the model's. */
  passOthers(timestamps: Float64Array): void {
    for (const time of timestamps) if (time > this.#othersNewest) this.#othersNewest = time;
  }

  #move(time: number): void {
    if (Number.isNaN(time)) return;
    if (time <= this.#newest + jumpMicros || this.#newest === Number.NEGATIVE_INFINITY) {
      if (time > this.#newest) this.#newest = time;
      this.#ahead = 0;
      this.#aheadFrom = Number.POSITIVE_INFINITY;
      return;
    }
    this.#ahead++;
    this.#aheadFrom = Math.min(this.#aheadFrom, time);
    if (this.#ahead < confirmations) return;
    this.#newest = this.#aheadFrom;
    this.#ahead = 0;
    this.#aheadFrom = Number.POSITIVE_INFINITY;
  }
}
