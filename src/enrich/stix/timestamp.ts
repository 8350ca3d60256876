const shape = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?Z$/;

/**
 * A STIX timestamp as text that sorts by time: zeros at the end of the fraction are dropped, any precision is kept. Null where it is none:
 * STIX asks for `YYYY-MM-DDTHH:MM:SS[.s+]Z` with upper-case T and Z.
 *
 * @see STIX 2.1, section 2.16
 */
export function normaliseTimestamp(text: string): string | null {
  const parts = text.length > 64 ? null : shape.exec(text);
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second, fraction] = parts;
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > days) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null;
  const digits = (fraction ?? "").replace(/0+$/, "");
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${digits === "" ? "" : `.${digits}`}`;
}

/** Epoch microseconds of a STIX timestamp, null where it is none. Digits past the microsecond are cut off. */
export function timestampMicros(text: unknown): number | null {
  const normal = typeof text === "string" ? normaliseTimestamp(text) : null;
  return normal === null ? null : microsOf(normal);
}

/** Epoch microseconds of what {@link normaliseTimestamp} gave. */
export function microsOf(normal: string): number {
  const fraction = normal.slice(20, 26).padEnd(6, "0");
  const leap = normal.slice(17, 19) === "60";
  const whole = Date.parse(`${leap ? `${normal.slice(0, 17)}59` : normal.slice(0, 19)}Z`);
  return (whole + (leap ? 1000 : 0)) * 1000 + Number(fraction);
}
