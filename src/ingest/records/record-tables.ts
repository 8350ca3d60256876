import { JsonColumns, type JsonLayout } from "../json/json-columns.ts";
import { Rejection } from "../json/json-values.ts";
import type { BlockOutput } from "../line-parser.ts";
import { addSevenFields } from "../seven-fields.ts";
import type { FieldRecord, RecordFeed } from "./record-feed.ts";

interface TableBuilder {
  readonly columns: JsonColumns;
  readonly layout: JsonLayout;
  starts: number[];
  ends: number[];
}

const maxBatchRows = 8192;
/** Texts that name tables; a hostile source has names without end. */
const maxTableTexts = 1024;
const noExactInteger = () => null;

/** Records of one source on their way to batches, a builder a table. */
export class RecordTables {
  readonly #feed: RecordFeed;
  readonly #tables = new Map<string, TableBuilder>();
  /** Tables by the text of the key that names them, see `ScanRules`; null where a record has none. */
  readonly #byText = new Map<string | null, TableBuilder>();
  #lastText: string | null = null;

  constructor(feed: RecordFeed) {
    this.#feed = feed;
  }

  /**
   * Takes the record at `start` to `end` of the bytes; what `read` throws as a {@link Rejection} makes it a dead letter.
   * @param exactInteger - the whole number at a path of the record that a double cannot hold, read again from the text
   */
  add(
    bytes: Buffer,
    start: number,
    end: number,
    out: BlockOutput,
    read: () => FieldRecord,
    exactInteger: (path: readonly string[]) => bigint | null = noExactInteger,
  ): void {
    if (!this.#begins(bytes, start, end, out)) return;
    try {
      const record = read();
      this.#feed.check?.(record);
      const table = this.#table(this.#feed.tableOf(record));
      table.columns.add(record, exactInteger);
      const { scan } = this.#feed;
      if (scan) {
        const text = scan.tableKey === undefined ? null : record[scan.tableKey];
        this.#lastText = typeof text === "string" ? text : null;
        if (this.#byText.size < maxTableTexts) this.#byText.set(this.#lastText, table);
      }
      this.#end(table, bytes, start, end, out);
    } catch (error) {
      if (error instanceof RangeError) out.reject("NOT_JSON", "nested too deep to be handled", bytes, start, end);
      else if (error instanceof Rejection) out.reject(error.code, error.message, bytes, start, end);
      else throw error;
    }
  }

  /**
   * Takes a JSON record straight from its bytes where the feed and the record allow it.
   * @returns false where it must be read as an object, by {@link add}
   */
  scan(bytes: Buffer, start: number, end: number, out: BlockOutput): boolean {
    let table = this.#byText.get(this.#lastText);
    if (table === undefined || !out.identity.known || end - start > out.maxRecordBytes) return false;
    if (!table.columns.scan(bytes, start, end, this.#lastText)) {
      const text = table.columns.otherTable;
      table = text === null ? undefined : this.#byText.get(text);
      if (table === undefined) return false;
      this.#lastText = text;
      if (!table.columns.scan(bytes, start, end, text)) return false;
    }
    this.#end(table, bytes, start, end, out);
    return true;
  }

  #begins(bytes: Buffer, start: number, end: number, out: BlockOutput): boolean {
    if (end - start > out.maxRecordBytes) {
      out.reject("RECORD_TOO_LONG", `${end - start} bytes, expected at most ${out.maxRecordBytes}`, bytes, start, end);
      return false;
    }
    if (!out.identity.known) out.identity.settle(bytes.subarray(start, end));
    return true;
  }

  #end(table: TableBuilder, bytes: Buffer, start: number, end: number, out: BlockOutput): void {
    table.starts.push(start);
    table.ends.push(end);
    if (table.columns.length === maxBatchRows) this.emit(bytes, out);
  }

  /** Hands out what was collected; the bytes of a block end with it. */
  emit(bytes: Buffer, out: BlockOutput): void {
    for (const [name, table] of this.#tables) {
      const rowCount = table.columns.length;
      if (rowCount === 0) continue;
      const columns = table.columns.take();
      addSevenFields(
        columns,
        rowCount,
        this.#feed.sevenFields,
        (column) => table.layout.addresses.has(column),
        this.#feed.protocolOf(name),
      );
      out.batch(name, columns, { bytes, starts: Int32Array.from(table.starts), ends: Int32Array.from(table.ends) }, rowCount);
      table.starts = [];
      table.ends = [];
    }
  }

  #table(name: string): TableBuilder {
    let table = this.#tables.get(name);
    if (!table) {
      const layout = this.#feed.layoutOf(name);
      table = { layout, columns: new JsonColumns(layout, this.#feed.scan), starts: [], ends: [] };
      this.#tables.set(name, table);
    }
    return table;
  }
}
