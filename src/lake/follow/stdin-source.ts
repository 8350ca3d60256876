import type { Readable } from "node:stream";
import { createParser, type Feed, type ParseOutput, type Parser, type ReadingOptions } from "../../ingest/index.ts";

const maxWaitingBytes = 16 * 1024 * 1024;

/** Standard input as it comes. It has no place to go on from after an end: a sender that sends again sends known records. */
export class StdinSource {
  readonly #parser: Parser;
  readonly #input: Readable;
  #chunks: Buffer[] = [];
  #waitingBytes = 0;
  #ended = false;
  #failure: Error | undefined;

  constructor(feed: Feed, reading: ReadingOptions, input: Readable = process.stdin) {
    this.#parser = createParser(feed, { source: "-", ...reading });
    this.#input = input;
    input.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#waitingBytes += chunk.length;
      if (this.#waitingBytes >= maxWaitingBytes) input.pause();
    });
    input.on("end", () => {
      this.#ended = true;
    });
    input.on("error", (error) => {
      this.#failure = error;
    });
  }

  /** What came since, undefined where nothing did; the last record, even without a line end, once the input is over. */
  read(): ParseOutput | undefined {
    if (this.#failure) throw this.#failure;
    const [chunk] = this.#chunks.splice(0, 1);
    if (chunk) {
      this.#waitingBytes -= chunk.length;
      if (this.#waitingBytes < maxWaitingBytes / 2) this.#input.resume();
      return this.#parser.push(chunk);
    }
    return undefined;
  }

  get isOver(): boolean {
    return this.#ended && this.#chunks.length === 0;
  }

  end(): ParseOutput {
    return this.#parser.end();
  }

  close(): void {
    this.#input.pause();
    this.#input.removeAllListeners("data");
  }
}
