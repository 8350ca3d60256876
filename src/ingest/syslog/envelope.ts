import { Rejection } from "../json/json-values.ts";
import type { TimeReader } from "../times/time-reader.ts";
import { highestPriority } from "./priority.ts";
import { readStructuredData } from "./structured-data.ts";

const [space, percent, dash, zero, nine, colon, less, more, open, close] = [32, 37, 45, 48, 57, 58, 60, 62, 91, 93];
const maxTagLength = 64;

/**
 * The header of a syslog line, RFC 5424 or RFC 3164 with what devices make of it: no priority, no host, a year, a sequence number, an ISO
 * time. One object reads line after line; a field that a line does not have is empty.
 *
 * @see RFC 5424, section 6; RFC 3164, section 4
 */
export class Envelope {
  readonly #time: TimeReader;
  priority = -1;
  version = 0;
  /** Epoch microseconds, NaN for none. */
  micros = Number.NaN;
  host = "";
  appName = "";
  procId = "";
  msgId = "";
  structuredData = "";
  /** Where the text behind time and host begins, with the tag if there is one. */
  contentStart = 0;
  /** Where the message begins. */
  messageStart = 0;

  constructor(time: TimeReader) {
    this.#time = time;
  }

  /**
   * Reads the header of a line.
   * @returns whether there is one: a priority or a time
   * @throws Rejection where it is there but cannot be
   */
  read(line: string): boolean {
    this.priority = -1;
    this.version = 0;
    this.micros = Number.NaN;
    this.host = "";
    this.appName = "";
    this.procId = "";
    this.msgId = "";
    this.structuredData = "";
    let at = this.#priority(line, frameEnd(line));
    const hasPriority = this.priority >= 0;
    if (hasPriority && this.#readVersioned(line, at)) return true;
    at = sequenceEnd(line, at);
    const hasTime = this.#time.named(line, at) || this.#time.numbered(line, at);
    if (hasTime) {
      if (Number.isNaN(this.#time.micros))
        throw new Rejection("BAD_TIMESTAMP", `the time is "${line.slice(at, this.#time.end)}", expected a date`);
      this.micros = this.#time.micros;
      at = this.#time.end;
      at = line.charCodeAt(at) === colon ? skipSpaces(line, at + 1) : this.#host(line, skipSpaces(line, at));
    }
    if (line.charCodeAt(at) === colon && line.charCodeAt(at + 1) === space) at = skipSpaces(line, at + 1);
    this.contentStart = at;
    this.messageStart = this.#tag(line, at);
    return hasPriority || hasTime;
  }

  #priority(line: string, start: number): number {
    if (line.charCodeAt(start) !== less) return start;
    let value = 0;
    let at = start + 1;
    for (; at < start + 5 && isDigit(line.charCodeAt(at)); at++) value = value * 10 + line.charCodeAt(at) - zero;
    if (at === start + 1 || line.charCodeAt(at) !== more) return start;
    if (value > highestPriority) throw new Rejection("OUT_OF_RANGE", `the syslog priority is ${value}, expected 0 to ${highestPriority}`);
    this.priority = value;
    return skipSpaces(line, at + 1);
  }

  /** RFC 5424: `1 TIME HOST APP-NAME PROCID MSGID STRUCTURED-DATA MSG`. */
  #readVersioned(line: string, start: number): boolean {
    const versionEnd = isDigit(line.charCodeAt(start + 1)) ? start + 2 : start + 1;
    if (!isDigit(line.charCodeAt(start)) || line.charCodeAt(start) === zero || line.charCodeAt(versionEnd) !== space) return false;
    let at = versionEnd + 1;
    if (line.charCodeAt(at) === dash && line.charCodeAt(at + 1) === space) at++;
    else {
      if (!this.#time.numbered(line, at) || line.charCodeAt(this.#time.end) !== space) return false;
      if (Number.isNaN(this.#time.micros))
        throw new Rejection("BAD_TIMESTAMP", `the time is "${line.slice(at, this.#time.end)}", expected a date`);
      this.micros = this.#time.micros;
      at = this.#time.end;
    }
    this.version = Number(line.slice(start, versionEnd));
    let end = tokenEnd(line, at + 1);
    this.host = unlessNil(line, at + 1, end);
    at = end;
    end = tokenEnd(line, at + 1);
    this.appName = unlessNil(line, at + 1, end);
    at = end;
    end = tokenEnd(line, at + 1);
    this.procId = unlessNil(line, at + 1, end);
    at = end;
    end = tokenEnd(line, at + 1);
    this.msgId = unlessNil(line, at + 1, end);
    at = Math.min(line.length, end + 1);
    if (line.charCodeAt(at) === dash && !(line.charCodeAt(at + 1) > space)) at++;
    else if (line.charCodeAt(at) === open) {
      const data = readStructuredData(line, at);
      // A message that begins with a bracket where the sender left the data out.
      if (data) {
        this.structuredData = data.json;
        at = data.end;
      }
    }
    if (line.charCodeAt(at) === space) at++;
    if (line.charCodeAt(at) === 0xfeff) at++;
    this.contentStart = at;
    this.messageStart = at;
    return true;
  }

  /** The host, unless the word is a tag or the message already. */
  #host(line: string, start: number): number {
    const end = tokenEnd(line, start);
    const last = line.charCodeAt(end - 1);
    if (end === start || last === colon || last === close || end - start > 255) return start;
    for (let at = start; at < end; at++) {
      const code = line.charCodeAt(at);
      if (code === percent && line.charCodeAt(at + 1) >= 65 && at === start) return start;
      if (code === open || code === 123 || code === 124 || code === 61) return start;
    }
    this.host = line.slice(start, end);
    return skipSpaces(line, end);
  }

  /** `sshd[123]: ` or `su: `; the message begins behind it. */
  #tag(line: string, start: number): number {
    let at = start;
    for (; at < start + maxTagLength && isTagCode(line.charCodeAt(at)); at++);
    const nameEnd = at;
    if (nameEnd === start) return start;
    if (line.charCodeAt(at) === open) {
      const closing = line.indexOf("]", at);
      if (closing < 0 || closing - at > maxTagLength || line.charCodeAt(closing + 1) !== colon) return start;
      this.procId = unlessNil(line, at + 1, closing);
      at = closing + 1;
    }
    if (line.charCodeAt(at) !== colon || line.charCodeAt(at + 1) > space) {
      this.procId = "";
      return start;
    }
    this.appName = line.slice(start, nameEnd);
    return skipSpaces(line, at + 1);
  }
}

/** Behind the octet count of RFC 6587: `123 <14>…`. */
export function frameEnd(line: string): number {
  if (line.charCodeAt(0) < zero || line.charCodeAt(0) > nine) return 0;
  let at = 1;
  while (at < 10 && isDigit(line.charCodeAt(at))) at++;
  return line.charCodeAt(at) === space && line.charCodeAt(at + 1) === less ? at + 1 : 0;
}

/** Behind the sequence number that Cisco's IOS puts first: `123: `, `000123: host: `. */
function sequenceEnd(line: string, start: number): number {
  let at = start;
  while (at < start + 11 && isDigit(line.charCodeAt(at))) at++;
  return at > start && line.charCodeAt(at) === colon && line.charCodeAt(at + 1) === space ? skipSpaces(line, at + 1) : start;
}

function isDigit(code: number): boolean {
  return code >= zero && code <= nine;
}

/** Letters, digits and what program names have besides: `. _ / - ( )`. */
function isTagCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 45 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || code === 40 || code === 41
  );
}

function skipSpaces(line: string, start: number): number {
  let at = start;
  while (line.charCodeAt(at) === space) at++;
  return at;
}

function tokenEnd(line: string, start: number): number {
  const end = line.indexOf(" ", start);
  return end < 0 ? line.length : end;
}

/** RFC 5424 writes `-` for no value. */
function unlessNil(line: string, start: number, end: number): string {
  return end - start === 1 && line.charCodeAt(start) === dash ? "" : line.slice(start, end);
}
