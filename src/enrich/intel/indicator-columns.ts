/** A URL of an event: whole in one column, or a path whose host another column has. */
export interface UrlColumns {
  readonly url: string;
  readonly host?: string | undefined;
}

/** Columns of a feed that name what indicators name, besides the two addresses. */
export interface IndicatorColumns {
  /** Names of hosts: what was asked for or connected to. */
  readonly hosts?: readonly string[] | undefined;
  readonly urls?: readonly UrlColumns[] | undefined;
  /** Hashes of files, in hexadecimal. */
  readonly hashes?: readonly string[] | undefined;
}

const ownUrl = { urls: [{ url: "url" }] } as const;

/** By table. `host` of Suricata and of Lancope is the sensor and is not among them. */
export const indicatorColumns: ReadonlyMap<string, IndicatorColumns> = new Map<string, IndicatorColumns>([
  ["dns", { hosts: ["query"] }],
  ["http", { hosts: ["host"], urls: [{ url: "uri", host: "host" }] }],
  ["ssl", { hosts: ["server_name"] }],
  ["files", { hashes: ["md5", "sha1", "sha256"] }],
  [
    "suricata",
    {
      hosts: ["dns_rrname", "http_hostname", "tls_sni"],
      urls: [{ url: "http_url", host: "http_hostname" }],
      hashes: ["fileinfo_md5", "fileinfo_sha1", "fileinfo_sha256"],
    },
  ],
  ["squid", { hosts: ["domain"], ...ownUrl }],
  ["windows", { hosts: ["QueryName", "DestinationHostname"], hashes: ["hash_md5", "hash_sha1", "hash_sha256", "hash_imphash"] }],
  ["asa", ownUrl],
  ["paloalto", ownUrl],
  ["leef", ownUrl],
  ["sourcefire", ownUrl],
  ["fireeye", { hosts: ["cncHost"], urls: [{ url: "alert_url" }] }],
  ["cef", { hosts: ["dhost", "destinationDnsDomain"], urls: [{ url: "request" }], hashes: ["fileHash", "oldFileHash"] }],
]);
