import type { Columns } from "../types.ts";
import { syslogHeaderColumns } from "./syslog.ts";

/** Messages of Cisco ASA and its kin (PIX, FWSM, FTD). Cisco's guide names no fields: these names are soclab's, `ciscotag` is Metron's. */
export const asaColumns = {
  ...syslogHeaderColumns,
  /** The whole tag: `ASA-6-302014`. */
  ciscotag: "string",
  message_id: "string",
  asa_severity: "integer",
  action: "string",
  direction: "string",
  connection_id: "bigint",
  src_interface: "string",
  dst_interface: "string",
  interface: "string",
  /** Users that the firewall knows behind the addresses; the standard `src_user` is enrichment's. */
  asa_src_user: "string",
  asa_dst_user: "string",
  user: "string",
  group: "string",
  src_mapped_addr: "string",
  src_mapped_port: "integer",
  dst_mapped_addr: "string",
  dst_mapped_port: "integer",
  local_host: "string",
  src_host: "string",
  dst_host: "string",
  icmp_type: "integer",
  icmp_code: "integer",
  tcp_flags: "string",
  /** Seconds. */
  duration: "double",
  bytes: "bigint",
  bytes_sent: "bigint",
  bytes_received: "bigint",
  access_list: "string",
  reason: "string",
  url: "string",
  message: "string",
  extra: "string",
} as const satisfies Columns;
