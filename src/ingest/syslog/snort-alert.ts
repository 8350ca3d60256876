import type { Fields } from "../records/fields.ts";
import { addHostPort } from "../records/host-port.ts";

const signature = /\[(\d{1,10}):(\d{1,10}):(\d{1,10})\] ?/;
const classification = /\[Classification: ([^\]]{1,200})\]/;
const priority = /\[Priority: (\d{1,4})\]/;
/** `{TCP} 10.0.0.1:80 -> 10.0.0.2:1024` */
const connection = /\{([A-Za-z0-9:._-]{1,20})\} ?([0-9A-Za-z.:%[\]_]{1,64}) ?-> ?([0-9A-Za-z.:%[\]_]{1,64})/;
const messageEnd = / ?\[(?:\*\*|Classification:|Priority:|Impact:|Xref)|\{[A-Za-z0-9:._-]{1,20}\} ?[0-9A-Za-z.:%[\]_]{1,64} ?->/;
/** What is read of a line, so that a hostile one costs no more than a long one. */
const maxReadLength = 8192;

/** `[1:2019:3] message [Classification: …] [Priority: 1] {TCP} a:p -> b:q` anywhere in the text; false where it is not there. */
export function readAlert(text: string, fields: Fields): boolean {
  return readSignature(text, fields) !== undefined && addConnection(text, fields);
}

/** The signature of an alert and what belongs to it. @returns `[1:2019:3]` */
export function readSignature(line: string, fields: Fields): string | undefined {
  const text = line.length > maxReadLength ? line.slice(0, maxReadLength) : line;
  const match = signature.exec(text);
  if (!match) return undefined;
  fields.text("sig_generator", match[1]!);
  fields.text("sig_id", match[2]!);
  fields.text("sig_rev", match[3]!);
  fields.string("msg", messageOf(text.slice(match.index + match[0].length)));
  const kind = classification.exec(text);
  if (kind) fields.string("classification", kind[1]!);
  const rank = priority.exec(text);
  if (rank) fields.text("priority", rank[1]!);
  return match[0].trimEnd();
}

/** The ends of the connection; false where the text names none. @throws Rejection where a port is a number past 65535 */
export function addConnection(line: string, fields: Fields): boolean {
  // The last one: an alert's own text comes first.
  const text = line.length > maxReadLength ? line.slice(0, maxReadLength) : line;
  const from = text.lastIndexOf("{");
  const match = from < 0 ? null : connection.exec(text.slice(from));
  if (!match) return false;
  fields.protocol(match[1]!);
  const hasPorts = /^(?:tcp|udp|sctp)$/i.test(match[1]!);
  addHostPort(match[2]!, hasPorts, "ip_src_addr", "ip_src_port", fields);
  addHostPort(match[3]!, hasPorts, "ip_dst_addr", "ip_dst_port", fields);
  return true;
}

/** Up to what follows it: `[**]`, a bracket with a name, the protocol. */
function messageOf(text: string): string {
  const end = text.search(messageEnd);
  return (end < 0 ? text : text.slice(0, end)).replace(/^\\?"|[\\":\s]{1,64}$/g, "").trim();
}
