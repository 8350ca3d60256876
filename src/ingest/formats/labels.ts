import { type ColumnType, feedColumns } from "../../event/index.ts";
import type { FeedFormat } from "../feed-format.ts";
import type { JsonLayout } from "../json/json-columns.ts";
import { JsonRecords } from "../json/json-records.ts";
import { type Json, Rejection, shown } from "../json/json-values.ts";
import type { RecordFeed } from "../records/record-feed.ts";

/** What a record says as `…`, and the column it becomes. */
const columnNames: Readonly<Record<string, string>> = {
  table: "about_table",
  event_id: "about_event_id",
  column: "about_column",
  value: "about_value",
  where: "about_where",
  from: "about_from",
  until: "about_until",
  src: "flow_src",
  src_port: "flow_src_port",
  dst: "flow_dst",
  dst_port: "flow_dst_port",
  protocol: "flow_protocol",
  source: "label_source",
  confidence: "label_confidence",
  known_at: "label_known_at",
};
const known = new Set(["about", "label", "tag", "note", ...Object.keys(columnNames)]);

const columns: Record<string, ColumnType> = {
  about: "string",
  about_table: "string",
  about_event_id: "string",
  about_column: "string",
  about_value: "string",
  about_where: "string",
  about_from: "timestamp",
  about_until: "timestamp",
  tag: "string",
  note: "string",
  flow_src: "string",
  flow_src_port: "integer",
  flow_dst: "string",
  flow_dst_port: "integer",
  flow_protocol: "string",
  label: feedColumns.labels.label,
  label_source: feedColumns.labels.label_source,
  label_confidence: feedColumns.labels.label_confidence,
  label_known_at: feedColumns.labels.label_known_at,
};

const layout: JsonLayout = {
  columns,
  unknown: "extra",
  addresses: new Set(["flow_src", "flow_dst"]),
  ports: new Set(["flow_src_port", "flow_dst_port"]),
  columnName: (joined) => (Object.hasOwn(columnNames, joined) ? columnNames[joined]! : joined),
};

/** What each kind of assertion cannot do without. */
const needed: Readonly<Record<string, readonly string[]>> = {
  event: ["event_id"],
  flow: ["src", "dst", "from", "until"],
  entity: ["column", "value"],
  query: ["table", "where"],
};
const labels = ["malicious", "benign", "background"];

const labelsFeed: RecordFeed = {
  tableOf: () => "labels",
  layoutOf: () => layout,
  check(record: { [name: string]: Json }): void {
    const { about, label, tag, confidence, known_at } = record;
    const required = typeof about === "string" && Object.hasOwn(needed, about) ? needed[about]! : undefined;
    if (!required) throw new Rejection("BAD_TYPE", `about is ${shown(about ?? null)}, expected ${Object.keys(needed).join(", ")}`);
    const missing = [...required, "source", "known_at"].find(
      (name) => record[name] === undefined || record[name] === null || record[name] === "",
    );
    if (missing !== undefined) throw new Rejection("RULE_REQUIRED", `an assertion about ${about} needs "${missing}"`);
    const stranger = Object.keys(record).find((name) => !known.has(name));
    if (stranger !== undefined) throw new Rejection("BAD_TYPE", `${shown(stranger)} is nothing that an assertion says`);
    if (label === undefined && typeof tag !== "string")
      throw new Rejection("RULE_REQUIRED", 'an assertion needs a "label", a "tag" or both');
    if (label !== undefined && (typeof label !== "string" || !labels.includes(label)))
      throw new Rejection("RULE_ENUMERATION", `label is ${shown(label)}, expected ${labels.join(", ")}`);
    if (confidence !== undefined && !(typeof confidence === "number" && confidence >= 0 && confidence <= 1))
      throw new Rejection("RULE_RANGE", `confidence is ${shown(confidence)}, expected 0 to 1`);
    if (typeof known_at !== "string") throw new Rejection("BAD_TIMESTAMP", `known_at is ${shown(known_at!)}, expected ISO 8601`);
  },
  sevenFields: {
    timestamp: ["label_known_at"],
    ip_src_addr: ["flow_src"],
    ip_src_port: ["flow_src_port"],
    ip_dst_addr: ["flow_dst"],
    ip_dst_port: ["flow_dst_port"],
    protocol: ["flow_protocol"],
  },
  protocolOf: () => null,
};

export const labelsFormat: FeedFormat = {
  name: "labels",
  summary: "What somebody says of events, JSON: labels and tags with source, confidence and when it became known",
  open: ({ state }) => new JsonRecords(labelsFeed, state?.header),
};
