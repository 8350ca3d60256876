import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { bucketBytes, bucketOf, mayHold } from "./bloom-filter.ts";
import type { Key } from "./key-hash.ts";

/** Rows that follow each other, their times (epoch microseconds, both included; null where one has none) and where their filter is. */
export interface IndexBlock {
  readonly rows: number;
  readonly from: number | null;
  readonly to: number | null;
  /** In words of 32 bits behind the head; no words: nobody knows what is in the block. */
  readonly word: number;
  readonly words: number;
}

const magic = "SOCLABX1";
const headStart = magic.length + 4;

/** What a search index begins with: the magic, the length of the blocks' JSON, the JSON, padded to a bucket. The filters follow. */
export function encodeHead(blocks: readonly IndexBlock[]): Buffer {
  const json = Buffer.from(JSON.stringify(blocks));
  const head = Buffer.alloc(filterStart(json.length), " ");
  head.write(magic, "latin1");
  head.writeUInt32LE(json.length, magic.length);
  json.copy(head, headStart);
  return head;
}

function filterStart(jsonBytes: number): number {
  return Math.ceil((headStart + jsonBytes) / bucketBytes) * bucketBytes;
}

/** A search index that is open: its blocks are in memory, of its filters the 32 bytes that are asked for are read. */
export class IndexFile {
  readonly blocks: readonly IndexBlock[];
  readonly #file: number;
  readonly #start: number;
  readonly #bucket = Buffer.alloc(bucketBytes);
  readonly #view = new DataView(this.#bucket.buffer, this.#bucket.byteOffset, bucketBytes);

  private constructor(file: number, blocks: readonly IndexBlock[], start: number) {
    this.#file = file;
    this.blocks = blocks;
    this.#start = start;
  }

  /** @returns undefined where the file is not there or is none: then the data file is searched without it */
  static open(path: string, bytes: number): IndexFile | undefined {
    let file: number;
    try {
      file = openSync(path, "r");
    } catch {
      return undefined;
    }
    try {
      const head = Buffer.alloc(headStart);
      readSync(file, head, 0, headStart, 0);
      const length = head.readUInt32LE(magic.length);
      if (head.toString("latin1", 0, magic.length) === magic && fstatSync(file).size === bytes && headStart + length <= bytes) {
        const json = Buffer.alloc(length);
        readSync(file, json, 0, length, headStart);
        const blocks: IndexBlock[] = JSON.parse(json.toString("utf8"));
        const last = blocks.at(-1);
        if (last && filterStart(length) + 4 * (last.word + last.words) === bytes) return new IndexFile(file, blocks, filterStart(length));
      }
    } catch {
      // No index: said below.
    }
    closeSync(file);
    return undefined;
  }

  /** Whether rows of the block may have the key; false is certain. */
  mayHold({ word, words }: IndexBlock, key: Key): boolean {
    if (words === 0) return true;
    const at = this.#start + 4 * word + bucketBytes * bucketOf(key.high, words / 8);
    return readSync(this.#file, this.#bucket, 0, bucketBytes, at) < bucketBytes || mayHold(this.#view, 0, key);
  }

  close(): void {
    closeSync(this.#file);
  }
}
