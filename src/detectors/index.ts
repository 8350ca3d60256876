export type { Detector, DetectorState, Explanation, FittedDetector, Parameters, ParameterValue, Tensor, Tensors } from "./contract.ts";
export { Ecod, type EcodParameters, type FittedEcod } from "./ecod.ts";
export { averagePathLength, type FittedIsolationForest, IsolationForest, type IsolationForestParameters } from "./isolation-forest.ts";
export type { GivenParameters, Parameter, ParameterSchema } from "./parameters.ts";
export { createDetector, type DetectorDescription, detectors, restoreDetector } from "./registry.ts";
