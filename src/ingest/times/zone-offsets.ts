import { SoclabError } from "../../core/index.ts";

const quarterHour = 900_000;
const day = 86_400_000;
/** Quarter hours that are remembered, as many as a year has. */
const maxRemembered = 35_040;

/**
 * Offsets of one zone. A local time that a clock change leaves out is read with the offset before the change, one that occurs twice is the
 * first of the two, as RFC 5545 and Temporal's "compatible" have it.
 */
export class ZoneOffsets {
  readonly #fixed: number | undefined;
  readonly #format: Intl.DateTimeFormat | undefined;
  /** Zones change at whole quarter hours: the offset of a quarter hour of local time. */
  readonly #remembered = new Map<number, number>();
  #lastQuarter = Number.NaN;
  #lastOffset = 0;

  /** @throws SOCLAB_INVALID_VALUE */
  constructor(zone: string) {
    this.#fixed = fixedOffset(zone);
    if (this.#fixed === undefined) this.#format = formatOf(zone);
  }

  /** UTC of a local time, both epoch milliseconds. */
  toUtc(local: number): number {
    if (this.#fixed !== undefined) return local - this.#fixed;
    const quarter = Math.floor(local / quarterHour);
    if (quarter !== this.#lastQuarter) {
      let offset = this.#remembered.get(quarter);
      if (offset === undefined) {
        offset = this.#offsetOfLocal(quarter * quarterHour);
        if (this.#remembered.size >= maxRemembered) this.#remembered.clear();
        this.#remembered.set(quarter, offset);
      }
      this.#lastQuarter = quarter;
      this.#lastOffset = offset;
    }
    return local - this.#lastOffset;
  }

  #offsetOfLocal(local: number): number {
    const before = this.#offsetAt(local - day);
    const after = this.#offsetAt(local + day);
    if (before === after || this.#offsetAt(local - before) === before) return before;
    return this.#offsetAt(local - after) === after ? after : before;
  }

  /** Local time less UTC, in milliseconds, at a moment in epoch milliseconds. */
  #offsetAt(utc: number): number {
    const parts = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
    for (const { type, value } of this.#format!.formatToParts(utc)) if (type in parts) parts[type as keyof typeof parts] = Number(value);
    return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second) - utc;
  }
}

/** Milliseconds of `Z`, `UTC`, `+02:00`, `-0530`, `UTC+2`. */
export function fixedOffset(zone: string): number | undefined {
  if (/^(?:Z|UTC|GMT|Etc\/UTC)$/i.test(zone)) return 0;
  const match = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d\d))?$/i.exec(zone);
  if (!match) return undefined;
  const [hours, minutes] = [Number(match[2]), Number(match[3] ?? 0)];
  if (hours > 18 || minutes > 59) return undefined;
  return (match[1] === "-" ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "iso8601",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch (cause) {
    throw new SoclabError("SOCLAB_INVALID_VALUE", `"${zone}" is no time zone, expected an IANA name or an offset`, {
      hint: "For example Europe/Berlin, America/New_York or +02:00.",
      cause,
    });
  }
}
