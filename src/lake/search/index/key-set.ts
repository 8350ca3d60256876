/** Distinct keys of a block, in typed arrays: a Set of bigint or string was 20 times slower. */
export class KeySet {
  #table = new Uint32Array(2 << 16);
  #mask = (1 << 16) - 1;
  #size = 0;
  readonly #most: number;
  #isFull = false;

  /** @param most - with more keys than that the set is full and takes no more */
  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#size;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  add(high: number, low: number): void {
    // A place of two zeros is free.
    const first = high === 0 && low === 0 ? 1 : high;
    const table = this.#table;
    let at = low & this.#mask;
    for (;;) {
      const other = table[2 * at]!;
      const second = table[2 * at + 1]!;
      if (other === first && second === low) return;
      if (other === 0 && second === 0) break;
      at = (at + 1) & this.#mask;
    }
    if (this.#size >= this.#most) {
      this.#isFull = true;
      return;
    }
    table[2 * at] = first;
    table[2 * at + 1] = low;
    if (++this.#size > 0.6 * (this.#mask + 1)) this.#grow();
  }

  forEach(visit: (high: number, low: number) => void): void {
    const table = this.#table;
    for (let i = 0; i < table.length; i += 2) if (table[i] !== 0 || table[i + 1] !== 0) visit(table[i]!, table[i + 1]!);
  }

  clear(): void {
    this.#table.fill(0);
    this.#size = 0;
    this.#isFull = false;
  }

  #grow(): void {
    const old = this.#table;
    this.#mask = 2 * this.#mask + 1;
    this.#table = new Uint32Array(2 * (this.#mask + 1));
    this.#size = 0;
    for (let i = 0; i < old.length; i += 2) if (old[i] !== 0 || old[i + 1] !== 0) this.add(old[i]!, old[i + 1]!);
  }
}
