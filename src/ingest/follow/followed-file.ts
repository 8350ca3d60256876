import { type FileHandle, open, stat } from "node:fs/promises";
import { SoclabError } from "../../core/index.ts";
import { createParser, type Feed } from "../feeds.ts";
import type { ParseOutput, Parser, ParserState, ReadingOptions, SourceFault } from "../parser.ts";
import { readSource } from "../source.ts";

const chunkBytes = 256 * 1024;
const nothing: ParseOutput = { batches: [], deadLetters: [], records: 0 };

/**
 * What a read gives: parsed records; "idle" where the file has no more for now; "done" where it never will; "rotated", with what was left,
 * where another file has taken its path: that one is a source of its own.
 */
export type SourceRead = { readonly state: "data" | "rotated"; readonly output: ParseOutput } | { readonly state: "idle" | "done" };

/**
 * A log file read as a stream: what stands in it, then what is appended, until it is replaced (rotation) or cut (truncation). A gzip file is
 * read once.
 */
export class FollowedFile<F extends Feed = Feed> {
  readonly path: string;
  readonly feed: F;
  readonly #parser: Parser;
  #handle: FileHandle | undefined;
  #inode = -1;
  #position: number;
  #gzip: AsyncGenerator<ParseOutput> | undefined;
  #done = false;

  private constructor(path: string, feed: F, parser: Parser, position: number) {
    this.path = path;
    this.feed = feed;
    this.#parser = parser;
    this.#position = position;
  }

  /**
   * Opens a file at its start, or where an earlier run stopped (`state`), if it still is the same file.
   * @returns the source, and whether it goes on from the state
   */
  static async open<F extends Feed>(
    path: string,
    feed: F,
    { state, ...reading }: ReadingOptions & { readonly state?: ParserState | undefined } = {},
  ): Promise<{ source: FollowedFile<F>; resumed: boolean }> {
    const resumed =
      state !== undefined && (state.sourceId === null ? state.offset === 0 : state.sourceId === (await identityOf(path, feed)));
    const parser = createParser(feed, { source: path, state: resumed ? state : undefined, ...reading });
    const source = new FollowedFile(path, feed, parser, resumed ? state.offset : 0);
    await source.#open();
    return { source, resumed };
  }

  /** Where to go on; `offset` is the first byte that is in no record handed out. */
  get state(): ParserState {
    return this.#parser.state();
  }

  /** Bytes read so far, an unfinished record among them; of a gzip file the place in its content that it began at. */
  get position(): number {
    return this.#position;
  }

  async read(): Promise<SourceRead> {
    if (this.#done) return { state: "done" };
    if (this.#gzip) return this.#readGzip();
    const buffer = Buffer.allocUnsafe(chunkBytes);
    const { bytesRead } = await this.#handle!.read(buffer, 0, chunkBytes, this.#position);
    if (bytesRead > 0) {
      this.#position += bytesRead;
      return { state: "data", output: this.#parser.push(buffer.subarray(0, bytesRead)) };
    }
    if (!(await this.#replaced())) return { state: "idle" };
    return { state: "rotated", output: this.finish() };
  }

  /** The last record even without a line end: the source is over. */
  finish(): ParseOutput {
    if (this.#done) return nothing;
    this.#done = true;
    return this.#parser.end();
  }

  async close(): Promise<void> {
    await this.#gzip?.return(undefined);
    await this.#handle?.close();
    this.#handle = undefined;
  }

  async #open(): Promise<void> {
    this.#handle = await open(this.path).catch((cause: NodeJS.ErrnoException) => {
      throw new SoclabError(cause.code === "ENOENT" ? "SOCLAB_NOT_FOUND" : "SOCLAB_IO", `${this.path} cannot be opened: ${cause.message}`, {
        cause,
      });
    });
    this.#inode = (await this.#handle.stat()).ino;
    const magic = Buffer.alloc(2);
    await this.#handle.read(magic, 0, 2, 0);
    if (magic[0] !== 0x1f || magic[1] !== 0x8b) return;
    await this.#handle.close();
    this.#handle = undefined;
    this.#gzip = this.#gunzip(this.#position);
  }

  async *#gunzip(skip: number): AsyncGenerator<ParseOutput> {
    let offset = 0;
    let fault: SourceFault | undefined;
    for await (const chunk of readSource(this.path)) {
      if ("fault" in chunk) fault = chunk.fault;
      else {
        const from = Math.max(0, skip - offset);
        offset += chunk.bytes.length;
        for (let at = from; at < chunk.bytes.length; at += chunkBytes) yield this.#parser.push(chunk.bytes.subarray(at, at + chunkBytes));
      }
    }
    yield this.#parser.end(fault);
  }

  async #readGzip(): Promise<SourceRead> {
    const next = await this.#gzip!.next();
    if (!next.done) return { state: "data", output: next.value };
    this.#done = true;
    return { state: "done" };
  }

  async #replaced(): Promise<boolean> {
    const now = await stat(this.path).catch(() => undefined);
    return now !== undefined && (now.ino !== this.#inode || now.size < this.#position);
  }
}

/** The source id of the file as it is now, null where it holds no record yet. */
export async function identityOf(path: string, feed: Feed): Promise<string | null> {
  const parser = createParser(feed, { source: path });
  for await (const chunk of readSource(path)) {
    if (!("fault" in chunk)) parser.push(chunk.bytes);
    const { sourceId } = parser.state();
    if (sourceId !== null) return sourceId;
  }
  return null;
}
