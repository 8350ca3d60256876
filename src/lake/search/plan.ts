import { didYouMean, SoclabError } from "../../core/index.ts";
import type { Columns } from "../../event/index.ts";
import type { BoundValue } from "../../table/index.ts";
import type { LakeFile } from "../lake-file.ts";
import { absolutePath, deadLetterTable } from "../layout.ts";
import { Bindings } from "./bindings.ts";
import { checkTerms, conditionOf } from "./compile.ts";
import type { IndexCache } from "./index/index-cache.ts";
import { type Probe, probeOf } from "./index/probe.ts";
import type { SearchNode } from "./query.ts";
import { allTimes, intersection, type TimeBounds, timeBoundsOf } from "./time-bounds.ts";
import { timeSql } from "./value-sql.ts";

/** What a search reads of a lake. */
export interface SearchableLake {
  readonly directory: string;
  readonly commit: number;
  tables(): string[];
  schema(name: string): Columns;
  files(name: string): readonly LakeFile[];
  readonly indexes: IndexCache;
}

/** Files of one table that have the same columns, and the condition on their rows. */
export interface FileGroup {
  readonly table: string;
  readonly columns: Columns;
  /** See {@link LakeFile.stored}. */
  readonly stored: LakeFile["stored"];
  readonly condition: string;
  readonly values: readonly BoundValue[];
  readonly probe: Probe;
}

export interface PlannedFile {
  readonly group: FileGroup;
  readonly file: LakeFile;
  readonly path: string;
  /** The only times at which it can have hits, epoch microseconds, both ends included; undefined where nobody knows. */
  readonly ranges?: readonly (readonly [number, number])[] | undefined;
}

/** The files that can hold a hit. Tables and files that cannot are never opened. */
export function planSearch(
  lake: SearchableLake,
  node: SearchNode,
  tables: readonly string[] | undefined,
  times: TimeBounds,
): PlannedFile[] {
  const names = tables ?? lake.tables().filter((name) => name !== deadLetterTable);
  const schemas = new Map(names.map((name) => [name, schemaOf(lake, name)]));
  checkTerms(node, schemas);
  const bounds = intersection(times, timeBoundsOf(node));
  const isBounded = bounds.from !== allTimes.from || bounds.to !== allTimes.to;
  const planned: PlannedFile[] = [];
  for (const table of schemas.keys()) {
    const groups = new Map<string, FileGroup | undefined>();
    for (const file of lake.files(table)) {
      const { minTimestamp, maxTimestamp } = file;
      if (isBounded && (minTimestamp === null || maxTimestamp === null || minTimestamp >= bounds.to || maxTimestamp < bounds.from))
        continue;
      const key = JSON.stringify([file.columns, file.stored]);
      if (!groups.has(key)) groups.set(key, fileGroup(file, node, times));
      const group = groups.get(key);
      if (!group) continue;
      const ranges = lake.indexes.ranges(file, group.probe)?.filter(([from, to]) => from < bounds.to && to >= bounds.from);
      if (ranges?.length !== 0) planned.push({ group, file, path: absolutePath(lake.directory, file.path), ranges });
    }
  }
  return planned;
}

function schemaOf(lake: SearchableLake, name: string): Columns {
  if (name === deadLetterTable || lake.tables().includes(name)) return lake.schema(name);
  const near = didYouMean(name, lake.tables());
  throw new SoclabError("SOCLAB_UNKNOWN_TABLE", `the lake has no table "${name}".${near ? ` ${near}` : ""}`, {
    hint: `Its tables are ${lake.tables().join(", ")}.`,
  });
}

/** @returns undefined where no row can be a hit */
function fileGroup({ table, columns, stored }: LakeFile, node: SearchNode, times: TimeBounds): FileGroup | undefined {
  const bindings = new Bindings();
  const condition = conditionOf(node, columns, bindings);
  if (condition === false) return undefined;
  const tests: string[] = [];
  const hasTime = Object.hasOwn(columns, "timestamp");
  if (Number.isFinite(times.from)) tests.push(hasTime ? `"timestamp" >= ${timeSql(times.from, bindings)}` : "FALSE");
  if (Number.isFinite(times.to)) tests.push(hasTime ? `"timestamp" < ${timeSql(times.to, bindings)}` : "FALSE");
  if (condition !== true) tests.push(condition);
  return {
    table,
    columns,
    stored,
    condition: tests.length === 0 ? "TRUE" : tests.join(" AND "),
    values: bindings.values,
    probe: probeOf(node, columns),
  };
}
