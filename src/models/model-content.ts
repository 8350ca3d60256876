import { createHash } from "node:crypto";
import type { FittedDetector, Tensor, Tensors } from "../detectors/index.ts";
import type { JsonValue } from "../event/index.ts";
import type { Calibration } from "./calibration.ts";
import type { Evaluation } from "./evaluation.ts";
import { bytesOf, dtypeOf } from "./safetensors.ts";

/** The feature definition that a model was trained with, as data, and the hash that the features face gives it. */
export interface ModelDefinition {
  readonly value: JsonValue;
  /** SHA-256, 64 hexadecimal digits. */
  readonly hash: string;
}

/** The event time that training rows come from, epoch microseconds; null where it is not known. `until` is exclusive. */
export interface TrainingWindow {
  readonly from: number | null;
  readonly until: number | null;
}

/** Figures and the rows that they come from. */
export interface ModelMetrics extends Evaluation {
  /** `training`: the rows it was fitted on; `later`: rows of a later period, unseen. */
  readonly split: string;
  readonly window: TrainingWindow;
}

/** Training rows and the raw scores that they had when the model was made. */
export interface GoldenRows {
  readonly rows: Float64Array;
  readonly scores: Float64Array;
}

/** Everything that makes a model what it is; its name and version are given to it. */
export interface ModelContent {
  readonly createdBy: string;
  readonly detector: FittedDetector;
  readonly definition: ModelDefinition | null;
  readonly calibration: Calibration;
  readonly training: TrainingWindow;
  readonly metrics: readonly ModelMetrics[];
  readonly golden: GoldenRows;
}

/** What a file holds of it as JSON. */
export function contentHeader(content: ModelContent) {
  const { createdBy, detector, definition, calibration, training, metrics } = content;
  const { logShare, scale, shape } = calibration.tail;
  return {
    format: "soclab-model",
    formatVersion: 1,
    createdBy,
    detector: { name: detector.name, params: sortedByName(detector.params) },
    features: detector.names,
    definition: definition === null ? null : { value: definition.value, hash: definition.hash },
    calibration: { tail: { logShare, scale, shape } },
    training: { from: training.from, until: training.until, rows: detector.rowCount },
    metrics: metrics.map((each) => ({
      split: each.split,
      window: { from: each.window.from, until: each.window.until },
      rows: each.rows,
      positives: each.positives,
      unlabelled: each.unlabelled,
      baseRate: each.baseRate,
      auc: each.auc,
      ap: each.ap,
      budgets: each.budgets.map(({ alertsPerDay, days, alerts, hits, precision, recall }) => ({
        alertsPerDay,
        days,
        alerts,
        hits,
        precision,
        recall,
      })),
    })),
  } as const;
}

/** What a file holds of it as tensors. */
export function contentTensors({ detector, calibration, golden }: ModelContent): Tensors {
  const count = golden.scores.length;
  const tensors = new Map<string, Tensor>();
  for (const [name, tensor] of detector.toTensors()) tensors.set(`detector.${name}`, tensor);
  tensors.set("calibration.scores", { shape: [calibration.scores.length], data: calibration.scores });
  tensors.set("calibration.logShares", { shape: [calibration.logShares.length], data: calibration.logShares });
  tensors.set("golden.rows", { shape: [count, detector.names.length], data: golden.rows });
  tensors.set("golden.scores", { shape: [count], data: golden.scores });
  return tensors;
}

/** SHA-256 over header and tensors: the same training gives the same hash, whatever the model is called. */
export function contentHash(content: ModelContent): string {
  const hash = createHash("sha256").update(JSON.stringify(contentHeader(content)));
  const tensors = [...contentTensors(content)].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, { shape, data }] of tensors) hash.update(`\n${name} ${dtypeOf(data)} [${shape}]\n`).update(bytesOf(data));
  return hash.digest("hex");
}

function sortedByName<V>(record: Readonly<Record<string, V>>): Record<string, V> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
