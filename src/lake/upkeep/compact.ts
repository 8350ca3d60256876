import { SoclabError, type WorkOptions } from "../../core/index.ts";
import type { LakeFile } from "../lake-file.ts";
import { dayOf } from "../layout.ts";
import type { LakeWriter } from "../writer.ts";
import { mergedFile } from "./merged-file.ts";

export interface CompactOptions extends WorkOptions {
  /** Only these tables; default: all. */
  readonly tables?: readonly string[] | undefined;
  /** A merged file has at most so many rows; default 4,000,000. */
  readonly rowsPerFile?: number | undefined;
}

export interface CompactCounts {
  readonly filesBefore: number;
  readonly filesAfter: number;
  /** Rows that were written again. */
  readonly rows: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

const defaultRowsPerFile = 4_000_000;
/** A commit holds so many rows or more: a kill loses that much work and nothing else. */
const rowsPerCommit = 4_000_000;

/**
 * Files of a table and day that are to become one, each group in order of time. Side by side as long as there is room: what is merged is not merged
 * again.
 */
export function compactionPlan(
  files: readonly LakeFile[],
  { tables, rowsPerFile = defaultRowsPerFile }: CompactOptions = {},
): LakeFile[][] {
  const partitions = Map.groupBy(
    files.filter(({ table }) => tables === undefined || tables.includes(table)),
    ({ table, path }) => JSON.stringify([table, dayOf(path)]),
  );
  const groups: LakeFile[][] = [];
  for (const partition of partitions.values()) {
    let group: LakeFile[] = [];
    let rows = 0;
    for (const file of partition.toSorted(byTime)) {
      if (group.length > 0 && rows + file.rows > rowsPerFile) {
        groups.push(group);
        [group, rows] = [[], 0];
      }
      group.push(file);
      rows += file.rows;
    }
    groups.push(group);
  }
  return groups.filter((group) => group.length > 1);
}

/**
 * Makes few large files out of many small ones. Each commit takes files out and puts the ones made of them in, so that a reader sees either and a
 * kill leaves either; the records and their ids stay as they are.
 *
 * @throws SOCLAB_ABORTED; what was committed by then stays
 */
export async function compactLake(writer: LakeWriter, options: CompactOptions = {}): Promise<CompactCounts> {
  const plan = compactionPlan(writer.files(), options);
  const total = plan.flat().reduce((sum, { rows }) => sum + rows, 0);
  const counts = { filesBefore: 0, filesAfter: 0, rows: 0, bytesBefore: 0, bytesAfter: 0 };
  let uncommitted = 0;
  for (const files of plan) {
    if (options.signal?.aborted) throw new SoclabError("SOCLAB_ABORTED", "the compaction was stopped", { cause: options.signal.reason });
    writer.remove(files, "compaction");
    const made = await writer.addFile(mergedFile(writer.directory, files));
    counts.filesBefore += files.length;
    counts.bytesBefore += files.reduce((sum, { bytes }) => sum + bytes, 0);
    counts.filesAfter += made ? 1 : 0;
    counts.bytesAfter += made?.bytes ?? 0;
    counts.rows += made?.rows ?? 0;
    uncommitted += made?.rows ?? 0;
    if (uncommitted >= rowsPerCommit) {
      await writer.commit();
      uncommitted = 0;
    }
    options.onProgress?.({ step: "compact", done: counts.rows, total, unit: "rows" });
  }
  if (uncommitted > 0) await writer.commit();
  return counts;
}

function byTime(a: LakeFile, b: LakeFile): number {
  const time = (a.minTimestamp ?? 0) - (b.minTimestamp ?? 0);
  return time !== 0 ? time : a.commit - b.commit || (a.path < b.path ? -1 : 1);
}
