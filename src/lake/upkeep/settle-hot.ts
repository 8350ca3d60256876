import type { LakeFile } from "../lake-file.ts";
import { dayOf } from "../layout.ts";
import type { LakeWriter } from "../writer.ts";
import { mergedFile } from "./merged-file.ts";

/** So many files of about the same size become one, so that an event is written again once for every power of this number. */
const filesPerMerge = 16;
/** Larger files are left to `soclab lake compact`. */
const settledRows = 100_000;

/**
 * Merges the small files that commits of a second leave: of each table and day, those of about one size as they become many. One commit
 * takes them out and puts the merged one in, so that a reader sees either and a kill leaves either.
 *
 * @returns how many files were merged away
 */
export async function settleHot(writer: LakeWriter, signal?: AbortSignal): Promise<number> {
  const groups = new Map<string, LakeFile[]>();
  for (const file of writer.files()) {
    if (file.rows >= settledRows) continue;
    const tier = Math.floor(Math.log(file.rows) / Math.log(filesPerMerge));
    const key = JSON.stringify([file.table, dayOf(file.path), tier]);
    const group = groups.get(key);
    if (group) group.push(file);
    else groups.set(key, [file]);
  }
  let merged = 0;
  for (const files of groups.values()) {
    if (files.length < filesPerMerge || signal?.aborted) continue;
    await writer.replace({ remove: files, reason: "compaction", add: [mergedFile(writer.directory, files)] });
    merged += files.length;
  }
  return merged;
}
