import type { Fields } from "../records/fields.ts";
import type { Envelope } from "./envelope.ts";
import { facilityOf, severityOf } from "./priority.ts";

/** Puts the header of a syslog line into its columns; its time is the event's until the payload names a better one. */
export function addHeader(envelope: Envelope, fields: Fields): void {
  const { priority, version, micros } = envelope;
  if (priority >= 0) {
    fields.number("syslog_priority", priority);
    fields.string("syslog_facility", facilityOf(priority));
    fields.string("syslog_severity", severityOf(priority));
  }
  if (version > 0) fields.number("syslog_version", version);
  fields.time("syslog_timestamp", micros);
  fields.time("timestamp", micros);
  fields.string("syslog_host", envelope.host);
  fields.string("syslog_app_name", envelope.appName);
  fields.string("syslog_proc_id", envelope.procId);
  fields.string("syslog_msg_id", envelope.msgId);
  fields.string("syslog_structured_data", envelope.structuredData);
}
