/**
 * Epoch microseconds of a time as MISP writes it: epoch seconds as text or number, epoch microseconds (past 10^14), or ISO 8601 with an offset.
 * Null where it is none.
 */
export function instantMicros(value: unknown): number | null {
  if (typeof value === "number" || (typeof value === "string" && /^\d{1,16}$/.test(value))) {
    const number = Number(value);
    if (!Number.isFinite(number) || number <= 0) return null;
    return number >= 1e14 ? Math.trunc(number) : Math.round(number * 1e6);
  }
  if (typeof value !== "string") return null;
  const parts = /^(\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}:\d{2})?)(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?$/.exec(value);
  if (parts === null) return null;
  const text = parts[1]!.replace(" ", "T");
  const seconds = Date.parse(`${text.length === 10 ? `${text}T00:00:00` : text}${zoneOf(parts[3])}`);
  return Number.isNaN(seconds) ? null : seconds * 1000 + Number((parts[2] ?? "").slice(0, 6).padEnd(6, "0"));
}

function zoneOf(zone: string | undefined): string {
  if (zone === undefined || zone === "Z") return "Z";
  return zone.includes(":") ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
}
