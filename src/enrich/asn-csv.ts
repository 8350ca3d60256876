import { parseAddress } from "./address.ts";
import type { AsnTable, AutonomousSystem } from "./autonomous-system.ts";
import { csvRecords } from "./csv.ts";
import { type AddressRange, addressToBigint, RangeTable, writeWords } from "./range-table.ts";
import { lineError, quoted } from "./text-file.ts";

export interface AsnRanges {
  readonly systems: readonly AutonomousSystem[];
  /** Sorted by start, without overlap: a range ends before the next one starts. */
  readonly v4: readonly AddressRange[];
  readonly v6: readonly AddressRange[];
}

/** `start,end,asn,organisation` lines of both families in any order, without a header. */
export function parseAsnCsv(text: string, path: string): AsnTable {
  const { systems, v4, v6 } = readAsnRanges(text, path);
  return { systems, v4: rangeTable(4, v4), v6: rangeTable(6, v6) };
}

export function readAsnRanges(text: string, path: string): AsnRanges {
  const systems: AutonomousSystem[] = [];
  const indexes = new Map<number, number>();
  const ranges: Record<4 | 6, AddressRange[]> = { 4: [], 6: [] };
  for (const { line, fields } of csvRecords(text, path)) {
    if (fields.length !== 4) throw lineError(path, line, `${fields.length} fields, expected 4: start, end, asn, organisation`);
    const [from = "", to = "", digits = "", organisation = ""] = fields;
    const [first, last] = [parseAddress(from), parseAddress(to)];
    if (first === null) throw lineError(path, line, `${quoted(from)} is no address`);
    if (last === null || last.family !== first.family) throw lineError(path, line, `${quoted(to)} is no IPv${first.family} address`);
    const number = Number(digits);
    if (!/^[1-9]\d{0,9}$/.test(digits) || number > 0xffffffff)
      throw lineError(path, line, `${quoted(digits)} is no AS number, expected 1 to 4294967295`);
    const [start, end] = [addressToBigint(first), addressToBigint(last)];
    if (end < start) throw lineError(path, line, `the range ends at ${to}, before its start ${from}`);
    let value = indexes.get(number);
    if (value === undefined) {
      value = systems.length;
      indexes.set(number, value);
      systems.push({ number, organisation: organisation === "" ? null : organisation });
    }
    ranges[first.family].push({ start, end, value });
  }
  return { systems, v4: disjoint(ranges[4]), v6: disjoint(ranges[6]) };
}

function disjoint(ranges: AddressRange[]): AddressRange[] {
  ranges.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const out: AddressRange[] = [];
  for (const [i, range] of ranges.entries()) {
    const next = ranges[i + 1]?.start;
    const end = next !== undefined && range.end >= next ? next - 1n : range.end;
    if (end >= range.start) out.push({ ...range, end });
  }
  return out;
}

function rangeTable(family: 4 | 6, ranges: readonly AddressRange[]): RangeTable {
  const stride = family === 4 ? 1 : 4;
  const starts = new Uint32Array(ranges.length * stride);
  const ends = new Uint32Array(ranges.length * stride);
  for (const [i, { start, end }] of ranges.entries()) {
    if (family === 4) [starts[i], ends[i]] = [Number(start), Number(end)];
    else {
      writeWords(starts, i * 4, start);
      writeWords(ends, i * 4, end);
    }
  }
  return new RangeTable(
    family,
    starts,
    ends,
    Int32Array.from(ranges, ({ value }) => value),
  );
}
