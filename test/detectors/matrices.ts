import { createRandom } from "../../src/core/index.ts";
import type { Matrix } from "../../src/features/index.ts";

export function matrixOf(rows: readonly (readonly number[])[], names = rows[0]!.map((_, j) => `f${j}`)): Matrix {
  return { rowCount: rows.length, names, values: Float64Array.from(rows.flat()) };
}

/** A cloud of rows; a share of the values may be missing. */
export function cloud(seed: number, rowCount: number, width: number, missing = 0): Matrix {
  const random = createRandom(seed);
  const value = (j: number) =>
    (random.next() + random.next() + random.next() - 1.5) * (j + 1) + (random.next() < 0.1 ? random.next() * 10 : 0);
  const values = Float64Array.from({ length: rowCount * width }, (_, k) => (random.next() < missing ? Number.NaN : value(k % width)));
  return { rowCount, names: Array.from({ length: width }, (_, j) => `f${j}`), values };
}

export function rowOf(matrix: Matrix, row: number): Float64Array {
  const width = matrix.names.length;
  return matrix.values.subarray(row * width, (row + 1) * width);
}
