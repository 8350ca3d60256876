import type { Lake } from "./lake.ts";
import { dayOf, noDay } from "./layout.ts";

/** What a lake holds of one table. */
export interface TableInfo {
  readonly table: string;
  readonly rows: number;
  readonly files: number;
  readonly bytes: number;
  /** UTC days with events. */
  readonly days: number;
  readonly columns: number;
  /** Event time of the first and last event, ISO 8601; null where none has a time. */
  readonly from: string | null;
  readonly to: string | null;
  /** Rows in files that have a search index. */
  readonly indexedRows: number;
  readonly indexBytes: number;
}

export interface LakeInfo {
  readonly directory: string;
  readonly commits: number;
  /** See {@link Lake.head}. */
  readonly head: string;
  readonly tables: readonly TableInfo[];
}

/** What is in a lake, from its log alone: no data file is opened. */
export function lakeInfo(lake: Lake): LakeInfo {
  const tables = lake.tables().map((table): TableInfo => {
    const files = lake.files(table);
    const sum = (of: (file: (typeof files)[number]) => number) => files.reduce((total, file) => total + of(file), 0);
    const times = files.flatMap(({ minTimestamp, maxTimestamp }) => [minTimestamp, maxTimestamp]).filter((time) => time !== null);
    const extreme = (of: (a: number, b: number) => number) =>
      times.length === 0 ? null : new Date(times.reduce((a, b) => of(a, b)) / 1000).toISOString();
    return {
      table,
      rows: sum(({ rows }) => rows),
      files: files.length,
      bytes: sum(({ bytes }) => bytes),
      days: new Set(files.map(({ path }) => dayOf(path)).filter((day) => day !== undefined && day !== noDay)).size,
      columns: Object.keys(lake.schema(table)).length,
      from: extreme(Math.min),
      to: extreme(Math.max),
      indexedRows: sum(({ search, rows }) => (search ? rows : 0)),
      indexBytes: sum(({ search }) => search?.bytes ?? 0),
    };
  });
  return { directory: lake.directory, commits: lake.commit, head: lake.head, tables };
}
