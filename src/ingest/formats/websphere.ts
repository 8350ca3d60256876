import { Rejection } from "../json/json-values.ts";
import { addressOf, type Fields, textTable } from "../records/fields.ts";
import { type Reading, textFeed } from "../records/text-feed.ts";
import { addHeader } from "../syslog/header-fields.ts";

/** `[domain][0x81000033][auth][notice] `, the domain not always there. */
const head = /^(?:\[([^\][]{1,128})\])?\[(0x[0-9a-fA-F]{1,16})\]\[([^\][]{1,64})\]\[([^\][]{1,32})\] ?/;
const login = /^user\(([^()]{1,128})\): \[([0-9A-Fa-f:.]{2,45})\]: User logged into '([^']{1,128})'/;
const logout = /^\[([0-9A-Fa-f:.]{2,45})\]: User '([^']{1,128})' logged out from '([^']{1,128})'/;
const process = /^(\w{1,64})\(([^()]{0,128})\)/;
const processEnd = /^\w{1,64}\([^()]{0,128}\):\s{0,4}/;
const bracketed = /\[(?:client )?([0-9A-Fa-f:.]{2,45})\]/;
/** What the event codes of logins and logouts say. */
const subtypes: Readonly<Record<string, string>> = { "0x81000033": "login", "0x81000019": "logout" };

export const websphereTable = textTable("websphere");

/**
 * Log lines of IBM WebSphere DataPower in syslog.
 * @see IBM DataPower Gateway: Log event message format
 */
export const websphere = textFeed({
  table: websphereTable,
  summary: "IBM WebSphere DataPower log lines in syslog",
  read(line, reading) {
    const { envelope, fields } = reading;
    if (!envelope.read(line)) throw new Rejection("BAD_LINE", "the line has neither a priority such as <14> nor a time");
    addHeader(envelope, fields);
    if (!readWebsphere(line.slice(envelope.messageStart), reading) && !readWebsphere(line.slice(envelope.contentStart), reading))
      throw new Rejection("BAD_LINE", "the line has no [0x81000033][auth][notice] behind its syslog header");
  },
});

/** Reads a message that begins the text; false where it does not. */
export function readWebsphere(text: string, { fields }: Reading): boolean {
  const match = head.exec(text);
  if (!match) return false;
  const [whole, domain, code, type, severity] = match as unknown as [string, string | undefined, string, string, string];
  fields.string("security_domain", domain ?? "");
  fields.string("event_code", code);
  fields.string("event_type", type);
  fields.string("severity", severity);
  const message = text.slice(whole.length);
  const subtype = subtypes[code.toLowerCase()];
  if (subtype !== undefined) fields.string("event_subtype", subtype);
  if (!readSession(message, fields)) readProcess(message, fields);
  return true;
}

/** Who logged in or out, and from where. */
function readSession(message: string, fields: Fields): boolean {
  const isIn = login.exec(message);
  const isOut = isIn ? null : logout.exec(message);
  const [address, name] = isIn ? [isIn[2]!, isIn[1]!] : isOut ? [isOut[1]!, isOut[2]!] : [];
  if (address === undefined || name === undefined) return false;
  fields.text("ip_src_addr", address);
  fields.string("username", name);
  if (isOut && !fields.has("security_domain")) fields.string("security_domain", isOut[3]!);
  fields.string("event_subtype", isIn ? "login" : "logout");
  fields.string("message", message);
  return true;
}

function readProcess(message: string, fields: Fields): void {
  const name = process.exec(message);
  const end = processEnd.exec(message);
  if (name && end) fields.string("process", name[1]!);
  if (name && /^(?:trans|tid)$/.test(name[1]!)) fields.string("transaction_id", name[2]!);
  fields.string("message", end ? message.slice(end[0].length) : message);
  const client = bracketed.exec(message.length > 1024 ? message.slice(0, 1024) : message);
  const address = client ? addressOf(client[1]!) : undefined;
  if (address !== undefined) fields.string("ip_src_addr", address);
}
