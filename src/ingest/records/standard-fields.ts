import type { Columns } from "../../event/index.ts";
import type { SevenFieldSources } from "../seven-fields.ts";

/** For feeds whose records name the standard fields themselves, because they come out of several places. */
export const standardSources: SevenFieldSources = {
  timestamp: ["timestamp"],
  ip_src_addr: ["ip_src_addr"],
  ip_src_port: ["ip_src_port"],
  ip_dst_addr: ["ip_dst_addr"],
  ip_dst_port: ["ip_dst_port"],
  protocol: ["protocol"],
};

export const standardFieldTypes = {
  timestamp: "timestamp",
  ip_src_addr: "string",
  ip_src_port: "integer",
  ip_dst_addr: "string",
  ip_dst_port: "integer",
  protocol: "string",
} as const satisfies Columns;

export const standardAddresses: ReadonlySet<string> = new Set(["ip_src_addr", "ip_dst_addr"]);
export const standardPorts: ReadonlySet<string> = new Set(["ip_src_port", "ip_dst_port"]);
