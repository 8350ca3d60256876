import { parseAddress } from "../address.ts";
import { type JsonObject, property, textOf } from "../json-object.ts";

/** Where a feed keeps what patterns ask for; several columns where several do. */
interface FeedNames {
  readonly hosts?: readonly string[];
  readonly answers?: readonly string[];
  readonly httpHost?: string;
  readonly httpUri?: string;
  readonly httpMethod?: string;
  readonly userAgent?: string;
  readonly sentBytes?: string;
  readonly receivedBytes?: string;
  readonly service?: string;
  readonly hashPrefix?: string;
  readonly fileName?: string;
}

const feeds: ReadonlyMap<string, FeedNames> = new Map([
  ["conn", { sentBytes: "orig_bytes", receivedBytes: "resp_bytes", service: "service" }],
  ["dns", { hosts: ["query"], answers: ["answers"] }],
  ["http", { httpHost: "host", httpUri: "uri", httpMethod: "method", userAgent: "user_agent" }],
  ["ssl", { hosts: ["server_name"] }],
  ["files", { hashPrefix: "", fileName: "filename" }],
  [
    "suricata",
    {
      hosts: ["dns_rrname", "tls_sni"],
      answers: ["dns_grouped_A", "dns_grouped_AAAA"],
      httpHost: "http_hostname",
      httpUri: "http_url",
      httpMethod: "http_http_method",
      userAgent: "http_http_user_agent",
      sentBytes: "flow_bytes_toserver",
      receivedBytes: "flow_bytes_toclient",
      service: "app_proto",
      hashPrefix: "fileinfo_",
      fileName: "fileinfo_filename",
    },
  ],
]);

/**
 * An event as STIX observed data, so that a pattern which no single indicator can hold (an address and a port, a host and a path, one thing
 * followed by another) can be matched on events: `matchPattern(pattern, events.map(eventObservation))`.
 *
 * Source and destination with ports, protocol, service and bytes make `network-traffic`; HTTP its `http-request-ext` and a `url`; names that were
 * asked for or connected to `domain-name`, with their answers; hashes a `file`. Names of hosts come from Zeek's dns, http and ssl and from Suricata.
 *
 * @param event - a row as `soclab parse` prints it or a table gives it: `timestamp` in epoch milliseconds or a Date
 */
export function eventObservation(event: JsonObject): JsonObject {
  const objects: Record<string, JsonObject> = {};
  const names = feeds.get(textOf(event, "feed") ?? "") ?? {};
  const text = (column: string | undefined) => (column === undefined ? undefined : textOf(event, column));
  const refer = (value: string | undefined): string | undefined => {
    if (value === undefined) return undefined;
    const address = parseAddress(value);
    const type = address === null ? "domain-name" : address.family === 4 ? "ipv4-addr" : "ipv6-addr";
    const id = `${type}--${value}`;
    objects[id] ??= { type, value };
    return id;
  };
  const host = text(names.httpHost);
  const uri = text(names.httpUri);
  objects.traffic = known({
    type: "network-traffic",
    src_ref: refer(text("ip_src_addr")),
    dst_ref: refer(text("ip_dst_addr")),
    src_port: numberOf(property(event, "ip_src_port")),
    dst_port: numberOf(property(event, "ip_dst_port")),
    protocols: [text("protocol"), text(names.service)].filter((name) => name !== undefined).map((name) => name.toLowerCase()),
    src_byte_count: numberOf(names.sentBytes === undefined ? undefined : property(event, names.sentBytes)),
    dst_byte_count: numberOf(names.receivedBytes === undefined ? undefined : property(event, names.receivedBytes)),
    extensions:
      uri === undefined
        ? undefined
        : {
            "http-request-ext": known({
              request_method: text(names.httpMethod)?.toLowerCase(),
              request_value: uri,
              request_header: known({ Host: host, "User-Agent": text(names.userAgent) }),
            }),
          },
  });
  if (host !== undefined) refer(host.replace(/:\d+$/, ""));
  if (host !== undefined && uri !== undefined) objects.url = { type: "url", value: uri.includes("://") ? uri : `http://${host}${uri}` };
  for (const column of names.hosts ?? []) {
    const id = refer(text(column));
    const answers = (names.answers ?? []).flatMap((answer) => textList(property(event, answer)));
    if (id !== undefined && answers.length > 0) objects[id] = { ...objects[id], resolves_to_refs: answers.map(refer) };
  }
  if (names.hashPrefix !== undefined) {
    const hashes = known({
      MD5: text(`${names.hashPrefix}md5`),
      "SHA-1": text(`${names.hashPrefix}sha1`),
      "SHA-256": text(`${names.hashPrefix}sha256`),
    });
    const name = text(names.fileName);
    if (name !== undefined || Object.keys(hashes).length > 0) objects.file = known({ type: "file", name, hashes });
  }
  const time = timeOf(property(event, "timestamp"));
  return {
    type: "observed-data",
    id: textOf(event, "event_id") ?? "event",
    first_observed: time,
    last_observed: time,
    number_observed: 1,
    objects,
  };
}

/** Epoch 0 for an event without a time: patterns that ask for none match it all the same. */
function timeOf(value: unknown): string {
  const date = value instanceof Date ? value : new Date(typeof value === "number" ? value : Number.NaN);
  const year = date.getUTCFullYear();
  return year >= 0 && year <= 9999 ? date.toISOString() : "1970-01-01T00:00:00Z";
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === "bigint" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function textList(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** An object without the properties that are not known. */
function known(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
