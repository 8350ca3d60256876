import { type Shared, word } from "./shared.ts";

/** What a record of the ring is. A `message` record stands for a message of the port beside it, so that both arrive in one order. */
export const recordKind = { stdout: 0, stderr: 1, message: 2, skip: 3 } as const;
export type RecordKind = (typeof recordKind)[keyof typeof recordKind];

const headerBytes = 12;
const align = (bytes: number): number => (bytes + 3) & ~3;

/** The writing end, on the thread that runs cells: text costs a copy and no message, and is seen while a cell spins. */
export class RingWriter {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #bytes: Buffer;
  readonly #ints: Int32Array;
  readonly #capacity: number;
  readonly #wake: () => void;

  /** @param wake - called when the reader sleeps and there is something to read */
  constructor({ words, ring }: Shared, wake: () => void) {
    this.#words = words;
    this.#bytes = Buffer.from(ring);
    this.#ints = new Int32Array(ring);
    this.#capacity = ring.byteLength;
    this.#wake = wake;
  }

  text(kind: RecordKind, owner: number, text: string): void {
    const largest = Math.floor(this.#capacity / 24);
    for (let at = 0; at < text.length; ) {
      let end = Math.min(text.length, at + largest);
      if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end--;
      this.#put(kind, owner, at === 0 && end === text.length ? text : text.slice(at, end));
      at = end;
    }
  }

  /** The message of the port with this number belongs here. It must have been posted. */
  message(number: number): void {
    this.#put(recordKind.message, number, "");
  }

  #put(kind: RecordKind, owner: number, text: string): void {
    const most = headerBytes + align(text.length * 3);
    let written = Atomics.load(this.#words, word.ringWritten) >>> 0;
    let at = written % this.#capacity;
    if (this.#capacity - at < most) {
      const rest = this.#capacity - at;
      this.#waitForRoom(written, rest);
      if (rest >= headerBytes) {
        this.#ints[at >> 2] = rest - headerBytes;
        this.#ints[(at >> 2) + 1] = recordKind.skip;
      }
      written = (written + rest) >>> 0;
      Atomics.store(this.#words, word.ringWritten, written | 0);
      at = 0;
    }
    this.#waitForRoom(written, most);
    const length = this.#bytes.write(text, at + headerBytes);
    this.#ints[at >> 2] = length;
    this.#ints[(at >> 2) + 1] = kind;
    this.#ints[(at >> 2) + 2] = owner;
    Atomics.store(this.#words, word.ringWritten, (written + headerBytes + align(length)) | 0);
    if (Atomics.exchange(this.#words, word.readerAsleep, 0) === 1) this.#wake();
  }

  #waitForRoom(written: number, bytes: number): void {
    for (;;) {
      const read = Atomics.load(this.#words, word.ringRead);
      if (this.#capacity - ((written - (read >>> 0)) >>> 0) >= bytes) return;
      if (Atomics.exchange(this.#words, word.readerAsleep, 0) === 1) this.#wake();
      Atomics.wait(this.#words, word.ringRead, read, 100);
    }
  }
}

/** The reading end, on the wire thread. */
export class RingReader {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #bytes: Buffer;
  readonly #ints: Int32Array;
  readonly #capacity: number;

  constructor({ words, ring }: Shared) {
    this.#words = words;
    this.#bytes = Buffer.from(ring);
    this.#ints = new Int32Array(ring);
    this.#capacity = ring.byteLength;
  }

  /** Reads what there is, in order, then asks to be woken for more. */
  drain(read: (kind: RecordKind, owner: number, text: string) => void): void {
    do {
      Atomics.store(this.#words, word.readerAsleep, 0);
      while (this.#next(read)) {}
      Atomics.store(this.#words, word.readerAsleep, 1);
    } while (Atomics.load(this.#words, word.ringWritten) !== Atomics.load(this.#words, word.ringRead));
  }

  #next(read: (kind: RecordKind, owner: number, text: string) => void): boolean {
    const from = Atomics.load(this.#words, word.ringRead) >>> 0;
    if (from === Atomics.load(this.#words, word.ringWritten) >>> 0) return false;
    const at = from % this.#capacity;
    const rest = this.#capacity - at;
    const kind = rest < headerBytes ? recordKind.skip : (this.#ints[(at >> 2) + 1] as RecordKind);
    if (kind === recordKind.skip) {
      this.#release(from + rest);
      return true;
    }
    const length = this.#ints[at >> 2] ?? 0;
    const owner = this.#ints[(at >> 2) + 2] ?? 0;
    const text = length === 0 ? "" : this.#bytes.toString("utf8", at + headerBytes, at + headerBytes + length);
    this.#release(from + headerBytes + align(length));
    read(kind, owner, text);
    return true;
  }

  #release(position: number): void {
    Atomics.store(this.#words, word.ringRead, position | 0);
    Atomics.notify(this.#words, word.ringRead);
  }
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
