import type { Explanation, FittedDetector } from "../detectors/index.ts";
import { type Calibration, calibratedRelevance } from "./calibration.ts";
import {
  contentHash,
  type GoldenRows,
  type ModelContent,
  type ModelDefinition,
  type ModelMetrics,
  type TrainingWindow,
} from "./model-content.ts";

export interface ModelExplanation extends Explanation {
  readonly relevance: number;
}

/** A fitted detector with all that production needs to know of it. Immutable, and nothing but data. */
export class Model implements ModelContent {
  readonly name: string;
  /** Given by the registry, from 1; 0 before. */
  readonly version: number;
  /** SHA-256 of the content, 64 hexadecimal digits; name and version are not part of it. */
  readonly hash: string;
  readonly createdBy: string;
  readonly detector: FittedDetector;
  readonly definition: ModelDefinition | null;
  readonly calibration: Calibration;
  readonly training: TrainingWindow;
  readonly metrics: readonly ModelMetrics[];
  readonly golden: GoldenRows;

  constructor(name: string, version: number, content: ModelContent) {
    this.name = name;
    this.version = version;
    this.createdBy = content.createdBy;
    this.detector = content.detector;
    this.definition = content.definition;
    this.calibration = content.calibration;
    this.training = content.training;
    this.metrics = content.metrics;
    this.golden = content.golden;
    this.hash = contentHash(this);
  }

  /** `M@1`: what the registry loads it by. */
  get reference(): string {
    return `${this.name}@${this.version}`;
  }

  /** The columns of a row, in order. */
  get features(): readonly string[] {
    return this.detector.names;
  }

  /**
   * Raw scores of the first `rowCount` rows (row-major, the columns of {@link features}); allocates nothing.
   * @throws SOCLAB_SHAPE
   */
  scoreInto(values: Float64Array, rowCount: number, out: Float64Array): void {
    this.detector.scoreInto(values, rowCount, out);
  }

  /** 0–100 of a raw score, see {@link calibratedRelevance}. */
  relevance(score: number): number {
    return calibratedRelevance(this.calibration, score);
  }

  /** Why a row has its score; contributions are in the unit of the raw score. @throws SOCLAB_SHAPE */
  explain(row: ArrayLike<number>): ModelExplanation {
    const explanation = this.detector.explain(row);
    return { ...explanation, relevance: this.relevance(explanation.score) };
  }
}
