import type { Column, EventBatch, NumericColumn } from "../event/index.ts";
import { isListColumn, toFloat64 } from "../event/index.ts";
import type { FeatureInput } from "../features/index.ts";

/** A batch on its way through the feature runner, with what scoring needs of it later. */
export interface ScoredInput extends FeatureInput {
  readonly batch: EventBatch;
  /** Which source it came from: an index into the scorer's sources. */
  readonly source: number;
  readonly late: Uint8Array;
  /** Highest threat confidence of the two addresses, NaN for none. */
  readonly threatConfidence: Float64Array;
  /** Higher criticality of the two assets, NaN for none. */
  readonly criticality: Float64Array;
}

export function scoredInput(batch: EventBatch, source: number, eventTimes: Float64Array, late: Uint8Array): ScoredInput {
  return {
    length: batch.length,
    columns: batch.columns,
    eventTimes,
    batch,
    source,
    late,
    threatConfidence: higher(batch, "src_threat_confidence", "dst_threat_confidence"),
    criticality: higher(batch, "src_asset_criticality", "dst_asset_criticality"),
  };
}

function higher(batch: EventBatch, first: string, second: string): Float64Array {
  const [a, b] = [numbers(batch.columns.get(first)), numbers(batch.columns.get(second))];
  const out = new Float64Array(batch.length);
  for (let row = 0; row < out.length; row++) {
    const x = a ? a[row]! : Number.NaN;
    const y = b ? b[row]! : Number.NaN;
    out[row] = Number.isNaN(x) || y > x ? y : x;
  }
  return out;
}

function numbers(column: Column | undefined): Float64Array | undefined {
  if (column === undefined || isListColumn(column) || column.type === "string") return undefined;
  return toFloat64(column satisfies NumericColumn);
}
