import type { SQLOutputValue } from "node:sqlite";
import { SoclabError } from "../../core/index.ts";
import type { AlertAggregate, AlertBucket } from "../alert-index.ts";
import { bounded, type Condition, checkField, fieldSql, selectionSql } from "./selection.ts";

/** One statement that counts alerts by a field or a range, and by a second field inside. The limit counts keys, not pairs. */
export function aggregateSql(query: AlertAggregate): Condition {
  const where = selectionSql(query);
  const limit = bounded("limit", query.limit, 1000, 1, 10_000);
  const key = keySql(query.by);
  const split = query.splitBy === undefined ? "NULL" : fieldSql(checkField(query.splitBy));
  const total = typeof query.by === "string" ? "sum(count) OVER (PARTITION BY key)" : "0";
  const hasTime = typeof query.by === "object" && "time" in query.by ? " AND timestamp IS NOT NULL" : "";
  const sql = `
    WITH pairs AS (
      SELECT ${key} AS key, ${split} AS split, count(*) AS count, avg(relevance) AS mean, max(relevance) AS max
      FROM alerts WHERE ${where.sql}${hasTime} GROUP BY 1, 2
    ),
    totals AS (SELECT *, ${total} AS total FROM pairs),
    ranked AS (SELECT *, dense_rank() OVER (ORDER BY total DESC, key) AS place FROM totals)
    SELECT key, split, count, mean, max FROM ranked WHERE place <= ${limit} ORDER BY place, split`;
  return { sql, values: where.values };
}

function keySql(by: AlertAggregate["by"]): string {
  if (typeof by === "string") return fieldSql(checkField(by));
  const [column, width] = "time" in by ? ["timestamp", by.time] : ["relevance", by.relevance];
  if (!(Number.isFinite(width) && width > 0)) {
    throw new SoclabError("SOCLAB_INVALID_VALUE", `the width of a bucket is ${width}, expected a number above 0`);
  }
  // The top of the scale belongs to the last bucket, not to one of its own.
  const value = column === "relevance" ? `min(relevance, ${100 - Math.min(width, 100) / 2})` : column;
  return `floor(${value} / ${width}) * ${width}`;
}

export function bucketOfRow(row: Record<string, SQLOutputValue>): AlertBucket {
  return {
    key: row.key as AlertBucket["key"],
    split: row.split as AlertBucket["split"],
    count: Number(row.count),
    meanRelevance: Number(row.mean),
    maxRelevance: Number(row.max),
  };
}
