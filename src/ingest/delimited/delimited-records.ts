import type { BlockOutput, LineFormat } from "../line-parser.ts";
import { lineEnd } from "../lines.ts";
import type { FieldRecord, RecordFeed } from "../records/record-feed.ts";
import { RecordTables } from "../records/record-tables.ts";
import { type Dialect, fieldText, scanRecord } from "./scan.ts";
import { sniffDialect } from "./sniff.ts";

/** The texts of one record, in the header's order; null where nothing is written. */
export type Cells = readonly (string | null)[];

/** What the rows under one header are. */
export interface DelimitedTable extends RecordFeed {
  /** @throws Rejection */
  read(cells: Cells): FieldRecord;
  /** The exact whole number of a column whose double is rounded. */
  exactInteger?(cells: Cells, column: string): bigint | null;
  /** What a restart needs besides the header line, as text. */
  readonly memory?: string;
}

export interface DelimitedFeed {
  /** Sniffed from the first line where it is not given. */
  readonly dialect?: Dialect | undefined;
  /** Whether a line of cells is a header, which may come again or change. Where this is not given the first line is one, and no other. */
  isHeader?(cells: Cells): boolean;
  /** Names for a file that begins with this record and has no header. */
  namesWithoutHeader?(first: Cells): readonly string[] | undefined;
  /** Rows that {@link table} wants to see before it decides on types; 0 when it needs none. */
  readonly sampleRows?: number;
  /** Lines that are no records: comments, titles. */
  isRemark?(line: string): boolean;
  /** @param memory - of the table that a restarted parser goes on with */
  table(names: Cells, sample: readonly Cells[], memory?: string): DelimitedTable | { readonly reason: string };
}

const maxSampleBytes = 256 * 1024;
const maxColumns = 1024;
const utf16 = "the text is UTF-16, expected UTF-8; convert the file first";

/** Rows of delimited values under a header. A record may stand on several lines where a quoted field holds line ends. */
export class DelimitedRecords implements LineFormat {
  readonly #feed: DelimitedFeed;
  #dialect: Dialect | undefined;
  #names: Cells | undefined;
  #headerLine: Buffer | undefined;
  /** A header of this block whose table is not made yet: the source's identity does not know of it, and it comes again with the rows. */
  #newHeader: { readonly start: number; readonly line: Buffer | undefined } | undefined;
  #table: DelimitedTable | undefined;
  #rows: RecordTables | undefined;
  #why = "no header line before this record";
  /** A quote that does not close before here was looked for already; counted from the end of the block that is handed in. */
  #knownUnclosed = 0;
  readonly #bounds: number[] = [];

  constructor(feed: DelimitedFeed, header: readonly string[] = []) {
    this.#feed = feed;
    this.#dialect = feed.dialect;
    if (header.length > 0) this.#resume(header);
  }

  get header(): readonly string[] {
    if (!this.#table) return [];
    const line = (this.#headerLine ?? Buffer.alloc(0)).toString("base64");
    return [line, Buffer.from(this.#table.memory ?? "").toString("base64")];
  }

  block(bytes: Buffer, out: BlockOutput, last: boolean): number {
    let at = 0;
    let unclosedBefore = this.#knownUnclosed;
    const finish = (done: number) => {
      this.#rows?.emit(bytes, out);
      this.#knownUnclosed = Math.max(0, unclosedBefore - done);
      return done;
    };
    while (at < bytes.length) {
      const [lineStop, lineNext] = lineEnd(bytes, at);
      if (lineStop === at || this.#isRemark(bytes, at, lineStop)) {
        at = lineNext;
        continue;
      }
      if (!this.#names) {
        const done = this.#headerAt(bytes, at, out, last);
        if (done < 0) return finish(at);
        at = done;
        continue;
      }
      if (!this.#table) {
        const reason = this.#openTable(bytes, at, last);
        if (reason === "wait") return finish(this.#forgetHeader() ?? at);
        if (this.#newHeader?.line) out.identity.addHeader(this.#newHeader.line);
        this.#newHeader = undefined;
        if (reason !== null) {
          this.#why = reason;
          out.reject("NO_HEADER", reason, bytes, at, lineStop);
          this.#names = undefined;
          at = lineNext;
          continue;
        }
      }
      const limit = at < unclosedBefore ? lineStop : at + out.maxRecordBytes;
      const found = scanRecord(bytes, at, this.#dialect!, limit, this.#bounds);
      if (found.state === "open" && !last && limit > lineStop) return finish(at);
      if (found.state === "unclosed" || found.state === "open") {
        unclosedBefore = Math.max(unclosedBefore, Math.min(limit, bytes.length));
        out.reject("BAD_QUOTE", `the quote at byte ${found.at - at + 1} of the record is not closed`, bytes, at, found.end);
      } else if (found.state === "stray-quote") {
        const place = `byte ${found.at - at + 1} of the record`;
        out.reject("BAD_QUOTE", `after the closing quote stands no delimiter at ${place}`, bytes, at, found.end);
      } else this.#record(bytes, at, found.end, out);
      at = found.next;
    }
    return finish((last ? undefined : this.#forgetHeader()) ?? bytes.length);
  }

  #isRemark(bytes: Buffer, start: number, end: number): boolean {
    return this.#feed.isRemark !== undefined && end - start < 4096 && this.#feed.isRemark(bytes.toString("utf8", start, end));
  }

  /** @returns where the next line begins, -1 where the header is not whole yet */
  #headerAt(bytes: Buffer, start: number, out: BlockOutput, last: boolean): number {
    const [lineStop, lineNext] = lineEnd(bytes, start);
    if (this.#headerLine !== undefined) {
      out.reject("NO_HEADER", this.#why, bytes, start, lineStop);
      return lineNext;
    }
    const dialect = this.#feed.dialect ?? sniffDialect(bytes.subarray(start, lineStop));
    const found = scanRecord(bytes, start, dialect, start + out.maxRecordBytes, this.#bounds);
    if (found.state === "open" && !last) return -1;
    this.#dialect = dialect;
    const line = bytes.subarray(start, found.end);
    const reason = found.state === "whole" ? this.#headerFault(line) : `the quote at byte ${found.at - start + 1} is not closed`;
    if (reason !== null) {
      this.#why = `the header is wrong: ${reason}`;
      this.#headerLine = Buffer.from(line);
      out.reject("BAD_HEADER", reason, bytes, start, found.end);
      return found.next;
    }
    const names = this.#cells(bytes);
    const assumed = this.#feed.isHeader?.(names) === true ? undefined : this.#feed.namesWithoutHeader?.(names);
    if (assumed) {
      this.#setHeader(Buffer.from(assumed.join(String.fromCharCode(dialect.delimiter))), assumed);
      this.#newHeader = { start, line: undefined };
      return start;
    }
    if (this.#feed.isHeader?.(names) === false) {
      out.reject("NO_HEADER", this.#why, bytes, start, found.end);
      return found.next;
    }
    this.#setHeader(line, names);
    this.#newHeader = { start, line: Buffer.from(line) };
    return found.next;
  }

  #headerFault(line: Buffer): string | null {
    if (line.includes(0)) return line.includes(Buffer.from([0xff, 0xfe])) || isWide(line) ? utf16 : "the header holds NUL bytes";
    const count = this.#bounds.length / 2;
    return count > maxColumns ? `${count} columns, expected at most ${maxColumns}` : null;
  }

  #setHeader(line: Buffer, names: Cells): void {
    this.#headerLine = Buffer.from(line);
    this.#names = names;
    this.#table = undefined;
  }

  /** @returns where the header begins that is to come again, undefined where there is none in this block */
  #forgetHeader(): number | undefined {
    const start = this.#newHeader?.start;
    if (start === undefined) return undefined;
    this.#newHeader = undefined;
    this.#names = undefined;
    this.#headerLine = undefined;
    this.#dialect = this.#feed.dialect;
    return start;
  }

  /** @returns null when the table is there, "wait" when more rows are needed, else why there is none */
  #openTable(bytes: Buffer, start: number, last: boolean): string | null {
    const wanted = this.#feed.sampleRows ?? 0;
    const sample: Cells[] = [];
    const stop = Math.min(bytes.length, start + maxSampleBytes);
    let at = start;
    while (at < stop && sample.length < wanted) {
      const found = scanRecord(bytes, at, this.#dialect!, start + maxSampleBytes, this.#bounds);
      if (found.state === "open" && !last) return "wait";
      if (found.state === "whole" && found.end > at && !this.#isRemark(bytes, at, found.end)) sample.push(this.#cells(bytes));
      at = found.next;
    }
    if (sample.length < wanted && at < start + maxSampleBytes && !last) return "wait";
    const table = this.#feed.table(this.#names!, sample);
    if ("reason" in table) return table.reason;
    this.#use(table);
    return null;
  }

  #use(table: DelimitedTable): void {
    this.#table = table;
    this.#rows = new RecordTables(table);
  }

  #record(bytes: Buffer, start: number, end: number, out: BlockOutput): void {
    const count = this.#bounds.length / 2;
    const expected = this.#names!.length;
    if (end - start > out.maxRecordBytes) {
      out.reject("RECORD_TOO_LONG", `${end - start} bytes, expected at most ${out.maxRecordBytes}`, bytes, start, end);
      return;
    }
    const cells = count <= maxColumns ? this.#cells(bytes) : [];
    if (this.#feed.isHeader?.(cells)) {
      this.#changeHeader(bytes, start, end, cells, out);
      return;
    }
    const extraDelimiter = count === expected + 1 && cells[expected] === null;
    if (count !== expected && !extraDelimiter) {
      out.reject("COLUMN_COUNT", `${count} columns, expected ${expected}`, bytes, start, end);
      return;
    }
    const table = this.#table!;
    this.#rows!.add(
      bytes,
      start,
      end,
      out,
      () => table.read(cells),
      (path) => table.exactInteger?.(cells, path[0] ?? "") ?? null,
    );
  }

  /** A header again, as where files are strung together. */
  #changeHeader(bytes: Buffer, start: number, end: number, names: Cells, out: BlockOutput): void {
    this.#rows!.emit(bytes, out);
    this.#setHeader(bytes.subarray(start, end), names);
    const table = this.#feed.table(names, []);
    if ("reason" in table) {
      this.#names = undefined;
      this.#why = `the header is wrong: ${table.reason}`;
      out.reject("BAD_HEADER", table.reason, bytes, start, end);
    } else this.#use(table);
  }

  #cells(bytes: Buffer): (string | null)[] {
    const { quotes } = this.#dialect!;
    const cells: (string | null)[] = [];
    for (let i = 0; i < this.#bounds.length; i += 2) cells.push(fieldText(bytes, this.#bounds[i]!, this.#bounds[i + 1]!, quotes));
    return cells;
  }

  #resume([line, memory]: readonly string[]): void {
    const bytes = Buffer.from(line ?? "", "base64");
    this.#headerLine = bytes;
    this.#dialect ??= sniffDialect(bytes);
    if (bytes.length > 0) scanRecord(bytes, 0, this.#dialect, bytes.length, this.#bounds);
    this.#names = bytes.length > 0 ? this.#cells(bytes) : undefined;
    const table = this.#names && this.#feed.table(this.#names, [], Buffer.from(memory ?? "", "base64").toString());
    if (table && !("reason" in table)) this.#use(table);
    else this.#names = undefined;
  }
}

/** Every other byte NUL, as UTF-16 writes ASCII. */
function isWide(line: Buffer): boolean {
  let zeros = 0;
  for (const byte of line) if (byte === 0) zeros++;
  return zeros * 3 >= line.length;
}
