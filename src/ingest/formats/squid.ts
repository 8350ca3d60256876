import { Rejection } from "../json/json-values.ts";
import { addressOf, type Fields, textTable } from "../records/fields.ts";
import { type Reading, textFeed } from "../records/text-feed.ts";
import { addHeader } from "../syslog/header-fields.ts";

/** `time elapsed client action/code bytes method ` of Squid's own format; the URL follows. @see squid.conf, logformat squid */
const native = /^\s{0,8}(\d{9,11}\.\d{1,6}) {1,20}(-?\d{1,15}) (\S+) ([A-Z_+]{1,128})\/(-|\d{1,4}) (-?\d{1,19}) (\S+) /;
/** `user hierarchy/server type` at the end. */
const hierarchy = /^(?:[A-Z_]{1,64}|-)\//;
/** Logformat `common` and `combined` with what Squid puts behind them. */
const common =
  /^(\S+) (\S+) (\S+) \[([^\]]{1,64})\] "((?:[^"\\]|\\.)*)" (\d{1,4}|-) (\d{1,19}|-)(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)")?(?: ([A-Z_+]{1,128}):([A-Z_]{1,64}))?/;
const host = /^(?:[a-z][a-z0-9+.-]{0,15}:\/\/)?(?:[^/?#@]{0,512}@)?(\[[0-9a-fA-F:.]{2,45}\]|[^/:?#]{1,255})/i;

export const squidTable = textTable("squid");

/** Squid's access log: its own format, and `common` and `combined`. */
export const squid = textFeed({
  table: squidTable,
  summary: "Squid access logs: native, common or combined",
  read(line, reading) {
    const { envelope, fields } = reading;
    let text = line;
    if (line.charCodeAt(0) === 60 || !startsAsSquid(line)) {
      if (envelope.read(line)) {
        addHeader(envelope, fields);
        text = line.slice(envelope.messageStart);
      }
    }
    if (!readSquid(text, reading)) {
      throw new Rejection("BAD_LINE", "the line is no access log of Squid: native, common or combined");
    }
  },
});

/** Reads a line of an access log; false where the text is none. @throws Rejection */
export function readSquid(text: string, reading: Reading): boolean {
  return readNative(text, reading) || readCommon(text, reading);
}

function startsAsSquid(line: string): boolean {
  return native.test(line) || common.test(line);
}

function readNative(text: string, { fields, time }: Reading): boolean {
  const match = native.exec(text);
  if (!match) return false;
  const [whole, moment, elapsed, client, action, code, bytes, method] = match as unknown as string[];
  const rest = text.slice(whole!.length).trimEnd();
  // From the end: the URL is the only field that could hold blanks.
  const words = lastWords(rest, 6);
  let at = words.length - 1;
  while (at > 1 && !hierarchy.test(words[at]!.word)) at--;
  if (at < 2) return false;
  const [peer, user] = [words[at]!, words[at - 1]!];
  fields.time("timestamp", time.parse(moment!));
  fields.text("elapsed", elapsed!);
  addClient(client!, fields);
  fields.string("action", action!);
  fields.text("code", code!);
  fields.text("bytes", bytes!);
  fields.string("method", method!);
  addUrl(rest.slice(0, user.start).trim(), fields);
  if (user.word !== "-") fields.string("user", user.word);
  const slash = peer.word.indexOf("/");
  fields.string("hierarchy", peer.word.slice(0, slash));
  const server = peer.word.slice(slash + 1);
  const address = addressOf(server);
  if (address !== undefined) fields.string("ip_dst_addr", address);
  if (server !== "-") fields.string("server", server);
  const type = rest.slice(peer.start + peer.word.length).trim();
  if (type !== "-") fields.string("content_type", type);
  return true;
}

/** The last words of a text, in their order. */
function lastWords(text: string, most: number): { word: string; start: number }[] {
  const words: { word: string; start: number }[] = [];
  for (let end = text.length; end > 0 && words.length < most; ) {
    const start = text.lastIndexOf(" ", end - 1) + 1;
    if (start < end) words.unshift({ word: text.slice(start, end), start });
    end = start - 1;
  }
  return words;
}

function readCommon(text: string, { fields, time }: Reading): boolean {
  const match = common.exec(text);
  if (!match) return false;
  const [, client, , user, moment, request, code, bytes, referer, agent, action, peer] = match as unknown as (string | undefined)[];
  const micros = time.parse(moment!);
  if (Number.isNaN(micros))
    throw new Rejection("BAD_TIMESTAMP", `the time is "${moment}", expected one such as 10/Oct/2000:13:55:36 -0700`);
  fields.time("timestamp", micros);
  addClient(client!, fields);
  if (user !== "-") fields.string("user", user!);
  const [method, rest] = split(request!, request!.indexOf(" "));
  const versionAt = rest.lastIndexOf(" HTTP/");
  fields.string("method", method);
  addUrl(versionAt < 0 ? rest : rest.slice(0, versionAt), fields);
  if (versionAt >= 0) fields.string("http_version", rest.slice(versionAt + 6));
  if (code !== "-") fields.text("code", code!);
  if (bytes !== "-") fields.text("bytes", bytes!);
  if (referer !== "-") fields.string("referer", referer ?? "");
  if (agent !== "-") fields.string("user_agent", agent ?? "");
  fields.string("action", action ?? "");
  fields.string("hierarchy", peer ?? "");
  return true;
}

function split(text: string, at: number): [string, string] {
  return at < 0 ? ["", text] : [text.slice(0, at), text.slice(at + 1)];
}

function addClient(client: string, fields: Fields): void {
  const address = addressOf(client);
  if (address !== undefined) fields.string("ip_src_addr", address);
  fields.string("client", client);
}

function addUrl(url: string, fields: Fields): void {
  fields.string("url", url);
  if (url.startsWith("/")) return;
  const match = host.exec(url.length > 1024 ? url.slice(0, 1024) : url);
  if (match) fields.string("domain", match[1]!);
}
