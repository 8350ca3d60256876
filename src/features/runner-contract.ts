import type { FeatureInput } from "./extract.ts";
import type { FeaturePlan } from "./plan.ts";

/** How many rows of a push will come out as rows; the others have no entity, no event time, or fail `where`. */
export interface Pushed {
  readonly accepted: number;
  readonly filtered: number;
}

/** Released events with their features, in order of event time, then arrival. The arrays are reused by the next release. */
export interface FeatureBlock<I extends FeatureInput = FeatureInput> {
  readonly rowCount: number;
  readonly names: readonly string[];
  /** Row-major, rowCount × names.length; NaN is missing. */
  readonly values: Float64Array;
  /** Event i is row `rows[i]` of `inputs[inputIndex[i]]`. */
  readonly inputs: readonly (I | undefined)[];
  readonly inputIndex: Int32Array;
  readonly rows: Int32Array;
  /** The event's own time, epoch microseconds, also where it came late. */
  readonly eventTimes: Float64Array;
  /** 1 where the event came after the watermark had passed its time: it was counted in at the watermark. */
  readonly late: Uint8Array;
  /** The entity of event i. */
  entity(i: number): string;
}

/** Events that have been pushed and not released, in order of event time. */
export interface PendingRows<I extends FeatureInput = FeatureInput> {
  readonly rowCount: number;
  readonly inputs: readonly (I | undefined)[];
  readonly inputIndex: Int32Array;
  readonly rows: Int32Array;
}

/**
 * A feature definition over a stream: the same numbers as the batch statement, bit for bit, for any arrival order within the watermark and any split
 * in batches. It does not know event ids: an event that is pushed twice counts twice.
 */
export interface FeatureRunner<I extends FeatureInput = FeatureInput> {
  readonly plan: FeaturePlan;
  readonly names: readonly string[];
  /** Everything up to this event time has been released; −Infinity at first. */
  readonly watermark: number;
  /** Newest event time pushed; −Infinity at first. The watermark that lateness asks for is this minus `plan.latenessMicros`. */
  readonly newestTime: number;
  readonly pendingCount: number;
  /** Entities with state. */
  readonly entityCount: number;
  push(input: I, rows?: Int32Array): Pushed;
  /** As push, for history: the events count in windows and never come out. */
  observe(input: FeatureInput, rows?: Int32Array): Pushed;
  /** Releases what has an event time up to the watermark, which never goes back. */
  advance(watermarkMicros: number): FeatureBlock<I>;
  /** Releases everything; the watermark is then the newest time. */
  flush(): FeatureBlock<I>;
  pending(): PendingRows<I>;
  /** The state of the entities up to the watermark. Pending events are not in it: push them again after a restore. */
  snapshot(): Uint8Array;
  /** @throws SOCLAB_INVALID_FILE when it is no snapshot of this definition; the runner is then as it was */
  restore(snapshot: Uint8Array): void;
}
