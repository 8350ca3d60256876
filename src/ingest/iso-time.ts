const iso = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:?\d\d)?$/;

/** Epoch microseconds of an ISO 8601 time, or NaN. Digits past the microsecond are cut; a time without a zone is UTC. */
export function isoMicros(text: string): number {
  const match = iso.exec(text);
  if (!match) return Number.NaN;
  const [, year, month, day, hour, minute, second, fraction = "", zone = "Z"] = match;
  const utc = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const date = new Date(utc);
  if (
    date.getUTCDate() !== Number(day) ||
    date.getUTCMonth() !== Number(month) - 1 ||
    Number(hour) > 23 ||
    Number(minute) > 59 ||
    Number(second) > 60
  ) {
    return Number.NaN;
  }
  const sign = zone[0] === "-" ? -1 : 1;
  const offsetMinutes = zone === "Z" ? 0 : sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2)));
  return (utc - offsetMinutes * 60_000) * 1000 + Number(fraction.slice(0, 6).padEnd(6, "0"));
}
