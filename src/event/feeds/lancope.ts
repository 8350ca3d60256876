import type { Columns } from "../types.ts";
import { syslogHeaderColumns } from "./syslog.ts";

/** Alarms of Lancope (Cisco) StealthWatch. */
export const lancopeColumns = {
  ...syslogHeaderColumns,
  severity: "string",
  message: "string",
  type: "string",
  host: "string",
  /** When the log shipper read the line. */
  received: "timestamp",
  extra: "string",
} as const satisfies Columns;
