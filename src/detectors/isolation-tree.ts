import type { Random } from "../core/index.ts";

/**
 * Isolation trees as data, complete to the height limit h and laid out as heaps: node 1 is the root, the children of node i are 2i (below the
 * threshold) and 2i + 1. Slot 0 is unused.
 */
export interface IsolationTrees {
  readonly treeCount: number;
  /** Height limit h = ⌈log2 ψ⌉. */
  readonly height: number;
  /** trees × 2^h: the column a node splits on; −1 where it is a leaf or there is no node. */
  readonly features: Int32Array;
  /** trees × 2^h: a row goes left where its value < threshold. */
  readonly thresholds: Float64Array;
  /** trees × 2^(h+1): training rows that reached the node. */
  readonly rows: Int32Array;
}

/** Is a missing value of this node sent left? It follows the branch that held more training rows. */
export function missingGoesLeft(rows: Int32Array, base: number, node: number): boolean {
  return rows[base + 2 * node]! >= rows[base + 2 * node + 1]!;
}

/** ψ row numbers out of n without replacement, each set equally likely. @see Floyd, in Bentley: Programming Pearls, CACM 1987 */
export function sampleRows(n: number, psi: number, random: Random): Int32Array {
  if (psi === n) return Int32Array.from({ length: n }, (_, i) => i);
  const chosen = new Set<number>();
  for (let j = n - psi; j < n; j++) {
    const candidate = random.below(j + 1);
    chosen.add(chosen.has(candidate) ? j : candidate);
  }
  return Int32Array.from(chosen);
}

/**
 * Grows tree `tree` of `trees` on the sampled rows (which it reorders).
 *
 * A node takes a column uniformly among those that are not constant in it, and a threshold uniformly in (min, max]. Infinite values count as the
 * largest finite ones. A column with fewer than two distinct present values in a node counts as constant.
 * @see Liu, Ting, Zhou: Isolation Forest, ICDM 2008, algorithm 2
 */
export function growTree(
  trees: IsolationTrees,
  tree: number,
  values: Float64Array,
  width: number,
  sample: Int32Array,
  random: Random,
): void {
  const { features, thresholds, rows, height } = trees;
  const nodeBase = tree << height;
  const rowsBase = tree << (height + 1);
  // The columns found constant on the path from the root stand first; a constant column is constant in every descendant.
  const columns = Int32Array.from({ length: width }, (_, j) => j);
  const right = new Int32Array(sample.length);

  const grow = (node: number, depth: number, start: number, end: number, constantCount: number): void => {
    rows[rowsBase + node] = end - start;
    if (depth === height || end - start < 2) return;
    for (let constants = constantCount; constants < width; ) {
      const pick = constants + random.below(width - constants);
      const column = columns[pick]!;
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      for (let k = start; k < end; k++) {
        const value = finite(values[sample[k]! * width + column]!);
        if (value < low) low = value;
        if (value > high) high = value;
      }
      if (!(low < high)) {
        columns[pick] = columns[constants]!;
        columns[constants++] = column;
        continue;
      }
      const threshold = between(low, high, random.next());
      const middle = partition(column, threshold, start, end);
      features[nodeBase + node] = column;
      thresholds[nodeBase + node] = threshold;
      grow(2 * node, depth + 1, start, middle, constants);
      grow(2 * node + 1, depth + 1, middle, end, constants);
      return;
    }
  };

  /** Left rows first, in their order; missing ones join the larger side. Returns where the right side starts. */
  const partition = (column: number, threshold: number, start: number, end: number): number => {
    let below = 0;
    let above = 0;
    for (let k = start; k < end; k++) {
      const value = values[sample[k]! * width + column]!;
      if (value < threshold) below++;
      else if (value >= threshold) above++;
    }
    const missingLeft = below >= above;
    let left = start;
    let rightCount = 0;
    for (let k = start; k < end; k++) {
      const row = sample[k]!;
      const value = values[row * width + column]!;
      if (value < threshold || (missingLeft && Number.isNaN(value))) sample[left++] = row;
      else right[rightCount++] = row;
    }
    sample.set(right.subarray(0, rightCount), left);
    return left;
  };

  grow(1, 0, 0, sample.length, 0);
}

function finite(value: number): number {
  if (value === Number.POSITIVE_INFINITY) return Number.MAX_VALUE;
  return value === Number.NEGATIVE_INFINITY ? -Number.MAX_VALUE : value;
}

/** Uniform in (low, high], so that neither side is empty. */
function between(low: number, high: number, uniform: number): number {
  const range = high - low;
  const threshold = range === Number.POSITIVE_INFINITY ? low * uniform + high * (1 - uniform) : high - range * uniform;
  return threshold > low && threshold <= high ? threshold : high;
}
