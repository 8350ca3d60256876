/** Little-endian bytes, growing. */
export class BinaryWriter {
  #buffer = Buffer.alloc(4096);
  #length = 0;

  uint8(value: number): void {
    const at = this.#take(1);
    this.#buffer.writeUInt8(value, at);
  }

  uint32(value: number): void {
    const at = this.#take(4);
    this.#buffer.writeUInt32LE(value, at);
  }

  /** Four bytes to be filled by the function that is returned. */
  reserveUint32(): (value: number) => void {
    const at = this.#take(4);
    return (value) => {
      this.#buffer.writeUInt32LE(value, at);
    };
  }

  double(value: number): void {
    const at = this.#take(8);
    this.#buffer.writeDoubleLE(value, at);
  }

  bytes(value: Uint8Array): void {
    const at = this.#take(value.length);
    this.#buffer.set(value, at);
  }

  /** Length and UTF-16: JSON escapes can make strings that UTF-8 cannot hold. */
  text(value: string): void {
    const at = this.#take(4 + value.length * 2);
    this.#buffer.writeUInt32LE(value.length, at);
    this.#buffer.write(value, at + 4, "utf16le");
  }

  /** A plain array: a Buffer's slice would share its memory. */
  written(): Uint8Array {
    return new Uint8Array(this.#buffer.buffer, this.#buffer.byteOffset, this.#length);
  }

  #take(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#buffer.length) {
      const grown = Buffer.alloc(Math.max(this.#length, this.#buffer.length * 2));
      grown.set(this.#buffer);
      this.#buffer = grown;
    }
    return at;
  }
}

/** Reads what {@link BinaryWriter} wrote; past the end it calls `fail`. */
export class BinaryReader {
  readonly #buffer: Buffer;
  readonly #fail: (reason: string) => never;
  #at = 0;

  constructor(bytes: Uint8Array, fail: (reason: string) => never) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#fail = fail;
  }

  get atEnd(): boolean {
    return this.#at === this.#buffer.length;
  }

  uint8(): number {
    return this.#buffer.readUInt8(this.#take(1));
  }

  uint32(): number {
    return this.#buffer.readUInt32LE(this.#take(4));
  }

  double(): number {
    return this.#buffer.readDoubleLE(this.#take(8));
  }

  bytes(count: number): Uint8Array {
    const at = this.#take(count);
    return this.#buffer.subarray(at, at + count);
  }

  text(): string {
    const length = this.uint32();
    const at = this.#take(length * 2);
    return this.#buffer.toString("utf16le", at, at + length * 2);
  }

  #take(count: number): number {
    const at = this.#at;
    if (at + count > this.#buffer.length) this.#fail("it ends early");
    this.#at += count;
    return at;
  }
}
