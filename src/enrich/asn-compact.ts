import { SoclabError } from "../core/index.ts";
import type { AsnRanges } from "./asn-csv.ts";
import type { AsnTable, AutonomousSystem } from "./autonomous-system.ts";
import { type AddressRange, RangeTable, writeWords } from "./range-table.ts";
import { lineError, quoted } from "./text-file.ts";

/**
 * The compact table is text, so that it can be read and compared: comment lines, then the sections `systems`, `v4`, `v6`, each with its number
 * of lines. A system is `asn,organisation` (to the end of the line); a range is `gap,size,system`: addresses left out since the end of the
 * range before, addresses after its first, index of the system; decimal for IPv4, hexadecimal for IPv6. Gzipped it is a third of the CSV.
 */
export const compactAsnMagic = "#soclab-asn 1\n";

export function formatCompactAsn({ systems, v4, v6 }: AsnRanges, comments: readonly string[]): string {
  const lines = comments.map((comment) => `# ${comment}`);
  lines.push(`systems ${systems.length}`);
  for (const { number, organisation } of systems) lines.push(`${number},${(organisation ?? "").replace(/\s+/g, " ")}`);
  for (const [name, ranges, radix] of [["v4", v4, 10] as const, ["v6", v6, 16] as const]) {
    lines.push(`${name} ${ranges.length}`);
    let next = 0n;
    for (const { start, end, value } of ranges as readonly AddressRange[]) {
      lines.push(`${(start - next).toString(radix)},${(end - start).toString(radix)},${value.toString(radix)}`);
      next = end + 1n;
    }
  }
  return `${compactAsnMagic}${lines.join("\n")}\n`;
}

/** @throws SOCLAB_INVALID_FILE with the line */
export function parseCompactAsn(text: string, path: string): AsnTable {
  const lines = new LineCursor(text, path);
  while (lines.peek() === 35) lines.next();
  const systems: AutonomousSystem[] = [];
  for (let left = lines.count("systems"); left > 0; left--) {
    const line = lines.next();
    const comma = line.indexOf(",");
    const number = Number(line.slice(0, comma));
    if (comma < 1 || !(Number.isInteger(number) && number > 0 && number <= 0xffffffff))
      throw lines.error(line, "a system is asn,organisation");
    systems.push({ number, organisation: comma + 1 === line.length ? null : line.slice(comma + 1) });
  }
  return { systems, v4: readV4(lines, systems.length), v6: readV6(lines, systems.length) };
}

// A regular expression a line costs 0.2 s over the 411,960 ranges; digits by hand 0.02 s.
function readV4(lines: LineCursor, systemCount: number): RangeTable {
  const count = lines.count("v4");
  const [starts, ends, values] = [new Uint32Array(count), new Uint32Array(count), new Int32Array(count)];
  let next = 0;
  for (let i = 0; i < count; i++) {
    const start = next + lines.decimal(44);
    const end = start + lines.decimal(44);
    const value = lines.decimal(10);
    if (!(end <= 0xffffffff && value < systemCount)) throw lines.error("", "a range of IPv4 addresses and a known system");
    [starts[i], ends[i], values[i]] = [start, end, value];
    next = end + 1;
  }
  return new RangeTable(4, starts, ends, values);
}

function readV6(lines: LineCursor, systemCount: number): RangeTable {
  const count = lines.count("v6");
  const [starts, ends, values] = [new Uint32Array(count * 4), new Uint32Array(count * 4), new Int32Array(count)];
  let next = 0n;
  for (let i = 0; i < count; i++) {
    const line = lines.next();
    const [, gap, size, system] = /^([\da-f]{1,32}),([\da-f]{1,32}),([\da-f]{1,8})$/.exec(line) ?? [];
    if (gap === undefined) throw lines.error(line, "a range is gap,size,system in hexadecimal");
    const start = next + BigInt(`0x${gap}`);
    const end = start + BigInt(`0x${size}`);
    const value = Number.parseInt(system!, 16);
    if (end >> 128n !== 0n || value >= systemCount) throw lines.error(line, "a range of IPv6 addresses and a known system");
    writeWords(starts, i * 4, start);
    writeWords(ends, i * 4, end);
    values[i] = value;
    next = end + 1n;
  }
  return new RangeTable(6, starts, ends, values);
}

/** Walks the text without making a string of each line. */
class LineCursor {
  readonly #text: string;
  readonly #path: string;
  #at = 0;
  #line = 0;

  constructor(text: string, path: string) {
    this.#text = text;
    this.#path = path;
  }

  peek(): number {
    return this.#text.charCodeAt(this.#at);
  }

  next(): string {
    const end = this.#text.indexOf("\n", this.#at);
    if (end < 0) throw new SoclabError("SOCLAB_INVALID_FILE", `${this.#path} ends after line ${this.#line}, in the middle of the table`);
    const line = this.#text.slice(this.#at, end);
    this.#at = end + 1;
    this.#line++;
    return line;
  }

  /** The number of lines that a section announces, which cannot be more than the text has characters. */
  count(section: string): number {
    const line = this.next();
    const [, name, digits] = /^(\w+) (\d+)$/.exec(line) ?? [];
    if (name !== section || Number(digits) > this.#text.length) throw this.error(line, `"${section}" and a number of lines`);
    return Number(digits);
  }

  /** A decimal number up to the given character, which is eaten. */
  decimal(until: number): number {
    const text = this.#text;
    let value = 0;
    let at = this.#at;
    let char = text.charCodeAt(at);
    for (; char >= 48 && char <= 57; char = text.charCodeAt(++at)) value = value * 10 + char - 48;
    if (char !== until || at === this.#at || value > 0xffffffff) {
      this.#line++;
      throw this.error(text.slice(this.#at, at + 1), "gap,size,system in decimal");
    }
    this.#at = at + 1;
    if (until === 10) this.#line++;
    return value;
  }

  error(value: string, expected: string): SoclabError {
    return lineError(this.#path, this.#line, `${quoted(value)}, expected ${expected}`);
  }
}
