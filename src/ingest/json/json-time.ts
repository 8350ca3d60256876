const daySeconds = 86_400;

/**
 * Epoch microseconds of an ISO 8601 time as most logs write it, or NaN for any other text, which may yet be a time: years 1970 to 2199,
 * days up to the 28th of a month or within it, no leap second.
 */
export function microsOfBytes(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 19) return Number.NaN;
  const year = pair(bytes, start) * 100 + pair(bytes, start + 2);
  const month = pair(bytes, start + 5);
  const day = pair(bytes, start + 8);
  const hour = pair(bytes, start + 11);
  const minute = pair(bytes, start + 14);
  const second = pair(bytes, start + 17);
  const separator = bytes[start + 10];
  if (
    !(year >= 1970 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)) ||
    !(hour <= 23 && minute <= 59 && second <= 59) ||
    !(bytes[start + 4] === 45 && bytes[start + 7] === 45 && bytes[start + 13] === 58 && bytes[start + 16] === 58) ||
    !(separator === 84 || separator === 32)
  )
    return Number.NaN;
  let at = start + 19;
  let micros = 0;
  if (at < end && (bytes[at] === 46 || bytes[at] === 44)) {
    at++;
    let digits = 0;
    for (; at < end; at++, digits++) {
      const digit = bytes[at]! - 48;
      if (digit < 0 || digit > 9) break;
      if (digits < 6) micros = micros * 10 + digit;
    }
    if (digits === 0) return Number.NaN;
    for (; digits < 6; digits++) micros *= 10;
  }
  const offsetMinutes = zoneMinutes(bytes, at, end);
  const seconds = daysFromEpoch(year, month, day) * daySeconds + hour * 3600 + (minute - offsetMinutes) * 60 + second;
  return seconds * 1e6 + micros;
}

function pair(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 48;
  const ones = bytes[at + 1]! - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** What stands after the seconds: nothing or `Z` is UTC, else `±hh:mm` or `±hhmm`. */
function zoneMinutes(bytes: Uint8Array, at: number, end: number): number {
  if (at === end) return 0;
  const first = bytes[at];
  if (first === 90) return at + 1 === end ? 0 : Number.NaN;
  if (first !== 43 && first !== 45) return Number.NaN;
  const length = end - at;
  if (length !== 5 && !(length === 6 && bytes[at + 3] === 58)) return Number.NaN;
  const minutes = pair(bytes, at + 1) * 60 + pair(bytes, end - 2);
  return first === 45 ? -minutes : minutes;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** @see Howard Hinnant: chrono-compatible low-level date algorithms, days_from_civil */
function daysFromEpoch(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
