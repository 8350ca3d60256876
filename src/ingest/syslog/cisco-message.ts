import type { Fields } from "../records/fields.ts";
import { addressOf, portOf } from "../records/fields.ts";
import { CiscoEndpoint } from "./cisco-endpoint.ts";

/** What stands in front of the two ends of a connection, most telling first. */
const pairs: readonly (readonly [first: string, second: string])[] = [
  [" from laddr ", " to "],
  [" src ", " dst "],
  [" src ", " dest "],
  [" SRC ", " DEST "],
  [" from ", " to "],
  [" for ", " to "],
  [" between ", " and "],
];
/** Translations name the address that is mapped and what it is mapped to: no connection, so no destination. */
const translations = new Set(["305009", "305010", "305011", "305012"]);
/** A host comes or goes: neither source nor destination. */
const localHosts = new Set(["609001", "609002"]);

const protocolWord = /\b(?:(tcp|udp|icmpv6|icmp6|icmp|gre|sctp|esp|igmp|eigrp|ospf|pim)|protocol[ =]{1,3}(\w{1,16}))\b/i;
const actionWord =
  /\b(built|teardown|deny|denied|discarded|permitted|est-allowed|dropped|dropping|disconnected|terminated|blocked|rejected|rejecting|accessed|executed|requested|successful|succeeded|failed|started)\b/i;
const direction = /\b(inbound|outbound)\b/i;
const connectionId = /\bconnection (\d{1,19}) /;
const duration = /\bduration:? (?:(\d{1,5})d )?(\d{1,7})h?:(\d\d)m?:(\d\d)s?/i;
const byteCount = /\bbytes (\d{1,16})\b(.{0,200})/;
const sessionBytes = /\bBytes xmt: (\d{1,16}), Bytes rcv: (\d{1,16})/;
const icmp = /\btype[ =]{1,3}(\d{1,3}),? code[ =]{1,3}(\d{1,3})/i;
const flags = /\bflags:? ([A-Z ]{1,40}?) {1,2}on interface/;
const onInterface = /\bon interface (\S{1,64})/;
const accessList = /\b(?:access-group "([^"]{1,128})"|access-list (\S{1,128}))/;
const reason = /\b[Rr]eason: ([^,]{1,200})/;
const peer = /\b(?:user )?IP (?:= |<|addr(?:ess)?:? )?([0-9A-Fa-f:.]{2,45})/;
const userName = /\b(?:[Uu]ser(?:name)?|Uname)(?: = ?|: ?| )(?:'([^']{1,128})'|"([^"]{1,128})"|<([^>]{1,128})>|([^\s,<>'":=]{1,128}))/;
const lastUser = /\(([^()\s]{1,128})\)$/;
const groupName = /\bGroup (?:= ([^,]{1,128}),|<([^>]{1,128})>)/;
const arrow = / -> /;
const url = /\bURL (?:([^\s@]{1,128})@)?([0-9A-Fa-f.:]{2,45}):(.*)/;

const first = new CiscoEndpoint();
const second = new CiscoEndpoint();

/** Reads what a message says in words; the ids that say it in a way of their own come first. */
export function readCiscoMessage(id: string, message: string, fields: Fields): void {
  const action = actionWord.exec(message.length > 160 ? message.slice(0, 160) : message);
  if (action) fields.string("action", action[1]!.toLowerCase());
  const way = direction.exec(message);
  if (way) fields.string("direction", way[1]!.toLowerCase());
  const at = readEnds(id, message, fields);
  const protocol = protocolWord.exec(at > 0 ? message.slice(0, at) : message);
  if (protocol && (at > 0 || protocol[1] !== undefined)) fields.protocol((protocol[1] ?? protocol[2])!);
  readDetails(message, fields);
}

/** @returns where the ends begin, 0 where there are none */
function readEnds(id: string, message: string, fields: Fields): number {
  if (localHosts.has(id)) {
    first.read(message, message.indexOf("local-host ") + 11);
    fields.string("src_interface", first.interface);
    fields.string("local_host", first.address || first.host);
    return 0;
  }
  const foreign = message.indexOf(" faddr ");
  if (foreign > 0) return readForeign(message, foreign, fields);
  const arrowAt = message.search(arrow);
  if (arrowAt > 0) return readArrow(message, arrowAt, fields);
  if (message.startsWith("Local:")) return readLocalRemote(message, fields);
  for (const [before, between] of pairs) {
    const at = message.indexOf(before);
    if (at < 0) continue;
    first.read(message, at + before.length);
    const to = message.indexOf(between, first.end);
    if (to < 0 || to > first.end + 400) continue;
    second.read(message, to + between.length);
    if (first.address === "" && second.address === "") continue;
    addSource(first, fields, message, at);
    if (translations.has(id)) {
      fields.text("src_mapped_addr", second.address);
      fields.text("src_mapped_port", second.port);
      fields.string("dst_interface", second.interface);
    } else addDestination(second, fields, message, at);
    fields.string("user", second.secondUser || (second.user.includes("\\") ? "" : second.user));
    return at;
  }
  return readSingle(message, fields);
}

/** `faddr A gaddr B laddr C`: Metron's order, the foreign end is the destination. */
function readForeign(message: string, at: number, fields: Fields): number {
  second.read(message, at + 7);
  const local = message.indexOf(" laddr ", second.end);
  if (second.address !== "") fields.text("ip_dst_addr", second.address);
  else fields.string("dst_host", second.host);
  fields.string("asa_dst_user", second.user);
  const global = message.indexOf(" gaddr ", second.end);
  if (global > 0) {
    first.read(message, global + 7);
    fields.text("src_mapped_addr", first.address);
  }
  if (local > 0) {
    first.read(message, local + 7);
    if (first.address !== "") fields.text("ip_src_addr", first.address);
    else fields.string("src_host", first.host);
    fields.string("user", first.user);
  }
  return at;
}

/** `access-list inside permitted tcp inside/10.0.0.1(1024) -> outside/192.0.2.1(80)`. */
function readArrow(message: string, arrowAt: number, fields: Fields): number {
  const start = message.lastIndexOf(" ", message.lastIndexOf("/", arrowAt)) + 1;
  first.read(message, start);
  second.read(message, arrowAt + 4);
  addSource(first, fields, message, start);
  addDestination(second, fields, message, start);
  return start;
}

/** IKEv2: `Local:10.0.0.1:500 Remote:192.0.2.1:500 Username:…`; the remote end is the source. */
function readLocalRemote(message: string, fields: Fields): number {
  const match = /^Local:(\S{2,64}):(\d{1,5}),? Remote:(\S{2,64}):(\d{1,5})/.exec(message);
  if (!match) return 0;
  fields.text("ip_dst_addr", match[1]!);
  fields.text("ip_dst_port", match[2]!);
  fields.text("ip_src_addr", match[3]!);
  fields.text("ip_src_port", match[4]!);
  fields.protocol("udp");
  return 0;
}

/** One end only: the peer of a VPN session, a host that was refused. */
function readSingle(message: string, fields: Fields): number {
  const accessed = url.exec(message);
  if (accessed) {
    const from = message.split(/[ (]/, 1)[0]!.slice(0, 192);
    const source = addressOf(from.slice(from.lastIndexOf("@") + 1));
    if (source) fields.string("ip_src_addr", source);
    fields.text("ip_dst_addr", accessed[2]!);
    fields.string("asa_dst_user", accessed[1] ?? "");
    fields.string("url", accessed[3]!);
    return 0;
  }
  const single = peer.exec(message);
  const address = single ? addressOf(trimmed(single[1]!)) : undefined;
  if (address !== undefined) {
    fields.string("ip_src_addr", address);
    return 0;
  }
  for (const before of [" from ", " with client ", " host ", "Host "]) {
    const at = message.indexOf(before);
    if (at < 0) continue;
    first.read(message, at + before.length);
    if (first.address === "") continue;
    addSource(first, fields, message, at);
    return at;
  }
  return 0;
}

function addSource(end: CiscoEndpoint, fields: Fields, message: string, at: number): void {
  if (end.address !== "") fields.string("ip_src_addr", end.address);
  else fields.string("src_host", end.host);
  if (hasPorts(message, at)) addPort("ip_src_port", end.port, fields);
  fields.string("src_interface", end.interface);
  fields.string("asa_src_user", end.user);
  fields.text("src_mapped_addr", end.mappedAddress);
  fields.text("src_mapped_port", end.mappedPort);
}

function addDestination(end: CiscoEndpoint, fields: Fields, message: string, at: number): void {
  if (end.address !== "") fields.string("ip_dst_addr", end.address);
  else fields.string("dst_host", end.host);
  if (hasPorts(message, at)) addPort("ip_dst_port", end.port, fields);
  fields.string("dst_interface", end.interface);
  if (end.user.includes("\\")) fields.string("asa_dst_user", end.user);
  fields.text("dst_mapped_addr", end.mappedAddress);
  fields.text("dst_mapped_port", end.mappedPort);
}

function addPort(column: string, text: string, fields: Fields): void {
  const port = portOf(column, text);
  if (port !== undefined) fields.number(column, port);
  else if (text !== "") fields.extra(column, text);
}

/** What stands behind the slash is a port only in TCP, UDP and SCTP; in GRE it is a call, in ICMP a type. */
function hasPorts(message: string, at: number): boolean {
  const match = protocolWord.exec(message.slice(0, at));
  return !match || !/^(?:icmp|gre|esp|igmp)/i.test(match[1] ?? "");
}

function readDetails(message: string, fields: Fields): void {
  let match = connectionId.exec(message);
  if (match) fields.text("connection_id", match[1]!);
  match = duration.exec(message);
  if (match) fields.number("duration", Number(match[1] ?? 0) * 86400 + Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4]));
  match = byteCount.exec(message);
  if (match) {
    fields.text("bytes", match[1]!);
    const why = match[2]!.replace(/\([^)]*\)$/, "").trim();
    if (why !== "") fields.string("reason", why);
  }
  match = sessionBytes.exec(message);
  if (match) {
    fields.text("bytes_sent", match[1]!);
    fields.text("bytes_received", match[2]!);
  }
  match = icmp.exec(message);
  if (match) {
    fields.text("icmp_type", match[1]!);
    fields.text("icmp_code", match[2]!);
  }
  match = flags.exec(message);
  if (match) fields.string("tcp_flags", match[1]!.trim());
  match = onInterface.exec(message);
  if (match) fields.string("interface", trimmed(match[1]!));
  match = accessList.exec(message);
  if (match) fields.string("access_list", (match[1] ?? match[2])!);
  match = reason.exec(message);
  if (match && !fields.has("reason")) fields.string("reason", match[1]!.trim());
  match = groupName.exec(message);
  if (match) fields.string("group", (match[1] ?? match[2])!);
  if (fields.has("user")) return;
  match = lastUser.exec(message) ?? userName.exec(message);
  if (match) fields.string("user", (match[1] ?? match[2] ?? match[3] ?? match[4])!);
}

function trimmed(text: string): string {
  return text.replace(/[.,:]$/, "");
}
