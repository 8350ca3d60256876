import { noKey } from "./domain.ts";
import type { EntityState } from "./entity-state.ts";
import { meanOf, signedLog1p, stdOf, sumOf } from "./exact.ts";
import type { Layout } from "./layout.ts";

/** Writes the features of one event, whose whole tie group has been counted in, to `out[to]…`. */
export type Emitter = (
  entity: number,
  micros: number,
  inputs: Float64Array,
  at: number,
  keys: Int32Array,
  keyAt: number,
  out: Float64Array,
  to: number,
) => void;

export function emitter(layout: Layout, state: EntityState): Emitter {
  const { readers } = layout;
  const raw = new Float64Array(readers.length);
  return (entity, micros, inputs, at, keys, keyAt, out, to) => {
    for (let i = 0; i < readers.length; i++) {
      const reader = readers[i]!;
      let value: number;
      switch (reader.kind) {
        case "input":
          value = inputs[at + reader.at]!;
          break;
        case "distinct":
          value = state.distincts[reader.table]!.counts[entity]!;
          break;
        case "ratio": {
          const denominator = raw[reader.denominator]!;
          value = denominator === 0 ? Number.NaN : raw[reader.numerator]! / denominator;
          break;
        }
        case "rate":
          value = raw[reader.of]! / reader.units;
          break;
        case "timeSinceLast":
          value = (micros - state.before[entity]!) / 1e6;
          break;
        case "firstSeen": {
          const key = keys[keyAt + reader.key]!;
          value = key === noKey ? Number.NaN : state.firsts[reader.table]!.markOf(entity, key) === micros ? 1 : 0;
          break;
        }
        default: {
          const { totals, width } = state.windows[reader.window]!;
          const lane = entity * width + reader.lane;
          const { scale } = reader;
          if (reader.kind === "count") value = totals[lane]!;
          else if (reader.kind === "sum") value = sumOf(totals, lane) / scale;
          else if (reader.kind === "mean") value = meanOf(totals, lane, scale);
          else if (reader.kind === "std") value = stdOf(totals, lane, scale);
          else value = extreme(totals[lane]!, reader.kind === "max");
        }
      }
      raw[i] = value;
      // Adding 0 makes −0 a 0, which minima of equal values could differ in.
      out[to + i] = (reader.log1p ? signedLog1p(value) : value) + 0;
    }
  };
}

function extreme(minimum: number, isNegated: boolean): number {
  if (minimum === Number.POSITIVE_INFINITY) return Number.NaN;
  return isNegated ? -minimum : minimum;
}
