import type { Columns } from "../../event/index.ts";
import type { LakeFile, SourceSpan } from "../lake-file.ts";
import { dayOf, deadLetterTable, noDay } from "../layout.ts";
import { mergedSchema } from "../schema.ts";
import { tableQuery } from "../views.ts";
import type { RewrittenFile } from "../writer.ts";

/** One file that holds what several files of a table and day hold, rows in a file's order. */
export function mergedFile(directory: string, files: readonly LakeFile[]): RewrittenFile {
  const [{ table }] = files as readonly [LakeFile];
  const columns = files.reduce<Columns>((known, file) => mergedSchema(table, known, file.columns), {});
  const present = new Set(files.flatMap((file) => Object.keys(file.columns)));
  const kept: Columns = Object.fromEntries(Object.entries(columns).filter(([name]) => present.has(name)));
  const order = table === deadLetterTable ? `source, "offset"` : `"timestamp", event_id`;
  const scan = tableQuery(directory, kept, files);
  return {
    table,
    day: dayOf(files[0]!.path) ?? (table === deadLetterTable ? undefined : noDay),
    sql: `SELECT * FROM (${scan}) ORDER BY ${order}`,
    columns: kept,
    sources: joinedSpans(files),
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
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
