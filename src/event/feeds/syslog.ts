import type { Columns } from "../types.ts";

/** The header of a syslog line, RFC 3164 or RFC 5424: part of every table whose records come in syslog lines. */
export const syslogHeaderColumns = {
  syslog_priority: "integer",
  syslog_facility: "string",
  syslog_severity: "string",
  syslog_version: "integer",
  syslog_timestamp: "timestamp",
  syslog_host: "string",
  syslog_app_name: "string",
  syslog_proc_id: "string",
  syslog_msg_id: "string",
  syslog_structured_data: "string",
} as const satisfies Columns;

/** Syslog lines whose message is of no format that soclab reads, and JSON messages. */
export const syslogColumns = {
  ...syslogHeaderColumns,
  message: "string",
  /** `json`, or the format that the message begins as but is not, for the reason in `payload_error`. */
  payload: "string",
  payload_error: "string",
  /** The leaves of a JSON message. */
  extra: "string",
} as const satisfies Columns;
