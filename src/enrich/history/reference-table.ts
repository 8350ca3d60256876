import { didYouMean, SoclabError } from "../../core/index.ts";
import { type CsvRecord, csvRecords } from "../csv.ts";
import { quoted } from "../text-file.ts";
import type { Validity } from "./device-history.ts";
import { referenceTime } from "./reference-time.ts";
import { versionOf } from "./source-version.ts";
import { always, forever } from "./time-lines.ts";

/** One record of a reference table: its place, counted from 1, and a cell a column. */
export interface ReferenceRow {
  readonly place: number;
  readonly fields: readonly (string | null)[];
}

/** What is known of assets, users or leases, as texts, wherever it comes from. */
export interface ReferenceTable {
  /** As messages name it: a path, an address without its secrets, a database and its table. */
  readonly name: string;
  /** What `place` counts. */
  readonly unit: "line" | "row";
  readonly columns: readonly string[];
  /** To be read once. */
  readonly rows: Iterable<ReferenceRow> | AsyncIterable<ReferenceRow>;
  /** 16 hexadecimal digits that change with the content; to be asked for when the rows were read. */
  readonly version: () => string;
}

/** Past this a history takes gigabytes and minutes to read. */
export const maxReferenceRows = 10_000_000;

/** Columns of every history. An empty `valid_from` or `valid_until` is an open end. */
export const validityColumns = ["valid_from", "valid_until", "known_at"] as const;

/**
 * A CSV text with a header line as a table.
 * @param wanted - shown where there is no header line
 * @throws SOCLAB_INVALID_FILE, while the rows are read
 */
export function csvTable(text: string, name: string, wanted: readonly string[]): ReferenceTable {
  const records = csvRecords(text, name);
  const header: CsvRecord | undefined = records.next().value;
  if (header === undefined) throw new SoclabError("SOCLAB_INVALID_FILE", `${name} is empty, expected a header line ${wanted.join(",")}`);
  const columns = header.fields.map((title) => title.trim());
  function* rows(): Generator<ReferenceRow> {
    for (const { line, fields } of records) {
      if (fields.length !== columns.length)
        throw placeError(name, "line", line, `${fields.length} fields, expected ${columns.length}: ${columns.join(", ")}`);
      yield { place: line, fields };
    }
  }
  return { name, unit: "line", columns, rows: rows(), version: () => versionOf(text) };
}

/** The cells of one row by the names that soclab has for the columns. */
export class ReferenceCells {
  readonly #table: ReferenceTable;
  readonly #positions: ReadonlyMap<string, number>;
  #row: ReferenceRow = { place: 0, fields: [] };

  constructor(table: ReferenceTable, positions: ReadonlyMap<string, number>) {
    this.#table = table;
    this.#positions = positions;
  }

  /** @internal */
  moveTo(row: ReferenceRow): void {
    this.#row = row;
  }

  get place(): number {
    return this.#row.place;
  }

  has(column: string): boolean {
    return this.#positions.has(column);
  }

  /** Without the space around it; null where it is empty or there is no such column. */
  text(column: string): string | null {
    const position = this.#positions.get(column);
    if (position === undefined) return null;
    const value = this.#row.fields[position]?.trim();
    return value === undefined || value === "" ? null : value;
  }

  /** @throws SOCLAB_INVALID_FILE for no time, and for an end that is not after the start */
  validity(): Validity {
    const from = this.#time("valid_from", always);
    const until = this.#time("valid_until", forever);
    if (from >= until)
      throw this.error(
        `valid_until ${quoted(this.text("valid_until") ?? "")} is not after valid_from ${quoted(this.text("valid_from") ?? "")}`,
        "A row holds from valid_from up to, not including, valid_until.",
      );
    return { from, until, knownAt: this.#time("known_at", always) };
  }

  error(message: string, hint?: string): SoclabError {
    return placeError(this.#table.name, this.#table.unit, this.#row.place, message, hint);
  }

  #time(column: string, missing: number): number {
    const text = this.text(column);
    if (text === null) return missing;
    if (/^\+?infinity$|^9999-/i.test(text)) return forever;
    if (/^-infinity$/i.test(text)) return always;
    const time = referenceTime(text);
    if (time === null) throw this.error(`${column} ${quoted(text)} is no time, expected one like 2026-03-01T08:00:00Z`);
    return time;
  }
}

export interface ReferenceColumns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** At least one of these optional ones must be there. */
  readonly oneOf?: readonly string[] | undefined;
  /** soclab's name → the table's. Where it is given, columns that it does not name are left alone. */
  readonly mapping?: Readonly<Record<string, string>> | undefined;
}

/**
 * Calls back for each row of a table, in order.
 * @throws SOCLAB_INVALID_FILE for a column that is unknown, twice there or missing, and for too many rows
 */
export async function readReference(
  table: ReferenceTable,
  columns: ReferenceColumns,
  take: (cells: ReferenceCells) => void,
): Promise<void> {
  const cells = new ReferenceCells(table, positionsOf(table, columns));
  let count = 0;
  const step = (row: ReferenceRow) => {
    if (++count > maxReferenceRows)
      throw new SoclabError("SOCLAB_INVALID_FILE", `${table.name} holds more than ${maxReferenceRows} rows`, {
        hint: "Leave out what ended before the events that are enriched.",
      });
    cells.moveTo(row);
    take(cells);
  };
  if (Symbol.iterator in table.rows) for (const row of table.rows) step(row);
  else for await (const row of table.rows) step(row);
}

function positionsOf(table: ReferenceTable, { required, optional, oneOf, mapping }: ReferenceColumns): Map<string, number> {
  // An endpoint without a row says nothing of its columns.
  if (table.columns.length === 0) return new Map();
  const known = [...required, ...optional];
  const fail = (message: string, hint?: string) =>
    table.unit === "line"
      ? placeError(table.name, "line", 1, message, hint)
      : new SoclabError("SOCLAB_INVALID_FILE", `${table.name}: ${message}`, { hint });
  const wanted = new Map<string, string>();
  for (const name of known) wanted.set((mapping && Object.hasOwn(mapping, name) ? mapping[name]! : name).toLowerCase(), name);
  const positions = new Map<string, number>();
  for (const [position, title] of table.columns.entries()) {
    const theirs = title.toLowerCase();
    const name = wanted.get(theirs);
    if (name === undefined) {
      if (mapping) continue;
      throw fail(
        `unknown column ${quoted(title)}, expected ${known.join(", ")}`,
        didYouMean(theirs, known) ?? 'Name those that count in "columns": the others are then left alone.',
      );
    }
    if (positions.has(name)) throw fail(`the column "${theirs}" occurs twice`);
    positions.set(name, position);
  }
  for (const [ours, theirs] of Object.entries(mapping ?? {}))
    if (!positions.has(ours)) throw fail(`the column ${quoted(theirs)} is missing`, didYouMean(theirs, table.columns));
  for (const name of required) if (!positions.has(name)) throw fail(`the column "${name}" is missing, expected ${known.join(", ")}`);
  if (oneOf?.every((name) => !positions.has(name))) throw fail(`there is none of the columns ${oneOf.join(", ")}, expected at least one`);
  return positions;
}

export function placeError(name: string, unit: string, place: number, message: string, hint?: string): SoclabError {
  return new SoclabError("SOCLAB_INVALID_FILE", `${name} ${unit} ${place}: ${message}`, { hint });
}
