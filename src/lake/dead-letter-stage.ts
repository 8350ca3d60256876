import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { columnOf, type DeadLetter } from "../event/index.ts";
import { constant, identifier } from "../sql/index.ts";
import type { AppendTable, DuckDb, VectorSource } from "../table/index.ts";
import type { SourceSpan } from "./lake-file.ts";
import { deadLetterTable } from "./layout.ts";
import { deadLetterColumns } from "./schema.ts";
import type { StagedFiles, StageTarget } from "./stage.ts";

let tableNumber = 0;

/** Dead letters on their way to Parquet. One is the same as another when source, offset, code and bytes are. */
export class DeadLetterStage {
  readonly #engine: DuckDb;
  readonly #spans = new Map<string, { name: string; from: number; to: number }>();
  #table: AppendTable | undefined;
  rawBytes = 0;
  rows = 0;

  constructor(engine: DuckDb) {
    this.#engine = engine;
  }

  async append(letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    const columns = Object.entries(deadLetterColumns).map(([name, type]) => ({ name, type }));
    this.#table ??= await this.#engine.createTable(`dead_letters_${tableNumber++}`, columns);
    const text = (fieldOf: (letter: DeadLetter) => string): VectorSource => ({
      kind: "column",
      column: columnOf("string", letters.map(fieldOf)),
    });
    const ends = new Int32Array(letters.length);
    let length = 0;
    for (const [i, { raw, source, sourceId, offset }] of letters.entries()) {
      length += raw.length;
      ends[i] = length;
      const span = this.#spans.get(sourceId);
      this.#spans.set(sourceId, { name: source, from: Math.min(span?.from ?? offset, offset), to: Math.max(span?.to ?? 0, offset + 1) });
    }
    const bytes = Buffer.concat(letters.map(({ raw }) => raw));
    const starts = Int32Array.from(letters, ({ raw }, i) => ends[i]! - raw.length);
    const offsets = letters.map(({ offset }) => BigInt(offset));
    const sources: Record<keyof typeof deadLetterColumns, VectorSource> = {
      source: text(({ source }) => source),
      offset: { kind: "column", column: columnOf("bigint", offsets) },
      code: text(({ code }) => code),
      reason: text(({ reason }) => reason),
      raw: { kind: "raw", raw: { bytes, starts, ends } },
      feed: text(({ feed }) => feed),
      source_id: text(({ sourceId }) => sourceId),
      context: text(({ context }) => JSON.stringify(context)),
    };
    await this.#table.append(Object.values(sources), letters.length);
    this.rawBytes += length;
    this.rows += letters.length;
  }

  async write(target: StageTarget): Promise<StagedFiles> {
    if (!this.#table) return { files: [], duplicates: 0 };
    this.#table.flush();
    const name = identifier(this.#table.name);
    const same = `source_id, "offset", code, md5(raw)`;
    let duplicates = await this.#engine.run(`DELETE FROM ${name} WHERE rowid NOT IN (SELECT min(rowid) FROM ${name} GROUP BY ${same})`);
    const spans = [...this.#spans].map(([id, span]): SourceSpan => ({ id, ...span }));
    for (const span of spans) {
      const paths = target.overlapping(deadLetterTable, span);
      if (paths.length === 0) continue;
      duplicates += await this.#engine.run(
        `DELETE FROM ${name} WHERE source_id = ${constant(span.id)} AND (${same}) IN
         (SELECT (${same}) FROM read_parquet(${constant(paths)}, hive_partitioning = false) WHERE source_id = ${constant(span.id)})`,
      );
    }
    const rows = this.rows - duplicates;
    const path = `${deadLetterTable}/${target.nextPart()}`;
    const absolute = join(target.directory, ...path.split("/"));
    if (rows > 0) {
      await mkdir(join(target.directory, deadLetterTable), { recursive: true });
      await this.#engine.writeParquet(`SELECT * FROM ${name} ORDER BY source_id, "offset"`, absolute);
    }
    await this.discard();
    if (rows === 0) return { files: [], duplicates };
    const { size } = await stat(absolute);
    const file = {
      table: deadLetterTable,
      path,
      rows,
      bytes: size,
      minTimestamp: null,
      maxTimestamp: null,
      sources: spans,
      columns: deadLetterColumns,
    };
    return { files: [file], duplicates };
  }

  async discard(): Promise<void> {
    await this.#table?.drop();
    this.#table = undefined;
  }
}
