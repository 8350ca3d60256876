import { SoclabError } from "../core/index.ts";
import type { Matrix } from "../features/index.ts";

/** @throws SOCLAB_SHAPE unless there are rows, columns, and a value for each. */
export function requireFittable(detector: string, matrix: Matrix): void {
  const { rowCount, names, values } = matrix;
  if (names.length === 0) {
    throw new SoclabError("SOCLAB_SHAPE", `${detector} cannot be fitted: the matrix has no columns`, {
      hint: "Name at least one feature.",
    });
  }
  if (rowCount === 0) {
    throw new SoclabError("SOCLAB_SHAPE", `${detector} cannot be fitted: the matrix has no rows`, {
      hint: "Check the period and the filter that the training rows come from.",
    });
  }
  requireRectangular(detector, rowCount, names.length, values.length);
}

/** @throws SOCLAB_SHAPE unless the matrix has the columns of the fit, in their order, and a value for each. */
export function requireSameColumns(detector: string, fitted: readonly string[], matrix: Matrix): void {
  const { names } = matrix;
  const differs = names.length === fitted.length ? names.findIndex((name, j) => name !== fitted[j]) : -1;
  if (names.length !== fitted.length) {
    throw new SoclabError("SOCLAB_SHAPE", `${detector} was fitted on ${fitted.length} columns; the matrix has ${names.length}`, {
      hint: `The columns of the fit are ${fitted.slice(0, 20).join(", ")}${fitted.length > 20 ? ", …" : ""}.`,
    });
  }
  if (differs >= 0) {
    throw new SoclabError(
      "SOCLAB_SHAPE",
      `column ${differs} of the matrix is "${names[differs]}"; ${detector} was fitted on "${fitted[differs]}" there`,
      {
        hint: "Use the feature definition that the detector was fitted with.",
      },
    );
  }
  requireRectangular(detector, matrix.rowCount, names.length, matrix.values.length);
}

/** @throws SOCLAB_SHAPE unless buffers for `rowCount` rows are long enough. */
export function requireRoom(detector: string, width: number, values: Float64Array, rowCount: number, out: Float64Array): void {
  if (!Number.isInteger(rowCount) || rowCount < 0 || values.length < rowCount * width || out.length < rowCount) {
    throw new SoclabError(
      "SOCLAB_SHAPE",
      `${detector} scores ${rowCount} rows of ${width} columns: values has ${values.length} numbers (≥ ${rowCount * width} expected), out has ${out.length} (≥ ${rowCount} expected)`,
    );
  }
}

/** @throws SOCLAB_SHAPE unless the row has one value a column. */
export function requireRow(detector: string, width: number, row: ArrayLike<number>): void {
  if (row.length !== width) {
    throw new SoclabError("SOCLAB_SHAPE", `the row has ${row.length} values; ${detector} was fitted on ${width} columns`);
  }
}

function requireRectangular(detector: string, rowCount: number, width: number, length: number): void {
  if (!Number.isInteger(rowCount) || rowCount < 0 || length !== rowCount * width) {
    throw new SoclabError(
      "SOCLAB_SHAPE",
      `${detector}: a matrix of ${rowCount} rows × ${width} columns has ${rowCount * width} values; this one has ${length}`,
    );
  }
}
