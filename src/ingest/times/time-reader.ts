import type { DeviceClock } from "./device-clock.ts";
import { zoneOffset } from "./zone-names.ts";

const [space, asterisk, plus, comma, dash, dot, slash, zero, nine, colon, upperT, lowerT] = [
  32, 42, 43, 44, 45, 46, 47, 48, 57, 58, 84, 116,
];

/**
 * Finds times in text, by hand and without a string a field: each line has one or two of them. After a time was found, `micros` is its value
 * (NaN where there is no such date) and `end` the place behind it.
 */
export class TimeReader {
  readonly #clock: DeviceClock;
  micros = Number.NaN;
  end = 0;
  #year = 0;
  #month = 0;
  #day = 0;
  #second = 0;
  #fraction = 0;

  constructor(clock: DeviceClock) {
    this.#clock = clock;
  }

  /** `Jan  5 08:52:35`, `Jan 05 2016 08:52:35.123`, `Jan 5 08:52:35 2016`, `Jan 5 08:52:35 UTC:`. False where the text does not go on so. */
  named(text: string, start: number): boolean {
    const mark = text.charCodeAt(start);
    const monthStart = mark === asterisk || mark === dot ? start + 1 : start; // so a Cisco device says that its clock is not set
    this.#month = monthAt(text, monthStart);
    if (this.#month === 0) return false;
    let at = skipSpaces(text, skipWord(text, monthStart));
    this.#day = number(text, at, 2);
    if (this.#day < 0) return false;
    at = skipDigits(text, at, 2);
    if (text.charCodeAt(at) === comma) at++;
    at = skipSpaces(text, at);
    this.#year = 0;
    if (isYear(text, at)) {
      this.#year = number(text, at, 4);
      at = skipSpaces(text, at + 4);
    }
    if (!this.#timeOfDay(text, at)) return false;
    if (this.#year === 0 && text.charCodeAt(this.end) === space && isYear(text, this.end + 1)) {
      this.#year = number(text, this.end + 1, 4);
      this.end += 5;
    }
    this.#take(this.#zoneBeforeColon(text));
    return true;
  }

  /** `2016-01-05T08:52:35.123-04:00`, `2016/01/05 08:52:35`; with a zone or without. */
  numbered(text: string, start: number): boolean {
    const separator = text.charCodeAt(start + 4);
    if ((separator !== dash && separator !== slash) || text.charCodeAt(start + 7) !== separator) return false;
    this.#year = number(text, start, 4);
    this.#month = number(text, start + 5, 2);
    this.#day = number(text, start + 8, 2);
    const between = text.charCodeAt(start + 10);
    if (this.#year < 100 || this.#month < 0 || this.#day < 0) return false;
    if (between !== upperT && between !== lowerT && between !== space) return false;
    if (!this.#timeOfDay(text, start + 11)) return false;
    this.#take(this.#numericZone(text));
    return true;
  }

  /** A whole text as a time in any form that logs have: as above, `31 March 2016 13:04:55 UTC`, epoch seconds or milliseconds. NaN for none. */
  parse(text: string): number {
    if (isDigit(text.charCodeAt(0))) {
      const epoch = epochMicros(text);
      if (!Number.isNaN(epoch)) return epoch;
      if (!this.numbered(text, 0) && !this.#dayFirst(text)) return Number.NaN;
    } else if (!this.named(text, text.charCodeAt(3) === space || text.charCodeAt(3) === comma ? weekdayEnd(text) : 0)) return Number.NaN;
    const rest = text.slice(this.end).trim();
    if (rest === "") return this.micros;
    const offset = zoneOffset(rest);
    if (offset === undefined) return Number.NaN;
    this.#take(offset);
    return this.micros;
  }

  /** Epoch microseconds of a local time in the zone of the source, see `DeviceClock.micros`. */
  of(year: number, month: number, day: number, secondOfDay: number, micros: number): number {
    return this.#clock.micros(year, month, day, secondOfDay, micros);
  }

  /** `31 March 2016 13:04:55`, `05/Jan/2016:08:52:35`. */
  #dayFirst(text: string): boolean {
    this.#day = number(text, 0, 2);
    const monthStart = skipDigits(text, 0, 2) + 1;
    this.#month = monthAt(text, monthStart);
    const yearStart = skipWord(text, monthStart) + 1;
    if (this.#day < 0 || this.#month === 0 || !isYear(text, yearStart)) return false;
    this.#year = number(text, yearStart, 4);
    if (!this.#timeOfDay(text, yearStart + 5)) return false;
    this.#take(undefined);
    return true;
  }

  #take(offset: number | undefined): void {
    this.micros = this.#clock.micros(this.#year, this.#month, this.#day, this.#second, this.#fraction, offset);
  }

  #timeOfDay(text: string, start: number): boolean {
    const hour = number(text, start, 2);
    const at = skipDigits(text, start, 2);
    const minute = number(text, at + 1, 2);
    const second = number(text, at + 4, 2);
    if (text.charCodeAt(at) !== colon || text.charCodeAt(at + 3) !== colon || minute < 0 || second < 0) return false;
    if (hour < 0 || hour > 23 || minute > 59 || second > 60) return false;
    this.#second = hour * 3600 + minute * 60 + second;
    this.#fraction = 0;
    this.end = at + 6;
    const mark = text.charCodeAt(this.end);
    if ((mark !== dot && mark !== comma) || !isDigit(text.charCodeAt(this.end + 1))) return true;
    this.end++;
    for (let scale = 100_000; isDigit(text.charCodeAt(this.end)); scale = Math.floor(scale / 10)) {
      this.#fraction += (text.charCodeAt(this.end++) - zero) * scale;
    }
    return true;
  }

  /** The offset of `Z`, `+02:00`, `-0400`, `+02` at the end of the time; undefined for none. */
  #numericZone(text: string): number | undefined {
    const mark = text.charCodeAt(this.end);
    if (mark === 90 || mark === 122) {
      this.end++;
      return 0;
    }
    if (mark !== plus && mark !== dash) return undefined;
    const hours = number(text, this.end + 1, 2);
    if (hours < 0 || hours > 18 || skipDigits(text, this.end + 1, 2) !== this.end + 3) return undefined;
    let at = this.end + 3;
    const minutes = number(text, text.charCodeAt(at) === colon ? at + 1 : at, 2);
    if (minutes >= 0 && minutes < 60) at = text.charCodeAt(at) === colon ? at + 3 : at + 2;
    this.end = at;
    return (mark === dash ? -1 : 1) * (hours * 60 + Math.max(0, minutes)) * 60_000;
  }

  /** Only a word with a colon behind it is a zone: elsewhere it is the host. */
  #zoneBeforeColon(text: string): number | undefined {
    if (text.charCodeAt(this.end) !== space) return undefined;
    const end = skipWord(text, this.end + 1);
    if (end - this.end < 3 || end - this.end > 6 || text.charCodeAt(end) !== colon) return undefined;
    const offset = zoneOffset(text.slice(this.end + 1, end));
    if (offset !== undefined) this.end = end;
    return offset;
  }
}

const latestEpochSeconds = 9_007_199_254;

/** Seconds since 1970, with a fraction or without, or milliseconds; the size tells them apart. */
function epochMicros(text: string): number {
  const whole = skipDigits(text, 0, 17);
  if (whole < 9) return Number.NaN;
  const value = Number(text.slice(0, whole));
  if (whole === text.length) {
    if (value <= latestEpochSeconds) return value * 1e6;
    return value <= latestEpochSeconds * 1000 ? value * 1000 : value;
  }
  if (text.charCodeAt(whole) !== dot || skipDigits(text, whole + 1, 17) !== text.length || value > latestEpochSeconds) return Number.NaN;
  return value * 1e6 + Number(text.slice(whole + 1, whole + 7).padEnd(6, "0"));
}

const months = "janfebmaraprmayjunjulaugsepoctnovdec";

/** 1 to 12, or 0. */
function monthAt(text: string, at: number): number {
  const [a, b, c] = [text.charCodeAt(at) | 32, text.charCodeAt(at + 1) | 32, text.charCodeAt(at + 2) | 32];
  for (let month = 0; month < 36; month += 3) {
    if (months.charCodeAt(month) === a && months.charCodeAt(month + 1) === b && months.charCodeAt(month + 2) === c) return month / 3 + 1;
  }
  return 0;
}

/** Behind `Mon, ` or `Mon `. */
function weekdayEnd(text: string): number {
  return monthAt(text, 0) > 0 ? 0 : skipSpaces(text, text.charCodeAt(3) === comma ? 4 : 3);
}

function isDigit(code: number): boolean {
  return code >= zero && code <= nine;
}

/** A year from 1900 to 2299 that ends there. */
function isYear(text: string, at: number): boolean {
  const year = number(text, at, 4);
  return year >= 1900 && year < 2300 && skipDigits(text, at, 5) === at + 4;
}

/** The number that up to `most` digits are, or -1. */
function number(text: string, at: number, most: number): number {
  const end = skipDigits(text, at, most);
  if (end === at) return -1;
  let value = 0;
  for (let i = at; i < end; i++) value = value * 10 + text.charCodeAt(i) - zero;
  return value;
}

function skipDigits(text: string, start: number, most: number): number {
  let at = start;
  while (at < start + most && isDigit(text.charCodeAt(at))) at++;
  return at;
}

function skipSpaces(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) === space) at++;
  return at;
}

function skipWord(text: string, start: number): number {
  let at = start;
  for (let code = text.charCodeAt(at) | 32; code >= 97 && code <= 122; code = text.charCodeAt(at) | 32) at++;
  return at;
}
