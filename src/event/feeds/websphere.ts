import type { Columns } from "../types.ts";
import { syslogHeaderColumns } from "./syslog.ts";

/** Log lines of WebSphere DataPower, under Metron's names. */
export const websphereColumns = {
  ...syslogHeaderColumns,
  security_domain: "string",
  event_code: "string",
  event_type: "string",
  severity: "string",
  event_subtype: "string",
  process: "string",
  username: "string",
  transaction_id: "string",
  message: "string",
  extra: "string",
} as const satisfies Columns;
