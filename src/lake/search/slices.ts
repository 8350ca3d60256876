import { constant, identifier } from "../../sql/index.ts";
import type { FileGroup, PlannedFile } from "./plan.ts";

/** A part of a file: rows from one time to another, both included, epoch microseconds. */
export interface Slice {
  readonly file: PlannedFile;
  readonly from: number;
  readonly to: number;
}

const rowsPerSlice = 65_536;

/** Large files are looked into piece by piece, newest first, so that a search for what is frequent reads little. */
export function slicesOf(files: readonly PlannedFile[]): Slice[] {
  const slices = files.flatMap((planned): Slice[] => {
    const { minTimestamp: first, maxTimestamp: last, rows } = planned.file;
    if (first === null || last === null) return [{ file: planned, from: Number.NEGATIVE_INFINITY, to: Number.NEGATIVE_INFINITY }];
    if (planned.ranges) return disjoint(planned.ranges).map(([from, to]) => ({ file: planned, from, to }));
    const count = Math.min(Math.ceil(rows / rowsPerSlice), last - first + 1);
    const edge = (i: number) => first + Math.ceil(((last - first + 1) * i) / count);
    return Array.from({ length: count }, (_, i) => ({ file: planned, from: edge(i), to: edge(i + 1) - 1 }));
  });
  return slices.sort((a, b) => b.to - a.to);
}

/** Two blocks of a file can share a time at their edge; the events of it are looked at once. */
function disjoint(ranges: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  let last = Number.NEGATIVE_INFINITY;
  return [...ranges]
    .sort(([a], [b]) => a - b)
    .flatMap(([from, to]): [number, number][] => {
      const own: [number, number] = [Math.max(from, last + 1), to];
      last = Math.max(last, to);
      return own[0] <= to ? [own] : [];
    });
}

/** One statement's rows: whole files, or parts of one. */
export interface Scan {
  readonly group: FileGroup;
  readonly paths: readonly string[];
  /** Times to keep to, epoch microseconds, both included; undefined for all. */
  readonly ranges: readonly (readonly [number, number])[] | undefined;
}

/** Slices as few scans: those of a group that are whole files together, parts of a file on their own. */
export function scansOf(slices: readonly Slice[]): Scan[] {
  const parts = new Map<PlannedFile, Slice[]>();
  for (const slice of slices) {
    const of = parts.get(slice.file);
    if (of) of.push(slice);
    else parts.set(slice.file, [slice]);
  }
  const whole = new Map<FileGroup, string[]>();
  const scans: Scan[] = [];
  for (const [file, own] of parts) {
    const { group, path } = file;
    const from = own.reduce((least, slice) => Math.min(least, slice.from), Number.POSITIVE_INFINITY);
    const to = own.reduce((most, slice) => Math.max(most, slice.to), Number.NEGATIVE_INFINITY);
    const isWhole = !file.ranges && from <= (file.file.minTimestamp ?? from) && to >= (file.file.maxTimestamp ?? to);
    if (!isWhole) scans.push({ group, paths: [path], ranges: joined(own) });
    else if (whole.has(group)) whole.get(group)!.push(path);
    else whole.set(group, [path]);
  }
  return [...scans, ...[...whole].map(([group, paths]) => ({ group, paths, ranges: undefined }))];
}

/** Neighbours are one range. */
function joined(slices: readonly Slice[]): (readonly [number, number])[] {
  const ranges: [number, number][] = [];
  for (const { from, to } of [...slices].sort((a, b) => a.from - b.from)) {
    const last = ranges.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else ranges.push([from, to]);
  }
  return ranges;
}

export const pathColumn = "soclab file";

/** Files of a group as rows, with their columns as the table calls them. */
export function scanSql({ group, paths }: Pick<Scan, "group" | "paths">): string {
  const scan = `read_parquet(${constant(paths)}, hive_partitioning = false, filename = ${constant(pathColumn)})`;
  const renamed = Object.entries(group.stored ?? {}).map(([name, own]) => `${identifier(own)} AS ${identifier(name)}`);
  return renamed.length === 0 ? scan : `(SELECT * RENAME (${renamed.join(", ")}) FROM ${scan})`;
}

/** The hull first: Parquet's statistics answer it, they do not answer an OR. */
export function rangesSql(ranges: readonly (readonly [number, number])[], bind: (micros: number) => string): string {
  const between = ([from, to]: readonly [number, number]) => `"timestamp" BETWEEN ${bind(from)} AND ${bind(to)}`;
  const hull = between([ranges[0]![0], ranges.at(-1)![1]]);
  return ranges.length === 1 ? hull : `${hull} AND (${ranges.map(between).join(" OR ")})`;
}
