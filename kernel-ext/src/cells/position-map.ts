/** A piece of a text that was made from another: `length` characters copied from `source`, or (source undefined) inserted. */
export interface Piece {
  readonly length: number;
  /** Offset in the source text; for inserted text, undefined. */
  readonly source: number | undefined;
}

/** Positions of a made text ↔ positions of the text that it was made from. Offsets are UTF-16 code units. */
export class PositionMap {
  readonly pieces: readonly Piece[];

  constructor(pieces: readonly Piece[]) {
    this.pieces = pieces;
  }

  static identity(length: number): PositionMap {
    return new PositionMap([{ length, source: 0 }]);
  }

  /** The source offset of a made offset; inside inserted text that of the next copied character (or the last one's end). */
  toSource(offset: number): number {
    let at = 0;
    let after = 0;
    for (const { length, source } of this.pieces) {
      if (source !== undefined) {
        if (offset < at) return source;
        if (offset < at + length) return source + offset - at;
        after = source + length;
      }
      at += length;
    }
    return after;
  }

  /** The made offset of a source offset, or undefined where that character was not copied. An end of a copied piece counts as in it. */
  toMade(offset: number): number | undefined {
    let at = 0;
    let end: number | undefined;
    for (const { length, source } of this.pieces) {
      if (source !== undefined) {
        if (offset >= source && offset < source + length) return at + offset - source;
        if (offset === source + length) end ??= at + length;
      }
      at += length;
    }
    return end;
  }

  /** The map of a text that was made from this map's made text by `next`. */
  followedBy(next: PositionMap): PositionMap {
    const pieces: Piece[] = [];
    for (const { length, source } of next.pieces) {
      if (source === undefined) pieces.push({ length, source });
      else pieces.push(...this.#slice(source, length));
    }
    return new PositionMap(pieces);
  }

  #slice(start: number, length: number): Piece[] {
    const pieces: Piece[] = [];
    let at = 0;
    for (const piece of this.pieces) {
      const from = Math.max(start, at);
      const to = Math.min(start + length, at + piece.length);
      if (from < to) pieces.push({ length: to - from, source: piece.source === undefined ? undefined : piece.source + from - at });
      at += piece.length;
    }
    return pieces;
  }
}

/** Builds a text out of copies and insertions, and the map back. */
export class TextBuilder {
  readonly #source: string;
  readonly #parts: string[] = [];
  readonly #pieces: Piece[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  copy(start: number, end: number): this {
    if (end > start) {
      this.#parts.push(this.#source.slice(start, end));
      this.#pieces.push({ length: end - start, source: start });
    }
    return this;
  }

  insert(text: string): this {
    if (text !== "") {
      this.#parts.push(text);
      this.#pieces.push({ length: text.length, source: undefined });
    }
    return this;
  }

  build(): { readonly text: string; readonly map: PositionMap } {
    return { text: this.#parts.join(""), map: new PositionMap(this.#pieces) };
  }
}
