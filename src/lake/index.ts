export { countDeadLetters, type DeadLetterFilter, deadLetters } from "./dead-letters.ts";
export { type FollowIngestOptions, followIngest } from "./follow/follow-ingest.ts";
export { type IngestCounts, type IngestOptions, ingestFiles } from "./ingest-files.ts";
export { type AddedLabels, addLabels } from "./labels/add-labels.ts";
export {
  assertionsKnownBefore,
  countWhere,
  type LabelledColumns,
  type LabelOptionsOfLake,
  labelsKnownBefore,
} from "./labels/known-before.ts";
export { Lake, type LakeOptions, openLake } from "./lake.ts";
export type { LakeFile, Removal, RemovalReason, Sidecar, SourceSpan, StagedFile } from "./lake-file.ts";
export { type LakeInfo, lakeInfo, type TableInfo } from "./lake-info.ts";
export { type RawRecord, rawRecordOf } from "./raw-record.ts";
export { readReferenceTable } from "./reference-tables.ts";
export { type ReplayCounts, type ReplayOptions, replayDeadLetters } from "./replay.ts";
export { type Highlight, textOf } from "./search/highlight.ts";
export { SearchIndexer } from "./search/index/search-indexer.ts";
export { type SearchHit, type SearchOptions, SearchResult, type SearchRow } from "./search/search.ts";
export { namedDuration } from "./search/times.ts";
export type { SqlTag } from "./sql-tag.ts";
export type { SearchBuilder } from "./staging.ts";
export { type CompactCounts, type CompactOptions, compactionPlan, compactLake } from "./upkeep/compact.ts";
export { type EnrichmentChange, type ReenrichCounts, type ReenrichOptions, reenrichLake } from "./upkeep/reenrich.ts";
export {
  applyRetention,
  type ExpiredFiles,
  expiredFiles,
  type RetentionOptions,
  type RetentionPolicy,
  retentionPolicyOf,
} from "./upkeep/retention.ts";
export type { Finding, FindingKind } from "./verify/finding.ts";
export { type VerifyOptions, type VerifyReport, verifyLake } from "./verify/verify.ts";
export { type CommitResult, LakeWriter, type LakeWriterOptions, openLakeWriter, type RewrittenFile } from "./writer.ts";
