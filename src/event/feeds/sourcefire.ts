import type { Columns } from "../types.ts";
import { syslogHeaderColumns } from "./syslog.ts";

/** Intrusion, connection and correlation events of Sourcefire (Cisco Firepower); `signature_id` is the whole `[1:3192:2]`, as in Metron. */
export const sourcefireColumns = {
  ...syslogHeaderColumns,
  signature_id: "string",
  sig_generator: "bigint",
  sig_id: "bigint",
  sig_rev: "bigint",
  msg: "string",
  classification: "string",
  priority: "integer",
  impact: "string",
  connection_type: "string",
  user: "string",
  client: "string",
  application_protocol: "string",
  web_app: "string",
  firewall_rule_name: "string",
  firewall_rule_action: "string",
  firewall_rule_reasons: "string",
  url_category: "string",
  url_reputation: "string",
  url: "string",
  interface_ingress: "string",
  interface_egress: "string",
  security_zone_ingress: "string",
  security_zone_egress: "string",
  extra: "string",
} as const satisfies Columns;
