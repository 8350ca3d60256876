import { JsonDocuments } from "../documents/json-documents.ts";
import { JsonRecords, objectsMark } from "../json/json-records.ts";
import type { BlockOutput, LineFormat } from "../line-parser.ts";
import { pathOfSource } from "./header.ts";
import { isWrapped, wrappedZeekFeed, zeekJsonFeed } from "./json.ts";
import { ZeekTsv } from "./tsv.ts";

/** What a restart in the middle of wrapped records must know, in base64 as header lines are. */
const wrappedMark = Buffer.from("wrapped").toString("base64");
const brace = 123;
const bracket = 91;

/** Zeek logs, TSV or JSON: the first byte of the source decides. */
export class Zeek implements LineFormat {
  readonly #fallbackPath: string;
  #format: LineFormat | undefined;

  constructor(source: string, header: readonly string[] = []) {
    this.#fallbackPath = pathOfSource(source);
    if (header.includes(wrappedMark)) this.#format = new JsonDocuments(wrappedZeekFeed(this.#fallbackPath), header);
    else if (header.includes(objectsMark)) this.#format = new JsonRecords(zeekJsonFeed(this.#fallbackPath), header);
    else if (header.length > 0) this.#format = new ZeekTsv(this.#fallbackPath, header);
  }

  get header(): readonly string[] {
    const header = this.#format?.header ?? [];
    return this.#format instanceof JsonDocuments ? [...header, wrappedMark] : header;
  }

  block(bytes: Buffer, out: BlockOutput, last: boolean): number {
    let first = 0;
    while (first < bytes.length && bytes[first]! <= 32) first++;
    if (first === bytes.length) return bytes.length;
    const isJson = bytes[first] === brace || bytes[first] === bracket;
    if (!this.#format && isJson && isWrapped(bytes.toString("latin1", first, first + 256)))
      this.#format = new JsonDocuments(wrappedZeekFeed(this.#fallbackPath));
    this.#format ??= isJson ? new JsonRecords(zeekJsonFeed(this.#fallbackPath)) : new ZeekTsv(this.#fallbackPath);
    return this.#format.block(bytes, out, last);
  }
}
