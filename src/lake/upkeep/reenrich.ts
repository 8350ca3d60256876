import { SoclabError, type WorkOptions } from "../../core/index.ts";
import type { Enricher } from "../../enrich/index.ts";
import { labelColumns } from "../../event/index.ts";
import { identifier } from "../../sql/index.ts";
import { type RowValue, rowsOf } from "../../table/index.ts";
import type { LakeFile } from "../lake-file.ts";
import { dayOf, deadLetterTable, noDay } from "../layout.ts";
import type { LakeWriter } from "../writer.ts";
import { enrichedTable, fileColumn, fileScan, madeByEnrichment } from "./enriched-rows.ts";

export interface ReenrichOptions extends WorkOptions {
  readonly enricher: Enricher;
  /** Events from this time on. */
  readonly since?: Date | undefined;
  /** Events before this time. */
  readonly until?: Date | undefined;
  /** Only these tables; default: all of events. */
  readonly tables?: readonly string[] | undefined;
  /** Say what would change, and change nothing. */
  readonly isDryRun?: boolean | undefined;
  /** At most so many changes are shown one by one; default 20. */
  readonly samples?: number | undefined;
}

/** A value that enrichment gives an event now and did not before. */
export interface EnrichmentChange {
  readonly table: string;
  readonly event_id: string;
  readonly column: string;
  readonly before: RowValue;
  readonly after: RowValue;
}

export interface ReenrichCounts {
  /** Events that were looked at. */
  readonly events: number;
  /** Events of which a value changed. */
  readonly changed: number;
  readonly filesRewritten: number;
  /** Table → column → events with another value in it. */
  readonly columns: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly samples: readonly EnrichmentChange[];
}

const rowsPerCommit = 2_000_000;
const made = Object.keys(madeByEnrichment);

/**
 * Enriches events of earlier days anew, with what the sources know today about the events' own time, and says what changed. Files in which nothing changed
 * stay as they are, so that a second run does nothing; a file in which something did is replaced in one commit. Ids, raw records and labels that a feed
 * brought itself stay.
 *
 * @throws SOCLAB_ABORTED; what was committed by then stays
 */
export async function reenrichLake(writer: LakeWriter, options: ReenrichOptions): Promise<ReenrichCounts> {
  const { since, until, tables, signal, onProgress } = options;
  const [from, to] = [since && since.getTime() * 1000, until && until.getTime() * 1000];
  const files = writer.files().filter(({ table, minTimestamp, maxTimestamp }) => {
    if (table === deadLetterTable || (tables && !tables.includes(table))) return false;
    if (minTimestamp === null || maxTimestamp === null) return from === undefined && to === undefined;
    return (from === undefined || maxTimestamp >= from) && (to === undefined || minTimestamp < to);
  });
  const total = files.reduce((sum, { rows }) => sum + rows, 0);
  const run = new Reenrichment(writer, options, timeCondition(from, to));
  let done = 0;
  for (const file of files) {
    if (signal?.aborted) throw new SoclabError("SOCLAB_ABORTED", "the enrichment was stopped", { cause: signal.reason });
    await run.file(file);
    done += file.rows;
    onProgress?.({ step: `enrich ${file.table}`, done, total, unit: "events" });
  }
  return run.finish();
}

class Reenrichment {
  readonly #writer: LakeWriter;
  readonly #options: ReenrichOptions;
  readonly #condition: string;
  readonly #columns = new Map<string, Map<string, number>>();
  readonly #samples: EnrichmentChange[] = [];
  #events = 0;
  #changed = 0;
  #files = 0;
  #uncommitted = 0;

  constructor(writer: LakeWriter, options: ReenrichOptions, condition: string) {
    this.#writer = writer;
    this.#options = options;
    this.#condition = condition;
  }

  async file(file: LakeFile): Promise<void> {
    const { enricher, signal, isDryRun, samples = 20 } = this.#options;
    const { engine, directory } = this.#writer;
    const rows = { file, lake: directory, condition: this.#condition, signal };
    const table = await enrichedTable(engine, enricher, rows);
    try {
      const joined = `${fileScan(rows)} AS f JOIN ${identifier(table.name)} AS e ON e.rn = f.file_row_number`;
      const differs = (name: string) => `${before(file, name)} IS DISTINCT FROM ${after(file, name)}`;
      const any = made.map(differs).join(" OR ");
      const counts = made.map((name) => `count(*) FILTER (${differs(name)})::DOUBLE AS ${identifier(name)}`);
      const sql = `SELECT count(*)::DOUBLE AS "rows looked at", count(*) FILTER (${any})::DOUBLE AS "rows changed", ${counts.join(", ")} FROM ${joined}`;
      const [found] = rowsOf(await engine.query(sql, { signal }));
      this.#events += Number(found!["rows looked at"]);
      const changed = Number(found!["rows changed"]);
      if (changed === 0) return;
      this.#changed += changed;
      this.#count(file.table, (name) => Number(found![name]));
      const room = samples - this.#samples.length;
      if (room > 0) await this.#sample(file, `FROM ${joined} WHERE ${any} ORDER BY f.file_row_number LIMIT ${room}`);
      if (isDryRun) return;
      await this.#rewrite(file, `${fileScan(rows)} AS f LEFT JOIN ${identifier(table.name)} AS e ON e.rn = f.file_row_number`);
    } finally {
      await table.drop();
    }
    if (this.#uncommitted >= rowsPerCommit) await this.#commit();
  }

  async finish(): Promise<ReenrichCounts> {
    if (this.#uncommitted > 0) await this.#commit();
    const columns = Object.fromEntries([...this.#columns].map(([table, own]) => [table, Object.fromEntries(own)]));
    return { events: this.#events, changed: this.#changed, filesRewritten: this.#files, columns, samples: this.#samples };
  }

  async #commit(): Promise<void> {
    await this.#writer.commit();
    this.#uncommitted = 0;
  }

  #count(table: string, of: (name: string) => number): void {
    const own = this.#columns.get(table) ?? new Map<string, number>();
    this.#columns.set(table, own);
    for (const name of made) if (of(name) > 0) own.set(name, (own.get(name) ?? 0) + of(name));
  }

  async #sample(file: LakeFile, rest: string): Promise<void> {
    const pairs = made.map((name, i) => `${before(file, name)} AS b${i}, ${after(file, name)} AS a${i}`);
    const { engine } = this.#writer;
    for (const row of rowsOf(await engine.query(`SELECT f.event_id, ${pairs.join(", ")} ${rest}`))) {
      for (const [i, column] of made.entries()) {
        const [was, is] = [row[`b${i}`]!, row[`a${i}`]!];
        if (this.#samples.length >= (this.#options.samples ?? 20) || text(was) === text(is)) continue;
        this.#samples.push({ table: file.table, event_id: String(row.event_id), column, before: was, after: is });
      }
    }
  }

  async #rewrite(file: LakeFile, joined: string): Promise<void> {
    const columns = { ...file.columns, ...madeByEnrichment };
    const selected = Object.keys(columns).map((name) => {
      const value = Object.hasOwn(madeByEnrichment, name)
        ? `CASE WHEN e.rn IS NULL THEN ${before(file, name)} ELSE ${after(file, name)} END`
        : `f.${fileColumn(file, name)}`;
      return `${value} AS ${identifier(name)}`;
    });
    const { table, path, sources, rows, arrived } = file;
    this.#writer.remove([file], "rewrite");
    const sql = `SELECT ${selected.join(", ")} FROM ${joined} ORDER BY f.file_row_number`;
    await this.#writer.addFile({ table, day: dayOf(path) ?? noDay, sql, columns, sources, rows, arrived });
    this.#files++;
    this.#uncommitted += rows;
  }
}

function before(file: LakeFile, name: string): string {
  const column = fileColumn(file, name);
  return column === "NULL" ? "NULL" : `f.${column}`;
}

/** A label that neither enrichment nor Zeek's own column made is the feed's, and stays. */
function after(file: LakeFile, name: string): string {
  if (!Object.hasOwn(labelColumns, name)) return `e.${identifier(name)}`;
  const [label, source] = [before(file, "label"), before(file, "label_source")];
  const isOurs = `(${label} IS NULL OR ${source} = 'zeek' OR starts_with(${source}, 'threat-intel:'))`;
  return `CASE WHEN ${isOurs} THEN e.${identifier(name)} ELSE ${before(file, name)} END`;
}

function timeCondition(from: number | undefined, to: number | undefined): string {
  const tests = [
    ...(from === undefined ? [] : [`"timestamp" >= make_timestamp(${from}::BIGINT)`]),
    ...(to === undefined ? [] : [`"timestamp" < make_timestamp(${to}::BIGINT)`]),
  ];
  return tests.length === 0 ? "TRUE" : tests.join(" AND ");
}

function text(value: RowValue): string {
  return JSON.stringify(value, (_, each) => (typeof each === "bigint" ? `${each}n` : each));
}
