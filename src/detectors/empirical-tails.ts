/** The distinct present values of every column, ascending, one column after the other. */
export interface EmpiricalColumns {
  readonly values: Float64Array;
  /** How many training rows have the value. */
  readonly counts: Int32Array;
  /** Column j stands at `offsets[j]` up to `offsets[j + 1]`. */
  readonly offsets: Int32Array;
}

export function distinctColumns(matrix: Float64Array, rowCount: number, width: number): EmpiricalColumns {
  const offsets = new Int32Array(width + 1);
  const values: Float64Array[] = [];
  const counts: Int32Array[] = [];
  const column = new Float64Array(rowCount);
  for (let j = 0; j < width; j++) {
    let present = 0;
    for (let i = 0; i < rowCount; i++) {
      const value = matrix[i * width + j]!;
      if (!Number.isNaN(value)) column[present++] = value;
    }
    const sorted = column.subarray(0, present).sort();
    const columnCounts = new Int32Array(present);
    let distinct = 0;
    for (let i = 0; i < present; i++) {
      if (distinct === 0 || sorted[i]! !== sorted[distinct - 1]!) sorted[distinct++] = sorted[i]!;
      columnCounts[distinct - 1]!++;
    }
    values.push(sorted.slice(0, distinct));
    counts.push(columnCounts.slice(0, distinct));
    offsets[j + 1] = offsets[j]! + distinct;
  }
  const all = { values: new Float64Array(offsets[width]!), counts: new Int32Array(offsets[width]!), offsets };
  for (let j = 0; j < width; j++) {
    all.values.set(values[j]!, offsets[j]!);
    all.counts.set(counts[j]!, offsets[j]!);
  }
  return all;
}

/**
 * The sign of a column's sample skewness over its finite values: −1, 0 or 1; 0 too where the spread drowns in rounding, as scipy has it.
 * Scaled by a power of two, which changes no digit, so that cubes neither overflow nor vanish.
 */
export function skewnessSign(matrix: Float64Array, rowCount: number, width: number, column: number): -1 | 0 | 1 {
  let largest = 0;
  let count = 0;
  for (let at = column; at < rowCount * width; at += width) {
    const value = matrix[at]!;
    if (!Number.isFinite(value)) continue;
    count++;
    largest = Math.max(largest, Math.abs(value));
  }
  if (count === 0 || largest === 0) return 0;
  const exponent = Math.floor(Math.log2(largest));
  // Two steps, since 2^−exponent alone may not be a double.
  const [half, rest] = [2 ** -Math.trunc(exponent / 2), 2 ** -(exponent - Math.trunc(exponent / 2))];
  let sum = 0;
  for (let at = column; at < rowCount * width; at += width) {
    const value = matrix[at]!;
    if (Number.isFinite(value)) sum += value * half * rest;
  }
  const mean = sum / count;
  let squares = 0;
  let cubes = 0;
  for (let at = column; at < rowCount * width; at += width) {
    const value = matrix[at]!;
    if (!Number.isFinite(value)) continue;
    const deviation = value * half * rest - mean;
    squares += deviation * deviation;
    cubes += deviation * deviation * deviation;
  }
  if (squares / count <= (Number.EPSILON * mean) ** 2 || cubes === 0) return 0;
  return cubes > 0 ? 1 : -1;
}

/**
 * −log tail shares at every place a value can stand in a column of k distinct values: slot 2i is the gap before value i, 2i + 1 is value i itself, 2k beyond
 * them all, 2k + 1 missing.
 */
export class TailTables {
  readonly left: Float64Array;
  readonly right: Float64Array;
  readonly corrected: Float64Array;
  readonly largest: Float64Array;
  readonly #columns: EmpiricalColumns;

  constructor(columns: EmpiricalColumns, skewness: Int32Array) {
    const { values, counts, offsets } = columns;
    const width = offsets.length - 1;
    const size = 2 * values.length + 2 * width;
    this.#columns = columns;
    this.left = new Float64Array(size);
    this.right = new Float64Array(size);
    this.corrected = new Float64Array(size);
    this.largest = new Float64Array(size);
    for (let j = 0; j < width; j++) {
      const [start, end] = [offsets[j]!, offsets[j + 1]!];
      let present = 0;
      for (let k = start; k < end; k++) present += counts[k]!;
      const minusLog = (rows: number) => (rows === present ? 0 : -Math.log(rows === 0 ? 1 / (present + 1) : rows / present));
      const first = 2 * start + 2 * j;
      const last = 2 * end + 2 * j;
      for (let slot = first, k = start, below = 0; slot <= last; slot += 2, k++) {
        const at = k < end ? counts[k]! : 0;
        this.#set(slot, skewness[j]!, minusLog(below), minusLog(present - below));
        if (k < end) this.#set(slot + 1, skewness[j]!, minusLog(below + at), minusLog(present - below));
        below += at;
      }
      for (const table of [this.left, this.right, this.corrected, this.largest]) {
        let mean = 0;
        for (let k = start; k < end; k++) mean += (counts[k]! / present) * table[first + 2 * (k - start) + 1]!;
        table[last + 1] = mean;
      }
    }
  }

  #set(slot: number, skewness: number, left: number, right: number): void {
    const corrected = skewness < 0 ? left : skewness > 0 ? right : left + right;
    this.left[slot] = left;
    this.right[slot] = right;
    this.corrected[slot] = corrected;
    this.largest[slot] = Math.max(left, right, corrected);
  }

  /** Where the tables have the tails of a value of column j. */
  slot(j: number, value: number): number {
    const { values, offsets } = this.#columns;
    const start = offsets[j]!;
    const end = offsets[j + 1]!;
    // Without a branch to mispredict: at each step the search moves on by half or stays.
    let low = start;
    for (let length = end - start; length > 0; ) {
      const half = (length + 1) >> 1;
      low += half * +(values[low + half - 1]! < value);
      length -= half;
    }
    if (Number.isNaN(value)) return 2 * end + 2 * j + 1;
    return 2 * (low + j) + (low < end && values[low] === value ? 1 : 0);
  }
}
