import type { Columns } from "./types.ts";

/** The seven fields that every event has, as a value or as null. */
export const sevenFields = {
  timestamp: "timestamp",
  ip_src_addr: "string",
  ip_src_port: "integer",
  ip_dst_addr: "string",
  ip_dst_port: "integer",
  protocol: "string",
  original_string: "bytes",
} as const satisfies Columns;

/** What an event has besides, from every feed. */
export const identityColumns = { event_id: "string", feed: "string" } as const satisfies Columns;

/** What the enrichment of one address adds; the prefix is `src_` or `dst_`. */
export const addressEnrichment = {
  country: "string",
  asn: "bigint",
  as_org: "string",
  threat_lists: "string[]",
  threat_confidence: "double",
  asset_name: "string",
  asset_owner: "string",
  asset_role: "string",
  asset_criticality: "integer",
  user: "string",
  user_department: "string",
  host: "string",
  mac: "string",
} as const satisfies Columns;

type Prefixed<P extends string, C extends Columns> = { readonly [K in keyof C & string as `${P}${K}`]: C[K] };

function prefixed<P extends string, C extends Columns>(prefix: P, columns: C): Prefixed<P, C> {
  return Object.fromEntries(Object.entries(columns).map(([name, type]) => [prefix + name, type])) as Prefixed<P, C>;
}

export const enrichmentColumns = {
  ...prefixed("src_", addressEnrichment),
  ...prefixed("dst_", addressEnrichment),
} as const satisfies Columns;

/**
 * The class label of an event. `label` is `malicious`, `benign` or `background`; `label_known_at` is when the label became known, so that a
 * training set can be cut without leakage.
 */
export const labelColumns = {
  label: "string",
  label_source: "string",
  label_confidence: "double",
  label_known_at: "timestamp",
} as const satisfies Columns;

/** What validation says of an event that it let pass: the names of the rules that it breaks. */
export const qualityColumns = { rule_warnings: "string[]" } as const satisfies Columns;

/** All columns that every feed has in the lake, before its own. */
export const standardColumns = { ...identityColumns, ...sevenFields, ...enrichmentColumns, ...labelColumns, ...qualityColumns } as const;
