/**
 * The event time of one source. A record may be older than the newest before it by at most the lateness bound; one that is older still is
 * counted in at that bound and called late. Decided record by record from the source alone, so that it does not depend on how the source was
 * cut in chunks, on other sources, or on a restart.
 */
export class EventClock {
  readonly #latenessMicros: number;
  newest: number;

  constructor(latenessMicros: number, newest = Number.NEGATIVE_INFINITY) {
    this.#latenessMicros = latenessMicros;
    this.newest = newest;
  }

  /**
   * Moves event times that are late up to the bound, in place. Records without an event time, such as those of other tables, move the clock
   * by their timestamps.
   * @returns 1 for each row that was late
   */
  admit(times: Float64Array, timestamps: Float64Array): Uint8Array {
    const late = new Uint8Array(times.length);
    for (let row = 0; row < times.length; row++) {
      const time = times[row]!;
      if (time > this.newest) this.newest = time;
      else if (Number.isNaN(time)) {
        if (timestamps[row]! > this.newest) this.newest = timestamps[row]!;
      } else if (time < this.newest - this.#latenessMicros) {
        times[row] = this.newest - this.#latenessMicros;
        late[row] = 1;
      }
    }
    return late;
  }

  /** No record that is still to come counts in at or before this time. */
  get watermark(): number {
    return this.newest - this.#latenessMicros - 1;
  }
}
