import { isoMicros } from "../iso-time.ts";

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const slashes = /^(\d{4})\/(\d\d)\/(\d\d)(.*)$/;
const http = /^(\d{1,2})\/([A-Za-z]{3})\/(\d{4}):(\d\d:\d\d:\d\d(?:\.\d+)?)\s*(Z|[+-]\d\d:?\d\d)?$/;
const mail = /^(?:[A-Za-z]{3},? +)?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d\d:\d\d:\d\d(?:\.\d+)?) ?(Z|GMT|UTC|[+-]\d\d:?\d\d)?$/;
const epoch = /^(\d{9,19})(?:\.(\d{1,9}))?$/;

/**
 * Epoch microseconds of a time in one of the ways that machines write it: ISO 8601, `2019/04/04 16:23:00.3`, `10/Oct/2000:13:55:36 -0700`,
 * RFC 5322, and seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size. NaN for all else; a date that could
 * be read with day and month swapped is not guessed at. A time without a zone is UTC.
 */
export function readableMicros(text: string): number {
  const plain = text.trim();
  const number = epoch.exec(plain);
  if (number) return epochMicros(number[1]!, number[2] ?? "");
  const iso = isoMicros(plain.replace(/(\d) ?(?:UTC|GMT)$/, "$1Z"));
  if (!Number.isNaN(iso)) return iso;
  if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?:Z|[+-]\d\d:?\d\d)?$/.test(plain)) return isoMicros(plain.replace(/^(.{16})/, "$1:00"));
  if (/^\d{4}-\d\d-\d\d$/.test(plain)) return isoMicros(`${plain}T00:00:00`);
  const slashed = slashes.exec(plain);
  if (slashed) return isoMicros(`${slashed[1]}-${slashed[2]}-${slashed[3]}${slashed[4] === "" ? " 00:00:00" : slashed[4]}`);
  const named = http.exec(plain) ?? mail.exec(plain);
  if (!named) return Number.NaN;
  const month = months.indexOf(named[2]!.toLowerCase()) + 1;
  const zone = named[5] === "GMT" || named[5] === "UTC" ? "Z" : (named[5] ?? "");
  return isoMicros(`${named[3]}-${String(month).padStart(2, "0")}-${named[1]!.padStart(2, "0")}T${named[4]}${zone}`);
}

/** Nine to eleven digits are seconds, up to fourteen milliseconds, up to sixteen microseconds, more nanoseconds. */
function epochMicros(whole: string, fraction: string): number {
  if (whole.length <= 11) return Number(whole) * 1e6 + Number(fraction.slice(0, 6).padEnd(6, "0"));
  if (whole.length <= 14) return Number(whole) * 1000 + Number(fraction.slice(0, 3).padEnd(3, "0"));
  return whole.length <= 16 ? Number(whole) : Number(BigInt(whole) / 1000n);
}
