export {
  type Alert,
  type AlertLinks,
  type AlertModel,
  alertToJson,
  alertViolations,
  type FeatureContribution,
  type IndexedAlert,
  isAlertId,
  toAlert,
  type Verdict,
  type VerdictValue,
  verdictValues,
} from "./alert.ts";
export {
  type AlertAggregate,
  type AlertBucket,
  type AlertChange,
  type AlertField,
  type AlertFilters,
  type AlertIndex,
  type AlertLink,
  type AlertPage,
  type AlertSearch,
  type AlertSelection,
  alertFields,
  type PatchCounts,
  type RelevancePatch,
  type UpsertCounts,
  type WatchOptions,
} from "./alert-index.ts";
export { type EmbeddedIndexOptions, openAlertIndex } from "./embedded/embedded-index.ts";
export { type FlowEndPoints, flowKey } from "./flow-key.ts";
export { type AlertReason, alertFromEvent } from "./from-event.ts";
export {
  type ContributionName,
  contributionNames,
  type ExplainedRelevance,
  explainRelevance,
  type RelevanceContribution,
  type RelevanceEvidence,
  relevanceOf,
} from "./relevance.ts";
export { type Severity, type SeverityName, severityName, severityNames, severityOfPriority } from "./severity.ts";
export { eventEvidence, toolAlert, toolAlertRows } from "./tool-alert.ts";
export { type VerdictLabel, verdictLabels } from "./verdict-labels.ts";
