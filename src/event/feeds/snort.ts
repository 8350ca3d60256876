import type { Columns } from "../types.ts";
import { syslogHeaderColumns } from "./syslog.ts";

/** Snort alerts, CSV or a line each, under the names of Snort's CSV output; `sig_rev`, `sig_id` and `sig_generator` as there. */
export const snortColumns = {
  ...syslogHeaderColumns,
  sig_generator: "bigint",
  sig_id: "bigint",
  sig_rev: "bigint",
  msg: "string",
  classification: "string",
  priority: "integer",
  ethsrc: "string",
  ethdst: "string",
  ethlen: "string",
  tcpflags: "string",
  tcpseq: "string",
  tcpack: "string",
  tcplen: "bigint",
  tcpwindow: "string",
  ttl: "integer",
  tos: "integer",
  id: "bigint",
  dgmlen: "bigint",
  iplen: "bigint",
  icmptype: "integer",
  icmpcode: "integer",
  icmpid: "bigint",
  icmpseq: "bigint",
  extra: "string",
} as const satisfies Columns;
