import { nextObject } from "../json/json-framing.ts";
import { type Json, Rejection } from "../json/json-values.ts";
import type { BlockOutput, LineFormat } from "../line-parser.ts";
import { lineEnd } from "../lines.ts";
import type { FieldRecord, RecordFeed } from "../records/record-feed.ts";
import { RecordTables } from "../records/record-tables.ts";
import { exactJson } from "./exact-json.ts";
import type { JsonPath } from "./json-path.ts";
import { slicesAt } from "./json-slices.ts";

/** A feed whose records are made out of JSON documents. */
export interface DocumentFeed extends RecordFeed {
  /** The record that a document is. @throws Rejection */
  read(document: FieldRecord): FieldRecord;
  /** Where in a document its records stand; the document itself where this is not given. */
  readonly select?: JsonPath | undefined;
}

const objectsMark = Buffer.from("objects").toString("base64");

/**
 * JSON documents: one a line, several a line with commas between them, a list of them, or pretty-printed over many lines; the beginning of
 * the source decides. A whole number that a double cannot hold is read as text.
 */
export class JsonDocuments implements LineFormat {
  readonly #feed: DocumentFeed;
  readonly #tables: RecordTables;
  #framing: "lines" | "objects" | undefined;

  constructor(feed: DocumentFeed, header: readonly string[] = []) {
    this.#feed = feed;
    this.#tables = new RecordTables(feed);
    if (header.includes(objectsMark)) this.#framing = "objects";
  }

  get header(): readonly string[] {
    return this.#framing === "objects" ? [objectsMark] : [];
  }

  block(bytes: Buffer, out: BlockOutput, last: boolean): number {
    this.#framing ??= framingOf(bytes, this.#feed.select !== undefined);
    if (this.#framing === undefined) return bytes.length;
    const done = this.#framing === "objects" ? this.#objects(bytes, 0, bytes.length, out, last) : this.#lines(bytes, out);
    this.#tables.emit(bytes, out);
    return done;
  }

  #lines(bytes: Buffer, out: BlockOutput): number {
    for (let start = 0; start < bytes.length; ) {
      const [end, next] = lineEnd(bytes, start);
      if (end > start) this.#line(bytes, start, end, out);
      start = next;
    }
    return bytes.length;
  }

  #line(bytes: Buffer, start: number, end: number, out: BlockOutput): void {
    let reason = "expected a JSON document";
    if (end - start > out.maxRecordBytes) {
      out.reject("RECORD_TOO_LONG", `${end - start} bytes, expected at most ${out.maxRecordBytes}`, bytes, start, end);
      return;
    }
    try {
      this.#document(bytes, start, end, exactJson(bytes.toString("utf8", start, end)), out);
      return;
    } catch (error) {
      if (error instanceof RangeError) reason = "nested too deep to be handled";
      else if (error instanceof SyntaxError) reason = error.message.slice(0, 200);
      else throw error;
    }
    if (!this.#separated(bytes, start, end, out)) out.reject("NOT_JSON", reason, bytes, start, end);
  }

  /** Documents with nothing but commas between them; false where it is something else, and then nothing was taken. */
  #separated(bytes: Buffer, start: number, end: number, out: BlockOutput): boolean {
    const line = bytes.subarray(0, end);
    for (let from = start; ; ) {
      const found = nextObject(line, from);
      if (!/^[\s,]*$/.test(line.toString("latin1", from, found.strayEnd))) return false;
      if (found.start < 0) {
        if (from === start) return false;
        break;
      }
      if (found.end < 0) return false;
      from = found.end;
    }
    this.#objects(bytes, start, end, out, true);
    return true;
  }

  #objects(bytes: Buffer, begin: number, until: number, out: BlockOutput, last: boolean): number {
    const within = bytes.subarray(0, until);
    for (let from = begin; ; ) {
      const { strayEnd, start, end } = nextObject(within, from);
      if (strayEnd > from) this.#stray(bytes, from, strayEnd, out);
      if (end >= 0) {
        this.#object(bytes, start, end, out);
        from = end;
      } else if (start < 0) return until;
      else if (last) {
        out.reject("NOT_JSON", "the object is not closed before the source ends", bytes, start, until);
        return until;
      } else if (until - start > out.maxRecordBytes) {
        out.reject("RECORD_TOO_LONG", `an object of over ${out.maxRecordBytes} bytes is not closed`, bytes, start, until);
        return until;
      } else return start;
    }
  }

  #stray(bytes: Buffer, start: number, end: number, out: BlockOutput): void {
    const text = bytes.toString("latin1", start, end);
    const content = text.replace(/^[\s,[\]]+|[\s,[\]]+$/g, "");
    if (content === "") return;
    const at = start + text.indexOf(content);
    out.reject("NOT_JSON", "expected a JSON object", bytes, at, at + content.length);
  }

  #object(bytes: Buffer, start: number, end: number, out: BlockOutput): void {
    if (end - start > out.maxRecordBytes) {
      out.reject("RECORD_TOO_LONG", `${end - start} bytes, expected at most ${out.maxRecordBytes}`, bytes, start, end);
      return;
    }
    try {
      this.#document(bytes, start, end, exactJson(bytes.toString("utf8", start, end)), out);
    } catch (error) {
      if (error instanceof RangeError) out.reject("NOT_JSON", "nested too deep to be handled", bytes, start, end);
      else if (error instanceof SyntaxError) out.reject("NOT_JSON", error.message.slice(0, 200), bytes, start, end);
      else throw error;
    }
  }

  #document(bytes: Buffer, start: number, end: number, document: Json, out: BlockOutput): void {
    const { select } = this.#feed;
    if (select === undefined && !Array.isArray(document)) {
      this.#record(bytes, start, end, document, out);
      return;
    }
    const slices = slicesAt(bytes, start, end, select ?? []);
    if (slices.length === 0 && select !== undefined)
      out.reject("BAD_TYPE", "the document has nothing where the path of its records leads", bytes, start, end);
    for (const slice of slices) this.#record(bytes, slice.start, slice.end, exactJson(bytes.toString("utf8", slice.start, slice.end)), out);
  }

  #record(bytes: Buffer, start: number, end: number, document: Json, out: BlockOutput): void {
    this.#tables.add(bytes, start, end, out, () => {
      if (typeof document !== "object" || document === null || Array.isArray(document))
        throw new Rejection("NOT_AN_OBJECT", "expected a JSON object");
      return this.#feed.read(document);
    });
  }
}

/** Undefined while nothing but white space has come. */
function framingOf(bytes: Buffer, selects: boolean): "lines" | "objects" | undefined {
  let first = 0;
  while (first < bytes.length && bytes[first]! <= 32) first++;
  if (first === bytes.length) return undefined;
  const text = bytes.toString("latin1", first, first + 4096);
  return (text.startsWith("[") && !selects) || /^\{\s*[\r\n]/.test(text) ? "objects" : "lines";
}
