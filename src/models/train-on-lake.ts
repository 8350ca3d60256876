import { SoclabError } from "../core/index.ts";
import type { GivenParameters } from "../detectors/index.ts";
import type { JsonValue } from "../event/index.ts";
import { buildMatrix, definitionHash, type FeatureMatrix, parseDefinition } from "../features/index.ts";
import type { Lake } from "../lake/index.ts";
import { evaluate, truthOf } from "./evaluation.ts";
import type { Model } from "./model.ts";
import type { ModelMetrics } from "./model-content.ts";
import { bestSingleFeature, type SingleFeature } from "./single-feature.ts";
import { trainModel } from "./train.ts";

export interface LakeTrainOptions {
  readonly lake: Lake;
  /** A feature definition, as data. */
  readonly definition: unknown;
  readonly name: string;
  readonly detector: string;
  readonly params?: GivenParameters | undefined;
  /** Event times to learn from, epoch microseconds; `until` is exclusive. What the lake holds from `until` on is only measured on. */
  readonly from?: number | undefined;
  readonly until: number;
  readonly alertsPerDay?: readonly number[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A model of one period of a lake, judged by what the lake holds of a later one. */
export async function trainOnLake(options: LakeTrainOptions): Promise<Model> {
  const { lake, from, until, signal } = options;
  const definition = parseDefinition(options.definition);
  const columns = lake.schema(definition.table);
  const matrix = await buildMatrix(lake, definition, { from, until, training: true, columns, signal });
  if (matrix.rowCount === 0) {
    throw new SoclabError(
      "SOCLAB_SHAPE",
      `table "${definition.table}" has no row to learn from before ${new Date(until / 1000).toISOString()}`,
      {
        hint: "Give a later --until, or look at train.where in the definition.",
      },
    );
  }
  const later = await buildMatrix(lake, definition, { from: until, columns, signal });
  return trainModel(matrix, {
    name: options.name,
    detector: options.detector,
    params: options.params,
    definition: { value: JSON.parse(JSON.stringify(definition)) as JsonValue, hash: definitionHash(definition) },
    window: { from: from ?? null, until },
    later: later.rowCount > 0 ? later : undefined,
    alertsPerDay: options.alertsPerDay,
  });
}

export interface LakeEvaluation {
  readonly metrics: ModelMetrics;
  readonly matrix: FeatureMatrix;
  /** The model's relevance of each row, 0–100. */
  readonly relevance: Float64Array;
  /** What one feature alone would reach, the best of all, chosen with the labels: what the model has to be better than. */
  readonly bestFeature: SingleFeature | null;
}

/**
 * What a model does on what a lake holds from the end of its training on. Relevance is the model's own: no threat list, no asset and no label
 * has a part in it.
 * @throws SOCLAB_INVALID_DEFINITION for a model without a definition; SOCLAB_SHAPE where there is nothing later
 */
export async function evaluateOnLake(
  model: Model,
  lake: Lake,
  options: { readonly alertsPerDay?: readonly number[] | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<LakeEvaluation> {
  if (!model.definition) throw new SoclabError("SOCLAB_INVALID_DEFINITION", `model ${model.reference} has no feature definition`);
  const { until } = model.training;
  const definition = parseDefinition(model.definition.value);
  const matrix = await buildMatrix(lake, definition, {
    from: until ?? undefined,
    columns: lake.schema(definition.table),
    signal: options.signal,
  });
  if (matrix.rowCount === 0) {
    throw new SoclabError("SOCLAB_SHAPE", `the lake has nothing of table "${definition.table}" after the training of ${model.reference}`, {
      hint: "Ingest the later days first.",
    });
  }
  const scores = new Float64Array(matrix.rowCount);
  model.scoreInto(matrix.values, matrix.rowCount, scores);
  const window = { from: until ?? matrix.eventTimes[0]!, until: matrix.eventTimes[matrix.rowCount - 1]! + 1 };
  const truth = truthOf(matrix.labels);
  const figures = evaluate(scores, truth, { eventTimes: matrix.eventTimes, alertsPerDay: options.alertsPerDay });
  return {
    metrics: { split: "later", window, ...figures },
    matrix,
    relevance: scores.map((score) => model.relevance(score)),
    bestFeature: bestSingleFeature(matrix, truth),
  };
}
