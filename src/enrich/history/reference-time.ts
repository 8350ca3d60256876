const iso = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?)?$/i;
const seconds = /^-?\d{1,11}(\.\d{1,9})?$/;

/**
 * Epoch microseconds of a time in a reference table, or null where it is none: ISO 8601 (`2026-03-01`, `2026-03-01T08:00:00+01:00`,
 * `2026-03-01 08:00:00.5`), or epoch seconds. A time without a zone is UTC, a day is its midnight. Digits past the microsecond are cut.
 */
export function referenceTime(text: string): number | null {
  if (seconds.test(text)) {
    const [whole = "", fraction = ""] = text.split(".");
    const micros = Number(fraction.slice(0, 6).padEnd(6, "0"));
    return Number(whole) * 1_000_000 + (text.startsWith("-") ? -micros : micros);
  }
  const match = iso.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] = match;
  const parts = [year, month, day, hour, minute, second].map(Number);
  const utc = dayTime(parts);
  const offset = offsetMinutes(zone);
  if (utc === null || offset === null) return null;
  return (utc - offset * 60_000) * 1000 + Number(fraction.slice(0, 6).padEnd(6, "0"));
}

/** Epoch milliseconds of year, month, day, hour, minute, second in UTC; null where there is no such time. */
export function dayTime(parts: readonly number[]): number | null {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts;
  if (hour > 23 || minute > 59 || second > 59 || month < 1 || month > 12 || day < 1) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCDate() !== day || date.getUTCMonth() !== month - 1) return null;
  return date.setUTCHours(hour, minute, second, 0);
}

function offsetMinutes(zone: string): number | null {
  if (/^(z|utc)$/i.test(zone)) return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = zone.length > 3 ? Number(zone.slice(-2)) : 0;
  if (hours > 14 || minutes > 59) return null;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}
