export type { FeatureMatrix, Matrix } from "./matrix.ts";
