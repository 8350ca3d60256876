import type { Lake } from "../lake/index.ts";
import type { HttpFailures } from "./dashboard-data.ts";

/** Tables that may hold HTTP calls, best first; the same call is in several, so only one is counted. */
const httpTables = [
  { table: "http", host: "host", status: "status_code", where: "true" },
  { table: "suricata", host: "http_hostname", status: "http_status", where: "event_type = 'http'" },
] as const;

const hostCount = 12;

/** Hosts by the number of calls that ended in 404, over all of the lake; null where it has no HTTP calls. */
export async function collectHttpFailures(lake: Pick<Lake, "tables" | "sql">, code = 404): Promise<HttpFailures | null> {
  const tables = lake.tables();
  for (const { table, host, status, where } of httpTables) {
    if (!tables.includes(table)) continue;
    const result = lake.sql(
      `SELECT ${host} AS host, count(*) FILTER (WHERE ${status} = ?) AS failures, count(*) AS requests,
         sum(count(*)) OVER () AS all_requests, sum(count(*) FILTER (WHERE ${status} = ?)) OVER () AS all_failures
       FROM ${table} WHERE ${where} GROUP BY 1 ORDER BY failures DESC, requests DESC, host NULLS LAST LIMIT ${hostCount}`,
      [code, code],
    );
    const rows = await result.rows();
    const [first] = rows;
    if (first === undefined) continue;
    const hosts = rows.map((row) => ({
      host: row.host === null ? null : String(row.host),
      failures: Number(row.failures),
      requests: Number(row.requests),
    }));
    const statuses = lake.sql(
      `SELECT ${status} AS status, count(*) AS requests FROM ${table} WHERE ${where} GROUP BY 1 ORDER BY 2 DESC, 1 NULLS LAST LIMIT 6`,
    );
    return {
      status: code,
      statuses: (await statuses.rows()).map((row) => ({
        status: row.status === null ? null : Number(row.status),
        count: Number(row.requests),
      })),
      requests: Number(first.all_requests),
      failures: Number(first.all_failures),
      hosts: hosts.filter(({ failures }) => failures > 0),
    };
  }
  return null;
}
