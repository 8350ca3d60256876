import { Rejection } from "../json/json-values.ts";
import { textTable } from "../records/fields.ts";
import { type Reading, textFeed } from "../records/text-feed.ts";
import { readCiscoMessage } from "../syslog/cisco-message.ts";
import { addHeader } from "../syslog/header-fields.ts";

const tag = /%((?:ASA|PIX|FWSM|FTD)-(?:[A-Za-z_]{1,20}-)?([0-7])-(\d{3,6})):?\s{0,8}/;
const maxProgramLength = 64;
/** What is read of a message, so that a hostile one costs no more than a long one. */
const maxMessageLength = 4096;

export const asaTable = textTable("asa", {
  addresses: ["src_mapped_addr", "dst_mapped_addr"],
  ports: ["src_mapped_port", "dst_mapped_port"],
});

/**
 * Cisco ASA, PIX, FWSM and FTD messages, in a syslog line or bare.
 * @see Cisco Secure Firewall ASA Series Syslog Messages
 */
export const asa = textFeed({
  table: asaTable,
  summary: "Cisco ASA, PIX, FWSM and FTD messages, in syslog lines or bare",
  read(line, reading) {
    const { envelope, fields } = reading;
    const at = line.indexOf("%");
    const match = at < 0 ? null : tag.exec(line);
    if (!match) throw new Rejection("BAD_LINE", "the line has no Cisco tag such as %ASA-6-302014");
    if (envelope.read(line.slice(0, match.index))) {
      addHeader(envelope, fields);
      const program = line.slice(envelope.contentStart, match.index).trim();
      if (program !== "" && program.length < maxProgramLength && envelope.appName === "") fields.string("syslog_app_name", program);
    }
    addMessage(line, match, reading);
  },
});

/** Reads a message that begins with its tag; false where it does not. @throws Rejection */
export function readAsa(text: string, reading: Reading): boolean {
  const match = tag.exec(text.length > 64 ? text.slice(0, 64) : text);
  if (match?.index !== 0) return false;
  addMessage(text, match, reading);
  return true;
}

function addMessage(text: string, match: RegExpExecArray, { fields }: Reading): void {
  const [whole, name, severity, id] = match as unknown as [string, string, string, string];
  const message = text.slice(match.index + whole.length);
  fields.string("ciscotag", name);
  fields.string("message_id", id);
  fields.number("asa_severity", Number(severity));
  fields.string("message", message);
  const read = message.length > maxMessageLength ? message.slice(0, maxMessageLength) : message;
  readCiscoMessage(id, read, fields);
}
