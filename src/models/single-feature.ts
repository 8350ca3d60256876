import type { Matrix } from "../features/index.ts";
import { rocAuc, type Truth } from "./ranking-metrics.ts";

export interface SingleFeature {
  readonly name: string;
  /** At least 0.5: of the two directions the better one. */
  readonly auc: number;
}

/**
 * The feature that by itself ranks best, missing values last. It is chosen with the labels of the very rows it is measured on, so it is what a
 * rule written afterwards could reach, not what could have been deployed.
 */
export function bestSingleFeature({ names, values, rowCount }: Matrix, truth: Truth): SingleFeature | null {
  let best: SingleFeature | null = null;
  const column = new Float64Array(rowCount);
  for (const [feature, name] of names.entries()) {
    for (let row = 0; row < rowCount; row++) {
      const value = values[row * names.length + feature]!;
      column[row] = Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
    }
    const auc = rocAuc(column, truth);
    if (auc === null) return null;
    const either = Math.max(auc, 1 - auc);
    if (best === null || either > best.auc) best = { name, auc: either };
  }
  return best;
}
