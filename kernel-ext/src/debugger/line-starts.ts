/** A place in a text: line and column from 0, in UTF-16 code units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Offsets of a text ↔ lines and columns. */
export class LineStarts {
  readonly #starts: readonly number[];
  readonly #length: number;

  private constructor(text: string, terminator: RegExp) {
    this.#starts = [0, ...Array.from(text.matchAll(terminator), (match) => match.index + match[0].length)];
    this.#length = text.length;
  }

  /** Lines as V8 counts them. */
  static ofScript(text: string): LineStarts {
    return new LineStarts(text, /\r\n?|[\n\u2028\u2029]/g);
  }

  /** Lines as an editor counts them. */
  static ofSource(text: string): LineStarts {
    return new LineStarts(text, /\r\n?|\n/g);
  }

  get count(): number {
    return this.#starts.length;
  }

  /** Where a line starts; past the last line, the text's end. */
  start(line: number): number {
    return this.#starts[Math.max(0, line)] ?? this.#length;
  }

  offset({ line, column }: Place): number {
    return Math.min(this.start(line) + column, this.start(line + 1));
  }

  place(offset: number): Place {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.start(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, column: offset - this.start(low) };
  }
}
