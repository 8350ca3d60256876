import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { SoclabError } from "../core/index.ts";

/** What is found in a file of JSON: an element of its list, or in the end the file itself with that list empty. */
export type JsonElement = { readonly element: unknown } | { readonly document: unknown };

const maxElementBytes = 256 * 1024 * 1024;
/** A decompression bomb is stopped here. */
const maxTotalBytes = 8 * 1024 * 1024 * 1024;
const maxDepth = 2000;

/**
 * Reads a JSON file of any size element by element: those of the file's own list, or of the lists that its top object holds under one of the
 * given names. Only one element is in memory at a time. What is not in such a list comes last, as one document.
 *
 * @param path - a file, gzip or not
 * @throws SOCLAB_NOT_FOUND, SOCLAB_INVALID_FILE with the byte where it stops being JSON
 */
export async function* jsonElements(path: string, names: readonly string[]): AsyncGenerator<JsonElement> {
  const splitter = new JsonSplitter(path, names);
  try {
    for await (const chunk of chunksOf(path)) yield* splitter.push(chunk);
  } catch (cause) {
    throw readError(path, cause);
  }
  yield splitter.end();
}

async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  const input = createReadStream(path, { highWaterMark: 1 << 18 });
  try {
    const chunks = input[Symbol.asyncIterator]();
    const first = await chunks.next();
    if (first.done === true) return;
    const rest = async function* () {
      yield first.value;
      for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
    };
    if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) yield* rest();
    else {
      const gunzip = createGunzip();
      const feeding = (async () => {
        try {
          for await (const chunk of rest())
            if (!gunzip.write(chunk)) await new Promise<void>((done) => gunzip.once("drain", done).once("close", done));
          gunzip.end();
        } catch (cause) {
          gunzip.destroy(cause instanceof Error ? cause : new Error(String(cause)));
        }
      })();
      yield* gunzip;
      await feeding;
    }
  } finally {
    input.destroy();
  }
}

function readError(path: string, cause: unknown): SoclabError {
  if (cause instanceof SoclabError) return cause;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const text = cause instanceof Error ? cause.message : String(cause);
  if (code === "ENOENT") return new SoclabError("SOCLAB_NOT_FOUND", `there is no file ${path}`, { cause });
  if (code === "EISDIR") return new SoclabError("SOCLAB_INVALID_FILE", `${path} is a folder, expected a file`, { cause });
  if (code.startsWith("Z_")) return new SoclabError("SOCLAB_INVALID_FILE", `${path} is a damaged gzip file: ${text}`, { cause });
  return new SoclabError("SOCLAB_IO", `cannot read ${path}: ${text}`, { cause });
}

const [quote, backslash, comma, openList, closeList, openObject, closeObject] = [34, 92, 44, 91, 93, 123, 125] as const;

/** Cuts JSON into elements as its bytes come. It finds where they start and end; `JSON.parse` says whether they are JSON. */
export class JsonSplitter {
  readonly #path: string;
  readonly #names: readonly string[];
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  /** Bytes outside of elements, then those of the element that is being read. */
  readonly #outside = new Pieces();
  readonly #element = new Pieces();
  #at = 0;
  #depth = 0;
  /** The depth of a list whose elements are wanted, -1 outside of one. */
  #listDepth = -1;
  #inElement = false;
  #needsComma = false;
  #afterComma = false;
  #inString = false;
  #escaped = false;
  #key: number[] | null = null;
  #lastKey = "";
  #count = 0;

  constructor(path: string, names: readonly string[]) {
    this.#path = path;
    this.#names = names;
  }

  *push(chunk: Uint8Array): Generator<JsonElement> {
    if (this.#at === 0 && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf) {
      this.#at = 3;
      yield* this.push(chunk.subarray(3));
      return;
    }
    if (this.#at + chunk.length > maxTotalBytes) throw this.#wrong(`holds more than ${maxTotalBytes} bytes`);
    let from = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === backslash) this.#escaped = true;
        else if (byte === quote) {
          this.#inString = false;
          if (this.#key !== null) this.#lastKey = String.fromCharCode(...this.#key);
          this.#key = null;
        } else if (this.#key !== null && this.#key.length < 64) this.#key.push(byte);
        continue;
      }
      if (byte <= 32) continue;
      const atTop = this.#depth === this.#listDepth;
      if (atTop && byte === closeList) {
        if (this.#inElement) {
          this.#element.push(chunk.subarray(from, i));
          from = i;
          yield this.#take();
        }
        if (this.#afterComma) throw this.#wrong("has a comma without a value after it", i);
        this.#listDepth = -1;
        this.#needsComma = false;
      } else if (atTop && byte === comma) {
        if (this.#inElement) {
          this.#element.push(chunk.subarray(from, i));
          yield this.#take();
        } else if (!this.#needsComma) throw this.#wrong("has a comma without a value before it", i);
        else this.#outside.push(chunk.subarray(from, i));
        this.#needsComma = false;
        this.#afterComma = true;
        from = i + 1;
        continue;
      } else if (atTop && !this.#inElement) {
        if (this.#needsComma) throw this.#wrong("has two values without a comma between them", i);
        this.#outside.push(chunk.subarray(from, i));
        from = i;
        this.#inElement = true;
        this.#afterComma = false;
      }
      if (byte === quote) {
        this.#inString = true;
        if (this.#depth === 1 && this.#listDepth < 0) this.#key = [];
      } else if (byte === openList || byte === openObject) {
        this.#depth++;
        if (this.#depth > maxDepth) throw this.#wrong(`is nested deeper than ${maxDepth}`, i);
        if (byte === openList && this.#listDepth < 0 && (this.#depth === 1 || (this.#depth === 2 && this.#names.includes(this.#lastKey))))
          this.#listDepth = this.#depth;
      } else if (byte === closeList || byte === closeObject) {
        this.#depth--;
        if (this.#depth < 0) throw this.#wrong("closes what it never opened", i);
      }
    }
    (this.#inElement ? this.#element : this.#outside).push(chunk.subarray(from));
    if (this.#element.length > maxElementBytes) throw this.#wrong(`has an element of more than ${maxElementBytes} bytes`);
    if (this.#outside.length > maxElementBytes)
      throw this.#wrong(`holds more than ${maxElementBytes} bytes outside of a list of ${this.#names.join(" or ")}`);
    this.#at += chunk.length;
  }

  end(): JsonElement {
    if (this.#inElement || this.#depth > 0 || this.#inString) throw this.#wrong("ends in the middle");
    return { document: this.#parse(this.#outside.take(), "") };
  }

  #take(): JsonElement {
    this.#inElement = false;
    this.#needsComma = true;
    this.#count++;
    return { element: this.#parse(this.#element.take(), `, element ${this.#count}`) };
  }

  #parse(bytes: Uint8Array, place: string): unknown {
    try {
      return JSON.parse(this.#decoder.decode(bytes));
    } catch (cause) {
      const text = cause instanceof Error ? cause.message : String(cause);
      throw new SoclabError("SOCLAB_INVALID_FILE", `${this.#path}${place} is no JSON: ${text.slice(0, 200)}`, { cause });
    }
  }

  #wrong(what: string, offset = 0): SoclabError {
    return new SoclabError("SOCLAB_INVALID_FILE", `${this.#path} ${what}, at byte ${this.#at + offset}`);
  }
}

/** Parts of a text that come one after the other. */
class Pieces {
  #pieces: Uint8Array[] = [];
  length = 0;

  push(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.length += piece.length;
  }

  take(): Uint8Array {
    const all = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.length = 0;
    return all;
  }
}
