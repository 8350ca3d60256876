import { type ColumnType, feedColumns, standardColumns } from "../../event/index.ts";
import type { FeedFormat } from "../feed-format.ts";
import type { JsonLayout } from "../json/json-columns.ts";
import { JsonRecords } from "../json/json-records.ts";
import { type Json, Rejection } from "../json/json-values.ts";
import type { RecordFeed } from "../records/record-feed.ts";

const own: Record<string, ColumnType> = Object.fromEntries(
  Object.entries(feedColumns.suricata).filter(([name]) => !Object.hasOwn(standardColumns, name)),
);

const layout: JsonLayout = {
  columns: { ...own, ts: "timestamp" },
  unknown: "extra",
  addresses: new Set(["src_ip", "dest_ip"]),
  ports: new Set(["src_port", "dest_port"]),
  columnName: (joined) => (joined === "timestamp" ? "ts" : Object.hasOwn(standardColumns, joined) ? `eve_${joined}` : joined),
};

/** Suricata's EVE output, all event types in one table. EVE's own `timestamp` is the standard one, read as `ts` on the way. */
export const suricataFeed: RecordFeed = {
  tableOf: () => "suricata",
  layoutOf: () => layout,
  check(record: { [name: string]: Json }): void {
    if (typeof record.timestamp !== "string") throw new Rejection("BAD_TIMESTAMP", "the record has no timestamp");
    if (typeof record.event_type !== "string") throw new Rejection("BAD_TYPE", "the record has no event_type");
  },
  scan: { tableKey: undefined, texts: ["timestamp", "event_type"] },
  sevenFields: {
    timestamp: ["ts"],
    ip_src_addr: ["src_ip"],
    ip_src_port: ["src_port"],
    ip_dst_addr: ["dest_ip"],
    ip_dst_port: ["dest_port"],
    protocol: ["proto"],
  },
  protocolOf: () => null,
};

export const suricata: FeedFormat = {
  name: "suricata",
  summary: "Suricata EVE, JSON, all event types in one table",
  open: ({ state }) => new JsonRecords(suricataFeed, state?.header),
};
