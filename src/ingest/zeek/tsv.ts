import type { Column, DeadLetterCode } from "../../event/index.ts";
import type { BlockOutput, LineFormat } from "../line-parser.ts";
import { lineEnd } from "../lines.ts";
import { addSevenFields } from "../seven-fields.ts";
import { textColumn } from "../text/text-columns.ts";
import type { Fields, TextColumn } from "../text/text-field.ts";
import { decodeZeek } from "./escapes.ts";
import { type ZeekHeader, ZeekHeaderReader } from "./header.ts";
import { protocolOf, sevenFieldSources } from "./seven-fields.ts";

const hash = 35;
const newline = 10;
const carriageReturn = 13;
const maxBatchRows = 8192;

/**
 * Zeek's TSV logs of any type, columns and markers as the header says. Two passes a batch: field ends of all rows are found first, then each
 * column is parsed in a loop of its own; a row that breaks in the second pass is taken out and the rest parsed again, which is rare.
 */
export class ZeekTsv implements LineFormat {
  readonly #reader: ZeekHeaderReader;
  #header: ZeekHeader | undefined;
  #why = "no #fields and #types lines before this record";
  #columns: TextColumn[] = [];
  #addresses: ReadonlySet<string> = new Set();
  #starts = new Int32Array(maxBatchRows);
  #ends = new Int32Array(maxBatchRows);
  #bounds = new Int32Array(0);

  constructor(fallbackPath: string, header: readonly string[] = []) {
    this.#reader = new ZeekHeaderReader(fallbackPath);
    for (const line of header) this.#take(Buffer.from(line, "base64"));
  }

  get header(): readonly string[] {
    return this.#reader.lines;
  }

  block(bytes: Buffer, out: BlockOutput): number {
    let at = 0;
    while (at < bytes.length) {
      if (bytes[at] === hash) at = this.#headerLine(bytes, at, out);
      else if (this.#header) at = this.#records(bytes, at, this.#header, out);
      else at = this.#orphan(bytes, at, out);
    }
    return at;
  }

  #headerLine(bytes: Buffer, start: number, out: BlockOutput): number {
    const [end, next] = lineEnd(bytes, start);
    const line = bytes.subarray(start, end);
    out.identity.addHeader(line);
    const reason = this.#take(line);
    if (reason !== null) out.reject("BAD_HEADER", reason, bytes, start, end);
    return next;
  }

  #take(line: Buffer): string | null {
    const header = this.#reader.line(line);
    if (header === null) return null;
    if ("reason" in header) {
      this.#header = undefined;
      this.#why = `the header is wrong: ${header.reason}`;
      return header.reason;
    }
    const markers = { unset: header.unset, empty: header.empty, setSeparator: header.setSeparator, decode: decodeZeek };
    this.#header = header;
    this.#columns = header.fields.map((field) => textColumn(field.name, field.type, field.isAddress, field.isPort, markers));
    this.#addresses = new Set(header.fields.filter(({ isAddress }) => isAddress).map(({ name }) => name));
    this.#bounds = new Int32Array(maxBatchRows * header.fields.length);
    return null;
  }

  #orphan(bytes: Buffer, start: number, out: BlockOutput): number {
    const [end, next] = lineEnd(bytes, start);
    if (end > start) out.reject("NO_HEADER", this.#why, bytes, start, end);
    return next;
  }

  #records(bytes: Buffer, from: number, header: ZeekHeader, out: BlockOutput): number {
    const { separator } = header;
    const fieldCount = header.fields.length;
    const [starts, ends, bounds] = [this.#starts, this.#ends, this.#bounds];
    const length = bytes.length;
    let at = from;
    let row = 0;
    while (at < length && row < maxBatchRows && bytes[at] !== hash) {
      const start = at;
      const base = row * fieldCount;
      let field = 0;
      for (; at < length; at++) {
        const byte = bytes[at]!;
        if (byte > separator && byte !== newline) continue;
        if (byte === separator) {
          if (field < fieldCount) bounds[base + field] = at;
          field++;
        } else if (byte === newline) break;
      }
      let end = at++;
      if (end > start && bytes[end - 1] === carriageReturn) end--;
      if (end === start) continue;
      if (!out.identity.known) out.identity.settle(bytes.subarray(start, end));
      if (end - start > out.maxRecordBytes) {
        out.reject("RECORD_TOO_LONG", `${end - start} bytes, expected at most ${out.maxRecordBytes}`, bytes, start, end);
      } else if (field !== fieldCount - 1) {
        out.reject("COLUMN_COUNT", `${field + 1} columns, expected ${fieldCount}`, bytes, start, end);
      } else {
        bounds[base + field] = end;
        starts[row] = start;
        ends[row] = end;
        row++;
      }
    }
    if (row > 0) this.#emit(bytes, row, header, out);
    return at;
  }

  #emit(bytes: Buffer, rowCount: number, header: ZeekHeader, out: BlockOutput): void {
    const fieldCount = header.fields.length;
    const rejected = new Map<number, { code: DeadLetterCode; reason: string }>();
    const reject = (row: number, code: DeadLetterCode, reason: string) => {
      if (!rejected.has(row)) rejected.set(row, { code, reason });
    };
    const fields: Fields = { bytes, rowCount, fieldCount, starts: this.#starts, bounds: this.#bounds };
    const columns = new Map<string, Column>();
    for (const [i, column] of this.#columns.entries()) columns.set(header.fields[i]!.name, column.parse(fields, i, reject));
    if (rejected.size > 0) {
      for (const [row, { code, reason }] of [...rejected].sort(([a], [b]) => a - b)) {
        out.reject(code, reason, bytes, this.#starts[row]!, this.#ends[row]!);
      }
      const kept = this.#compact(rowCount, fieldCount, rejected);
      if (kept > 0) this.#emit(bytes, kept, header, out);
      return;
    }
    addSevenFields(columns, rowCount, sevenFieldSources, (name) => this.#addresses.has(name), protocolOf(header.path));
    out.batch(header.path, columns, { bytes, starts: this.#starts.slice(0, rowCount), ends: this.#ends.slice(0, rowCount) }, rowCount);
  }

  #compact(rowCount: number, fieldCount: number, rejected: ReadonlyMap<number, unknown>): number {
    let kept = 0;
    for (let row = 0; row < rowCount; row++) {
      if (rejected.has(row)) continue;
      if (kept !== row) {
        this.#starts[kept] = this.#starts[row]!;
        this.#ends[kept] = this.#ends[row]!;
        this.#bounds.copyWithin(kept * fieldCount, row * fieldCount, (row + 1) * fieldCount);
      }
      kept++;
    }
    return kept;
  }
}
