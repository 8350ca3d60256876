import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { SoclabError } from "../core/index.ts";
import { createParser, type Feed } from "./feeds.ts";
import type { ParseOutput, ParserOptions, ReadingOptions, SourceFault } from "./parser.ts";

const chunkBytes = 1024 * 1024;

/** A chunk of a source's uncompressed bytes, or the fault that ends it. */
export type SourceChunk = { readonly bytes: Uint8Array; readonly bytesRead: number } | { readonly fault: SourceFault };

/**
 * The bytes of a file (`-` is stdin), gunzipped where it begins as gzip does. What could be decompressed before a damaged place is all given
 * before the fault.
 * @throws SOCLAB_NOT_FOUND, SOCLAB_IO
 */
export async function* readSource(path: string, signal?: AbortSignal): AsyncGenerator<SourceChunk> {
  if (path !== "-") await checkFile(path);
  const raw = path === "-" ? process.stdin : createReadStream(path, { highWaterMark: chunkBytes });
  let bytesRead = 0;
  let gzip: boolean | undefined;
  let gunzip: Gunzip | undefined;
  let first: Buffer | undefined;
  try {
    for await (const piece of raw as AsyncIterable<Buffer>) {
      signal?.throwIfAborted();
      let chunk = piece;
      if (gzip === undefined) {
        if (first) chunk = Buffer.concat([first, piece]);
        if (chunk.length < 2) {
          first = chunk;
          continue;
        }
        gzip = chunk[0] === 0x1f && chunk[1] === 0x8b;
        if (gzip) gunzip = new Gunzip();
      }
      bytesRead += chunk.length;
      if (!gunzip) yield { bytes: chunk, bytesRead };
      else {
        for await (const bytes of gunzip.write(chunk)) yield { bytes, bytesRead };
        if (gunzip.fault) break;
      }
    }
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new SoclabError("SOCLAB_IO", `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  if (gzip === undefined && first) yield { bytes: first, bytesRead: first.length };
  if (!gunzip) return;
  for await (const bytes of gunzip.end()) yield { bytes, bytesRead };
  if (gunzip.fault) yield { fault: gunzip.fault };
}

async function checkFile(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT")
      throw new SoclabError("SOCLAB_NOT_FOUND", `there is no file ${path}`, { hint: "Give the path of a log file, or - for stdin." });
    throw new SoclabError("SOCLAB_IO", `${path} cannot be read: ${error.message}`, { cause: error });
  });
  if (found.isDirectory())
    throw new SoclabError("SOCLAB_USAGE", `${path} is a folder, expected a file`, { hint: `Name the files: ${path}/*` });
}

/** zlib's stream driven by hand: an iterator over it would drop what it has decompressed when the end turns out to be damaged. */
class Gunzip {
  readonly #stream = createGunzip({ chunkSize: chunkBytes });
  #ready: Buffer[] = [];
  fault: SourceFault | undefined;

  constructor() {
    this.#stream.on("data", (bytes: Buffer) => this.#ready.push(bytes));
    this.#stream.on("error", (error: NodeJS.ErrnoException) => {
      const truncated = error.code === "Z_BUF_ERROR";
      this.fault ??= {
        code: truncated ? "TRUNCATED_GZIP" : "CORRUPT_GZIP",
        reason: truncated ? "the gzip data ends before its end mark" : `the gzip data is damaged: ${error.message}`,
      };
    });
  }

  async *write(chunk: Buffer): AsyncGenerator<Buffer> {
    await new Promise<void>((resolve) => {
      this.#stream.once("error", () => resolve());
      this.#stream.write(chunk, () => resolve());
    });
    yield* this.#take();
  }

  async *end(): AsyncGenerator<Buffer> {
    if (!this.fault) {
      await new Promise<void>((resolve) => {
        this.#stream.once("error", () => resolve());
        this.#stream.once("end", () => resolve());
        this.#stream.end();
      });
    }
    yield* this.#take();
  }

  #take(): Buffer[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }
}

export interface ParsedPart extends ParseOutput {
  /** Bytes of the file read so far, compressed where it is. */
  readonly bytesRead: number;
}

export interface ParseSourceOptions extends ReadingOptions, Pick<ParserOptions, "state" | "maxRecordBytes"> {
  readonly signal?: AbortSignal | undefined;
}

/** A whole source, part by part. */
export async function* parseSource(feed: Feed, path: string, options: ParseSourceOptions = {}): AsyncGenerator<ParsedPart> {
  const { signal, ...parserOptions } = options;
  const referenceTime = options.referenceTime ?? (await modifiedAt(path));
  const parser = createParser(feed, { ...parserOptions, source: path, referenceTime });
  let bytesRead = 0;
  let fault: SourceFault | undefined;
  for await (const chunk of readSource(path, signal)) {
    if ("fault" in chunk) fault = chunk.fault;
    else {
      bytesRead = chunk.bytesRead;
      yield { ...parser.push(chunk.bytes), bytesRead };
    }
  }
  yield { ...parser.end(fault), bytesRead };
}

async function modifiedAt(path: string): Promise<number | undefined> {
  return path === "-" ? undefined : (await stat(path).catch(() => undefined))?.mtimeMs;
}
