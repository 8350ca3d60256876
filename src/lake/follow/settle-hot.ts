import type { Columns } from "../../event/index.ts";
import type { LakeFile, SourceSpan } from "../lake-file.ts";
import { deadLetterTable, noDay } from "../layout.ts";
import { mergedSchema } from "../schema.ts";
import { tableQuery } from "../views.ts";
import type { LakeWriter, RewrittenFile } from "../writer.ts";

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
    const key = JSON.stringify([file.table, dayOf(file), tier]);
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

/** The day that a file's folder says; undefined for a table that has no days. */
function dayOf({ path }: LakeFile): string | undefined {
  return /\/day=([^/]+)\//.exec(path)?.[1];
}

function mergedFile(directory: string, files: readonly LakeFile[]): RewrittenFile {
  const [{ table }] = files as readonly [LakeFile];
  const columns = files.reduce<Columns>((known, file) => mergedSchema(table, known, file.columns), {});
  const present = new Set(files.flatMap((file) => Object.keys(file.columns)));
  const kept: Columns = Object.fromEntries(Object.entries(columns).filter(([name]) => present.has(name)));
  const order = table === deadLetterTable ? `source, "offset"` : `"timestamp", event_id`;
  const scan = tableQuery(directory, kept, files);
  return {
    table,
    day: dayOf(files[0]!) ?? (table === deadLetterTable ? undefined : noDay),
    sql: `SELECT * FROM (${scan}) ORDER BY ${order}`,
    columns: kept,
    sources: joinedSpans(files),
    arrived: files
      .map(({ arrived }) => arrived)
      .sort()
      .at(-1),
  };
}

/** Of each source its ranges, those that touch as one. */
function joinedSpans(files: readonly LakeFile[]): SourceSpan[] {
  const spans = files.flatMap(({ sources }) => sources).sort((a, b) => (a.id === b.id ? a.from - b.from : a.id < b.id ? -1 : 1));
  const joined: SourceSpan[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last && last.id === span.id && last.name === span.name && span.from <= last.to)
      joined[joined.length - 1] = { ...last, to: Math.max(last.to, span.to) };
    else joined.push(span);
  }
  return joined;
}
