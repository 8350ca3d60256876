export { type Address, type AddressPrefix, parseAddress, parsePrefix } from "./address.ts";
export type { AddressSources } from "./address-facts.ts";
export { type AsnLookup, asnOfTable, readAsn } from "./asn.ts";
export { formatCompactAsn } from "./asn-compact.ts";
export { type AsnRanges, parseAsnCsv, readAsnRanges } from "./asn-csv.ts";
export type { AsnTable, AutonomousSystem } from "./autonomous-system.ts";
export { type EnrichmentConfig, readEnrichmentConfig } from "./config.ts";
export { type CountryLookup, countryLookup, readCountries } from "./country.ts";
export { createEnricher, type Enricher, type EnrichmentSources, type LabelOptions } from "./enricher.ts";
export type { Asset } from "./history/assets.ts";
export { DeviceHistory, DeviceHistoryBuilder, type DeviceKeys, type Validity as HistoryValidity } from "./history/device-history.ts";
export { type Identity, type IdentityHistories, IdentityResolver } from "./history/identity.ts";
export type { Lease } from "./history/leases.ts";
export { type HistoryOptions, type ReferenceSources, readAssets, readLeases, readUsers } from "./history/read-histories.ts";
export type {
  DatabaseSource,
  FileSource,
  HttpSource,
  ReferenceContext,
  ReferenceReader,
  ReferenceSource,
  SourceVersion,
} from "./history/reference-source.ts";
export type { ReferenceRow, ReferenceTable } from "./history/reference-table.ts";
export { TimeLines } from "./history/time-lines.ts";
export { TimeLinesBuilder } from "./history/time-lines-builder.ts";
export type { User, UserHistory } from "./history/users.ts";
export type { IndicatorsRead } from "./indicators-read.ts";
export type { ThreatHit } from "./intel/claims.ts";
export { type AsOf, asOfModes, type Indicator, type IndicatorKind, type IndicatorSink, indicatorKinds } from "./intel/indicator.ts";
export { type ThreatFormat, type ThreatListSource, threatFormats } from "./intel/list-source.ts";
export { type ThreatHitSet, ThreatHitSets } from "./intel/threat-hits.ts";
export { type LookupOptions, ThreatIntel, ThreatIntelBuilder } from "./intel/threat-intel.ts";
export {
  ipsumConfidence,
  maltrailConfidence,
  readThreatList,
  type ThreatListSummary,
  type WarnedAction,
  type Warnings,
} from "./intel/threat-lists.ts";
export { kindOfValue } from "./intel/value-kind.ts";
export type { LabelAssertion } from "./label-assertion.ts";
export { type LabelFileOptions, readLabelFile } from "./label-file.ts";
export { type ClassLabel, classLabels, classOf, defaultLabelConfidence } from "./labels.ts";
export { type LiveEnricher, openLiveEnricher } from "./live-enricher.ts";
export { loadEnrichment, loadHistories, loadThreatIntel, shippedEnrichment } from "./load.ts";
export { readMisp } from "./misp/misp-list.ts";
export {
  readWarningLists,
  type WarningList,
  WarningLists,
  type WarningListType,
  warningListOf,
  warningListTypes,
} from "./misp/warning-lists.ts";
export { type Mmdb, openMmdb } from "./mmdb.ts";
export { readRules } from "./rules-file.ts";
export { type SpecialPurpose, specialPurposeOf } from "./special-purpose.ts";
export { eventObservation } from "./stix/event-observation.ts";
export type { Comparison, ObjectPath, PathStep, Pattern, PatternLiteral, Qualifier } from "./stix/pattern.ts";
export { matchPattern, type PatternMatch } from "./stix/pattern-matcher.ts";
export { parsePattern } from "./stix/pattern-parser.ts";
export { type PatternProblem, validatePattern } from "./stix/pattern-validator.ts";
export { writePattern } from "./stix/pattern-writer.ts";
export type { ListDefaults } from "./stix/stix-indicators.ts";
export { readStixBundle } from "./stix/stix-list.ts";
