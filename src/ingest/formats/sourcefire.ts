import { Rejection } from "../json/json-values.ts";
import { type Fields, textTable } from "../records/fields.ts";
import { type Reading, textFeed } from "../records/text-feed.ts";
import { addHeader } from "../syslog/header-fields.ts";
import { addConnection, readSignature } from "../syslog/snort-alert.ts";

const detail = /\b([A-Z][A-Za-z_]{1,24}(?: [A-Za-z_]{1,16}){0,3}): ([^,:]{1,512}),/g;
const eventTime = / at (\w{3} \w{3} {1,2}\d{1,2} \d\d:\d\d:\d\d \d{4} \w{2,5})/;
const impact = /\[Impact: ([^\]]{1,64})\]/;
const known = /^(?:SFIMS|snort|SFAppliance|SFReactive)/i;

export const sourcefireTable = textTable("sourcefire");

/** Sourcefire (Cisco Firepower) intrusion, connection and correlation events in syslog lines or bare. */
export const sourcefire = textFeed({
  table: sourcefireTable,
  summary: "Sourcefire (Cisco Firepower) intrusion, connection and correlation events",
  read(line, reading) {
    const { envelope, fields } = reading;
    let message = line;
    if (envelope.read(line)) {
      addHeader(envelope, fields);
      message = line.slice(envelope.messageStart);
    } else {
      const tag = known.exec(line);
      if (tag) {
        fields.string("syslog_app_name", tag[0]);
        message = line.slice(line.indexOf(":") + 1).trimStart();
      }
    }
    if (!readSourcefire(message, reading))
      throw new Rejection("BAD_LINE", "the line has no {TCP} source -> destination, no [gid:sid:rev] and no details of a connection");
  },
});

/** Reads an event anywhere in the text; false where there is none. @throws Rejection */
export function readSourcefire(text: string, reading: Reading): boolean {
  const { fields, time } = reading;
  const signature = readSignature(text, fields);
  if (signature) fields.string("signature_id", signature);
  const isConnected = addConnection(text, fields);
  const hasDetails = addDetails(text, fields);
  if (!signature && !isConnected && !hasDetails) return false;
  const seen = impact.exec(text);
  if (seen) fields.string("impact", seen[1]!);
  // A correlation event names its own time and, last, that of the event behind it.
  const moment = eventTime.exec(text);
  const micros = moment ? time.parse(moment[1]!) : Number.NaN;
  fields.time("timestamp", micros);
  return true;
}

/** `Connection Type: Start, User: Unknown, …` */
function addDetails(text: string, fields: Fields): boolean {
  const from = text.indexOf("Connection Type:");
  if (from < 0) return false;
  for (const [, name, value] of text.slice(from).matchAll(detail)) {
    const column = name!.toLowerCase().replaceAll(" ", "_");
    fields.text(fields.isColumn(column) ? column : name!, value!.trim());
  }
  return true;
}
