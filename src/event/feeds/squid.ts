import type { Columns } from "../types.ts";
import { syslogHeaderColumns } from "./syslog.ts";

/** Squid's access log, native or in the common and combined forms of web servers. Names are Metron's where it has one. */
export const squidColumns = {
  ...syslogHeaderColumns,
  /** Milliseconds. */
  elapsed: "bigint",
  client: "string",
  /** What the proxy did: `TCP_MISS`. */
  action: "string",
  /** The status that the client got. */
  code: "integer",
  bytes: "bigint",
  method: "string",
  url: "string",
  domain: "string",
  user: "string",
  hierarchy: "string",
  server: "string",
  content_type: "string",
  referer: "string",
  user_agent: "string",
  http_version: "string",
  extra: "string",
} as const satisfies Columns;
