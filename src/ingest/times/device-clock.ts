import type { ParserOptions } from "../parser.ts";
import { ZoneOffsets } from "./zone-offsets.ts";

const day = 86_400_000;

/** Reads the times of devices that leave out the zone, the year or both. */
export class DeviceClock {
  readonly #zone: ZoneOffsets;
  /** Undefined: now, for a source that is followed over days and into a new year. */
  readonly #referenceTime: number | undefined;
  /** The last minute that was read: lines of one minute stand together. */
  #minuteKey = "";
  #minuteMillis = Number.NaN;

  /** @throws SOCLAB_INVALID_VALUE where the zone is none */
  constructor({ referenceTime, zone }: Pick<ParserOptions, "referenceTime" | "zone"> = {}) {
    this.#zone = new ZoneOffsets(zone ?? "UTC");
    this.#referenceTime = referenceTime;
  }

  /**
   * Epoch microseconds of a local time, or NaN where there is no such date.
   * @param year - 0 for none: then it is the latest year in which the time is not more than one day after the reference time
   * @param month - 1 to 12
   * @param offset - local time less UTC in milliseconds; undefined for the zone of the source
   */
  micros(year: number, month: number, dayOfMonth: number, secondOfDay: number, micros: number, offset?: number): number {
    if (!(secondOfDay >= 0 && secondOfDay <= 86_400)) return Number.NaN;
    const millis =
      year === 0 ? this.#yearless(month, dayOfMonth, secondOfDay, offset) : this.#utc(year, month, dayOfMonth, secondOfDay, offset);
    return millis * 1000 + micros;
  }

  #yearless(month: number, dayOfMonth: number, secondOfDay: number, offset: number | undefined): number {
    const minute = Math.floor(secondOfDay / 60);
    const key = `${month} ${dayOfMonth} ${minute} ${offset}`;
    if (key !== this.#minuteKey) {
      this.#minuteKey = key;
      this.#minuteMillis = Number.NaN;
      const latest = (this.#referenceTime ?? Date.now()) + day;
      const latestYear = new Date(latest).getUTCFullYear();
      // A 29th of February may be eight years back.
      for (let year = latestYear + 1; year >= latestYear - 9; year--) {
        const millis = this.#utc(year, month, dayOfMonth, minute * 60, offset);
        if (!(millis <= latest)) continue;
        this.#minuteMillis = millis;
        break;
      }
    }
    return this.#minuteMillis + (secondOfDay - minute * 60) * 1000;
  }

  #utc(year: number, month: number, dayOfMonth: number, secondOfDay: number, offset: number | undefined): number {
    if (year < 100 || month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > daysIn(year, month)) return Number.NaN;
    const local = Date.UTC(year, month - 1, dayOfMonth) + secondOfDay * 1000;
    return offset === undefined ? this.#zone.toUtc(local) : local - offset;
  }
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysIn(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && isLeap ? 29 : monthDays[month - 1]!;
}
