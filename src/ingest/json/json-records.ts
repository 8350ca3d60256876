import type { BlockOutput, LineFormat } from "../line-parser.ts";
import { lineEnd } from "../lines.ts";
import type { RecordFeed } from "../records/record-feed.ts";
import { RecordTables } from "../records/record-tables.ts";
import { nextObject } from "./json-framing.ts";
import { type Json, Rejection } from "./json-values.ts";

/** "objects" in base64, as header lines are. */
export const objectsMark = Buffer.from("objects").toString("base64");

/**
 * JSON objects: one a line, or, where the source begins with `[` or with a lone `{`, the elements of an array or pretty-printed objects over
 * many lines. Column types stay what they were at first sight for the life of the parser.
 */
export class JsonRecords implements LineFormat {
  readonly #tables: RecordTables;
  #framing: "lines" | "objects" | undefined;

  constructor(feed: RecordFeed, header: readonly string[] = []) {
    this.#tables = new RecordTables(feed);
    if (header.includes(objectsMark)) this.#framing = "objects";
  }

  /** JSON has no header; what a restart needs to know is the framing. */
  get header(): readonly string[] {
    return this.#framing === "objects" ? [objectsMark] : [];
  }

  block(bytes: Buffer, out: BlockOutput, last: boolean): number {
    this.#framing ??= framingOf(bytes);
    const done = this.#framing === "objects" ? this.#objects(bytes, out, last) : this.#lines(bytes, out);
    this.#tables.emit(bytes, out);
    return done;
  }

  #lines(bytes: Buffer, out: BlockOutput): number {
    for (let start = 0; start < bytes.length; ) {
      const [end, next] = lineEnd(bytes, start);
      if (end > start) this.#record(bytes, start, end, out);
      start = next;
    }
    return bytes.length;
  }

  #objects(bytes: Buffer, out: BlockOutput, last: boolean): number {
    for (let from = 0; ; ) {
      const { strayEnd, start, end } = nextObject(bytes, from);
      if (strayEnd > from) this.#stray(bytes, from, strayEnd, out);
      if (end >= 0) {
        this.#record(bytes, start, end, out);
        from = end;
      } else if (start < 0) return bytes.length;
      else if (last) {
        out.reject("NOT_JSON", "the object is not closed before the source ends", bytes, start, bytes.length);
        return bytes.length;
      } else if (bytes.length - start > out.maxRecordBytes) {
        out.reject("RECORD_TOO_LONG", `an object of over ${out.maxRecordBytes} bytes is not closed`, bytes, start, bytes.length);
        return bytes.length;
      } else return start;
    }
  }

  /** What stands between objects: white space, commas and brackets are the array's own. */
  #stray(bytes: Buffer, start: number, end: number, out: BlockOutput): void {
    const text = bytes.toString("latin1", start, end);
    const content = text.replace(/^[\s,[\]]+|[\s,[\]]+$/g, "");
    if (content === "") return;
    const at = start + text.indexOf(content);
    out.reject("NOT_JSON", "expected a JSON object", bytes, at, at + content.length);
  }

  #record(bytes: Buffer, start: number, end: number, out: BlockOutput): void {
    if (this.#tables.scan(bytes, start, end, out)) return;
    const text = end - start > out.maxRecordBytes ? "" : bytes.toString("utf8", start, end);
    this.#tables.add(
      bytes,
      start,
      end,
      out,
      () => parseObject(text),
      (path) => exactInteger(text, path),
    );
  }
}

function parseObject(text: string): { [name: string]: Json } {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    throw new Rejection("NOT_JSON", error instanceof Error ? error.message.slice(0, 200) : "not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Rejection("NOT_AN_OBJECT", "expected a JSON object");
  return value;
}

/** A whole number that a double cannot hold, read again from the text. */
function exactInteger(text: string, path: readonly string[]): bigint | null {
  const exact = JSON.parse(text, function (this: unknown, _key: string, value: unknown, context?: { source?: string }) {
    return typeof value === "number" && context?.source !== undefined && /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
  }) as unknown;
  let node = exact;
  for (const key of path) node = typeof node === "object" && node !== null ? Reflect.get(node, key) : undefined;
  return typeof node === "bigint" ? node : null;
}

function framingOf(bytes: Buffer): "lines" | "objects" {
  const text = bytes.toString("latin1", 0, Math.min(bytes.length, 4096)).trimStart();
  return text.startsWith("[") || /^\{\s*[\r\n]/.test(text) ? "objects" : "lines";
}
