import { squareLimbs, sumLimbs } from "./exact.ts";
import type { Conditions, FeaturePlan, KeyType, Measure, NumericType, Output, TypedColumn } from "./plan.ts";

/** A number, or a few, that an event brings along; `at` is its place in the event's inputs. */
export type InputSpec = { readonly at: number; readonly where: Conditions } & (
  | { readonly kind: "flag" }
  | { readonly kind: "moments"; readonly column: TypedColumn<NumericType>; readonly squares: boolean }
  | { readonly kind: "number"; readonly column: TypedColumn<NumericType>; readonly role: "value" | "min" | "max" }
);

export interface KeySpec {
  readonly column: TypedColumn<KeyType>;
  readonly where: Conditions;
}

export interface WindowLayout {
  readonly tileMicros: number;
  readonly tiles: number;
  readonly sums: number;
  /** Input of each lane: sums, then minima. */
  readonly sources: Int32Array;
  /** First lane of each measure; of a distinct measure, its pair table. */
  readonly lanes: readonly number[];
}

/** A plan laid out for the stream: what an event brings, what a window adds, how a feature reads it. */
export interface Layout {
  /** Doubles an event. */
  readonly width: number;
  readonly inputs: readonly InputSpec[];
  readonly keys: readonly KeySpec[];
  readonly windows: readonly WindowLayout[];
  /** Pair tables of distinct measures. */
  readonly distincts: readonly { readonly key: number; readonly tileMicros: number; readonly tiles: number }[];
  /** Pair tables of firstSeen: the key of each. */
  readonly firsts: readonly number[];
  readonly readers: readonly Reader[];
}

/** How the value of one output is read. */
export type Reader = { readonly log1p: boolean } & (
  | { readonly kind: "input"; readonly at: number }
  | {
      readonly kind: "count" | "sum" | "mean" | "std" | "min" | "max";
      readonly window: number;
      readonly lane: number;
      readonly scale: number;
    }
  | { readonly kind: "distinct"; readonly table: number }
  | { readonly kind: "ratio"; readonly numerator: number; readonly denominator: number }
  | { readonly kind: "rate"; readonly of: number; readonly units: number }
  | { readonly kind: "timeSinceLast" }
  | { readonly kind: "firstSeen"; readonly table: number; readonly key: number }
);

export function layOut(plan: FeaturePlan): Layout {
  const inputs = new Map<string, InputSpec>();
  const keys = new Map<string, KeySpec & { readonly index: number }>();
  const distincts: { key: number; tileMicros: number; tiles: number }[] = [];
  const firsts: number[] = [];
  let width = 0;

  type Placeless<T> = T extends unknown ? Omit<T, "at"> : never;
  const input = (spec: Placeless<InputSpec>, size: number): number => {
    const text = JSON.stringify(spec);
    const known = inputs.get(text);
    if (known) return known.at;
    inputs.set(text, { ...spec, at: width } as InputSpec);
    width += size;
    return width - size;
  };
  const key = (column: TypedColumn<KeyType>, where: Conditions): number => {
    const text = JSON.stringify([column, where]);
    const known = keys.get(text) ?? { column, where, index: keys.size };
    keys.set(text, known);
    return known.index;
  };
  const extreme = (measure: Measure & { readonly kind: "min" | "max" }): number =>
    input({ kind: "number", column: measure.column, where: measure.where, role: measure.kind }, 1);

  const windows = plan.windows.map(({ tileMicros, tiles, measures }): WindowLayout => {
    const sums: number[] = [];
    const minima: number[] = [];
    const places = measures.map((measure) => {
      if (measure.kind === "distinct") return distincts.push({ key: key(measure.column, measure.where), tileMicros, tiles }) - 1;
      if (measure.kind === "count") return sums.push(input({ kind: "flag", where: measure.where }, 1)) - 1;
      if (measure.kind !== "moments") return minima.push(extreme(measure)) - 1;
      const limbs = measure.squares ? squareLimbs : sumLimbs;
      const at = input({ kind: "moments", column: measure.column, where: measure.where, squares: measure.squares }, limbs);
      for (let limb = 0; limb < limbs; limb++) sums.push(at + limb);
      return sums.length - limbs;
    });
    const lanes = measures.map(({ kind }, i) => (kind === "min" || kind === "max" ? sums.length : 0) + places[i]!);
    return { tileMicros, tiles, sums: sums.length, sources: Int32Array.from([...sums, ...minima]), lanes };
  });

  const readers = plan.outputs.map((output): Reader => ({ ...reader(output), log1p: output.log1p }) as Reader);
  function reader(output: Output): object {
    switch (output.kind) {
      case "value":
        return { kind: "input", at: input({ kind: "number", column: output.column, where: [], role: "value" }, 1) };
      case "is":
        return { kind: "input", at: input({ kind: "flag", where: output.where }, 1) };
      case "firstSeen": {
        const of = key(output.column, []);
        const known = firsts.indexOf(of);
        return { kind: "firstSeen", key: of, table: known >= 0 ? known : firsts.push(of) - 1 };
      }
      case "distinct":
        return { kind: "distinct", table: windows[output.window]!.lanes[output.measure]! };
      case "ratio":
      case "rate":
      case "timeSinceLast":
        return output;
      default:
        return { ...output, lane: windows[output.window]!.lanes[output.measure]! };
    }
  }
  return { width, inputs: [...inputs.values()], keys: [...keys.values()], windows, distincts, firsts, readers };
}
