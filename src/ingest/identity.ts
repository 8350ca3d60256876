import { createHash } from "node:crypto";

const maxPrefixBytes = 64 * 1024;

/**
 * Who a source is, whatever it is called: the SHA-256 of its bytes up to the end of its first record (header lines included), cut to 64 bits.
 * A file keeps its identity while it grows, when it is rotated to another name, copied or compressed; a replay therefore writes the same
 * event ids. Log shippers call this a fingerprint.
 */
export class SourceIdentity {
  readonly #hash = createHash("sha256");
  #bytes = 0;
  #id: string | undefined;

  constructor(feed: string, id?: string) {
    this.#hash.update(feed).update("\0");
    this.#id = id;
  }

  get known(): boolean {
    return this.#id !== undefined;
  }

  /** Header lines that come before the first record. */
  addHeader(line: Uint8Array): void {
    if (this.#id === undefined) this.#update(line);
  }

  /** The first record settles the id; later ones change nothing. */
  settle(record: Uint8Array): string {
    if (this.#id === undefined) {
      this.#update(record);
      this.#id = this.#hash.digest("hex").slice(0, 16);
    }
    return this.#id;
  }

  #update(line: Uint8Array): void {
    const room = maxPrefixBytes - this.#bytes;
    this.#hash.update(line.subarray(0, Math.max(0, room))).update("\n");
    this.#bytes += line.length;
  }
}

const sampledBytes = 16;

/**
 * The low halves of the event ids of a batch: record offset (44 bits) and a 20-bit check over length and sampled bytes of the record. Two
 * records of one source cannot share an id, because they do not share an offset.
 */
export function idLowOf(bytes: Uint8Array, starts: Int32Array, ends: Int32Array, offsets: Float64Array, length: number): BigUint64Array {
  const low = new BigUint64Array(length);
  const halves = new Uint32Array(low.buffer);
  for (let row = 0; row < length; row++) {
    const start = starts[row]!;
    const end = ends[row]!;
    let check = end - start;
    const stride = Math.max(1, Math.floor((end - start) / sampledBytes));
    for (let i = end - 1; i >= start; i -= stride) check = Math.imul(check ^ bytes[i]!, 0x01000193);
    check = (check ^ (check >>> 13)) & 0xfffff;
    const offset = offsets[row]!;
    halves[2 * row] = ((offset % 4096) * 1048576 + check) >>> 0;
    halves[2 * row + 1] = Math.floor(offset / 4096);
  }
  return low;
}
