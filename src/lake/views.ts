import type { Columns } from "../event/index.ts";
import { constant, identifier, sqlType } from "../sql/index.ts";
import type { LakeFile } from "./lake-file.ts";
import { absolutePath } from "./layout.ts";

/**
 * A table as SQL over its files. Files with the same columns are one scan; a column that a file does not have is NULL, one that was
 * narrower is cast. The columns of each file come from the log, so that no file is opened to learn them.
 */
export function tableQuery(directory: string, schema: Columns, files: Iterable<LakeFile>): string {
  const groups = new Map<string, { columns: Columns; stored: Readonly<Record<string, string>>; paths: string[] }>();
  for (const { columns, stored = {}, path } of files) {
    const key = JSON.stringify([columns, stored]);
    const group = groups.get(key) ?? { columns, stored, paths: [] };
    group.paths.push(absolutePath(directory, path));
    groups.set(key, group);
  }
  const scans = [...groups.values()].map(({ columns, stored, paths }) => {
    const selected = Object.entries(schema).map(([name, type]) => {
      const present = Object.hasOwn(columns, name) ? columns[name] : undefined;
      const own = Object.hasOwn(stored, name) ? stored[name]! : name;
      if (present === type) return own === name ? identifier(name) : `${identifier(own)} AS ${identifier(name)}`;
      return `CAST(${present === undefined ? "NULL" : identifier(own)} AS ${sqlType(type)}) AS ${identifier(name)}`;
    });
    return `SELECT ${selected.join(", ")} FROM read_parquet(${constant(paths)}, hive_partitioning = false)`;
  });
  return scans.join("\nUNION ALL ");
}

/** A table without rows. */
export function emptyQuery(schema: Columns): string {
  const columns = Object.entries(schema).map(([name, type]) => `CAST(NULL AS ${sqlType(type)}) AS ${identifier(name)}`);
  return `SELECT ${columns.join(", ")} WHERE FALSE`;
}
