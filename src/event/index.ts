export { type EventBatch, eventId, type RawRecords, rawRecord, rowAt, type SourceRange, withColumns } from "./batch.ts";
export {
  type BigintColumn,
  type BooleanColumn,
  type Column,
  type ColumnValue,
  columnOf,
  type DictionaryColumn,
  type DoubleColumn,
  type IntegerColumn,
  isListColumn,
  isValid,
  type ListColumn,
  type NumericColumn,
  numberAt,
  numberOrNullAt,
  type ScalarColumn,
  type ScalarValue,
  type SliceColumn,
  type StringColumn,
  stringAt,
  type TimestampColumn,
  textAt,
  toDictionary,
  toFloat64,
  type Validity,
  valueAt,
} from "./column.ts";
export { contractViolations, type Violation } from "./contract.ts";
export {
  type DeadLetter,
  type DeadLetterCode,
  deadLetterCodes,
  deadLetterId,
  deadLetterToJson,
  type ReadingContext,
} from "./dead-letter.ts";
export { type Dictionary, DictionaryMemo } from "./dictionary.ts";
export { eventToJson, type JsonValue, toJsonValue } from "./json.ts";
export { parseRules, type Rule, type RuleKind, ruleKinds } from "./rules/definition.ts";
export { selectRows } from "./rules/row-selection.ts";
export { compileRules, type ReferenceValues, type RuleCount, type RuleRejection, type RuleSet } from "./rules/rule-set.ts";
export { columnsOf, type FeedColumns, type FeedRow, feedColumns, type KnownFeed } from "./schemas.ts";
export { sliceBatch } from "./slice.ts";
export {
  addressEnrichment,
  enrichmentColumns,
  identityColumns,
  labelColumns,
  qualityColumns,
  sevenFields,
  standardColumns,
} from "./standard.ts";
export {
  type Columns,
  type ColumnType,
  elementType,
  isListType,
  type ListType,
  type RowOf,
  type ScalarType,
  type ValueOf,
} from "./types.ts";
