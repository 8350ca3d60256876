export { buildMatrix, type FeatureSource, type MatrixOptions } from "./build-matrix.ts";
export { compileFeatures, eventTimeSql, type MatrixRange } from "./compile-sql.ts";
export {
  type Condition,
  defineFeatures,
  type Feature,
  type FeatureDefinition,
  type Scalar,
  type Where,
} from "./definition.ts";
export { canonicalDefinition, definitionHash } from "./definition-hash.ts";
export { eventTimesOf, type FeatureInput } from "./extract.ts";
export type { FeatureMatrix, Matrix } from "./matrix.ts";
export { parseDefinition } from "./parse-definition.ts";
export { type FeaturePlan, planFeatures } from "./plan.ts";
export { createFeatureRunner } from "./runner.ts";
export type { FeatureBlock, FeatureRunner, PendingRows, Pushed } from "./runner-contract.ts";
export { historySql, warmUp } from "./warm-up.ts";
