import { Rejection } from "../json/json-values.ts";
import { textTable } from "../records/fields.ts";
import { textFeed } from "../records/text-feed.ts";
import { addHeader } from "../syslog/header-fields.ts";

export const syslogTable = textTable("syslog");

export const syslog = textFeed({
  table: syslogTable,
  summary: "syslog lines, RFC 3164 or RFC 5424",
  read(line, { envelope, fields }) {
    if (!envelope.read(line)) throw new Rejection("BAD_LINE", "the line has neither a priority such as <14> nor a time");
    addHeader(envelope, fields);
    fields.string("message", line.slice(envelope.messageStart));
  },
});
