import { type ColumnType, columnsOf, standardColumns } from "../../event/index.ts";
import type { DocumentFeed } from "../documents/json-documents.ts";
import type { JsonLayout } from "../json/json-columns.ts";
import { type Json, Rejection } from "../json/json-values.ts";
import type { RecordFeed } from "../records/record-feed.ts";
import { columnOfField, tableOfPath } from "./header.ts";
import { protocolOf, sevenFieldSources } from "./seven-fields.ts";

const ports = new Set(["id_orig_p", "id_resp_p"]);
const alwaysAddresses = ["id_orig_h", "id_resp_h"];
/** Logs where these fields hold addresses; elsewhere, as in http, they are names. */
const addressesByTable: Readonly<Record<string, readonly string[]>> = {
  notice: ["src", "dst"],
  known_hosts: ["host"],
  known_services: ["host"],
  known_certs: ["host"],
  software: ["host"],
  dhcp: ["client_addr", "server_addr"],
  traceroute: ["src", "dst"],
};

const wrapper = /^\s*\{\s*"[A-Za-z][A-Za-z0-9_]{0,63}"\s*:\s*\{/;

/** Whether the log's name stands around each record, `{"http": {…}}`, as Metron's plugin for Zeek and Kafka writes it. */
export function isWrapped(text: string): boolean {
  return wrapper.test(text);
}

/** Zeek's JSON logs with the log's name around each record. */
export function wrappedZeekFeed(fallbackPath: string): DocumentFeed {
  return {
    ...zeekJsonFeed(fallbackPath),
    read(document) {
      const [path, ...others] = Object.keys(document);
      const record = path === undefined ? undefined : document[path];
      const isRecord = typeof record === "object" && record !== null && !Array.isArray(record) && others.length === 0;
      return isRecord ? { _path: path!.toLowerCase(), ...record } : document;
    },
  };
}

/** Zeek's JSON logs. Field names and types are those of the TSV logs; a field that is not known gets a column of the type first seen. */
export function zeekJsonFeed(fallbackPath: string): RecordFeed {
  return {
    tableOf(record: { [name: string]: Json }): string {
      const path = typeof record._path === "string" ? record._path : fallbackPath;
      const table = tableOfPath(path);
      if (table === null) throw new Rejection("BAD_TYPE", `log path ${JSON.stringify(path.slice(0, 80))} cannot name a table`);
      return table;
    },
    layoutOf(table: string): JsonLayout {
      const columns: Record<string, ColumnType> = { ts: "timestamp", ...connectionTypes };
      for (const [name, type] of Object.entries(columnsOf(table))) if (!Object.hasOwn(standardColumns, name)) columns[name] = type;
      const addresses = new Set([...alwaysAddresses, ...(Object.hasOwn(addressesByTable, table) ? addressesByTable[table]! : [])]);
      return { columns, unknown: "infer", addresses, ports, columnName: columnOfField };
    },
    scan: { tableKey: "_path", texts: [] },
    sevenFields: sevenFieldSources,
    protocolOf,
  };
}

const connectionTypes: Record<string, ColumnType> = {
  uid: "string",
  id_orig_h: "string",
  id_orig_p: "integer",
  id_resp_h: "string",
  id_resp_p: "integer",
};
