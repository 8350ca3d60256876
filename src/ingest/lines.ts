/** Whole lines of a source: `bytes` holds complete lines only (the last one may lack its newline at the end of the source). */
export interface Block {
  readonly bytes: Uint8Array;
  /** Offset of `bytes[0]` in the source. */
  readonly offset: number;
}

/** A line that outgrew the hard limit, handed on in pieces so that memory stays bounded. */
export interface Overflow {
  readonly bytes: Uint8Array;
  readonly offset: number;
  /** False for the second and later pieces of the same line. */
  readonly first: boolean;
}

const newline = 10;
const carriageReturn = 13;

/** Cuts a byte stream at line ends. A line longer than `pieceBytes` comes out as {@link Overflow} pieces. */
export class LineAssembler {
  readonly #pieceBytes: number;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #offset: number;
  #inOverflow = false;

  constructor(offset = 0, pieceBytes = 16 * 1024 * 1024) {
    this.#offset = offset;
    this.#pieceBytes = pieceBytes;
  }

  /** Offset of the first byte that no block has handed out yet. */
  get offset(): number {
    return this.#offset;
  }

  push(chunk: Uint8Array): { block?: Block; overflow: Overflow[] } {
    const overflow: Overflow[] = [];
    let rest = chunk;
    if (this.#inOverflow) {
      const end = rest.indexOf(newline);
      this.#hold(end < 0 ? rest : rest.subarray(0, end));
      if (end < 0) {
        this.#spill(overflow);
        return { overflow };
      }
      const piece = this.#take();
      overflow.push({ bytes: piece, offset: this.#offset, first: false });
      this.#offset += piece.length + 1;
      this.#inOverflow = false;
      rest = rest.subarray(end + 1);
    }
    const last = rest.lastIndexOf(newline);
    if (last < 0) {
      this.#hold(rest);
      this.#spill(overflow);
      return { overflow };
    }
    this.#hold(rest.subarray(0, last + 1));
    const bytes = this.#take();
    const block = { bytes, offset: this.#offset };
    this.#offset += bytes.length;
    this.#hold(rest.subarray(last + 1));
    return { block, overflow };
  }

  /** What is left when the source ends: a last line without a newline. */
  end(): { block?: Block; overflow: Overflow[] } {
    if (this.#heldBytes === 0) return { overflow: [] };
    const bytes = this.#take();
    const offset = this.#offset;
    this.#offset += bytes.length;
    if (this.#inOverflow) return { overflow: [{ bytes, offset, first: false }] };
    return { block: { bytes, offset }, overflow: [] };
  }

  #hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
  }

  #take(): Uint8Array {
    const bytes = this.#held.length === 1 ? this.#held[0]! : Buffer.concat(this.#held, this.#heldBytes);
    this.#held = [];
    this.#heldBytes = 0;
    return bytes;
  }

  #spill(overflow: Overflow[]): void {
    if (this.#heldBytes < this.#pieceBytes) return;
    const bytes = this.#take();
    overflow.push({ bytes, offset: this.#offset, first: !this.#inOverflow });
    this.#offset += bytes.length;
    this.#inOverflow = true;
  }
}

/** End of the line without its ending, and where the next one begins. */
export function lineEnd(bytes: Buffer, start: number): [end: number, next: number] {
  const found = bytes.indexOf(newline, start);
  const next = found < 0 ? bytes.length : found + 1;
  let end = found < 0 ? bytes.length : found;
  if (end > start && bytes[end - 1] === carriageReturn) end--;
  return [end, next];
}
