import { type Columns, labelColumns } from "../../event/index.ts";
import { constant, identifier, sqlType } from "../../sql/index.ts";

/** A condition that an analyst has tagged. */
export interface TaggedQuery {
  readonly eventId: string;
  readonly where: string;
}

export interface LabelledOptions {
  /** What became known at this time or later is left out, epoch microseconds; null: everything counts. */
  readonly knownBefore: number | null;
  /** Suricata alerts below this confidence say nothing of their flow, 0–1. */
  readonly minAlertConfidence: number;
}

export interface LabelledParts {
  readonly table: string;
  readonly schema: Columns;
  readonly hasAssertions: boolean;
  readonly hasAlerts: boolean;
  /** Columns that assertions about entities name, those of the table only. */
  readonly entityColumns: readonly string[];
  readonly queries: readonly TaggedQuery[];
}

/** A Suricata alert speaks of its flow from its start to an hour after the alert: the flow's own record comes when the flow ends. */
const alertAfter = "INTERVAL 1 HOUR";
/** By Suricata's priority, 1 the most severe. It is a rule's opinion, no verdict. */
const alertConfidence = "CASE alert_severity WHEN 1 THEN 0.8 WHEN 2 THEN 0.5 ELSE 0.3 END";

/**
 * The table's rows with the label that counts, and a column `tags`. Of several labels the one of the better source counts: a verdict, then
 * files and tags, the record's own, Suricata, threat intelligence; then the surer, then the later known.
 */
export function labelledQuery(parts: LabelledParts, options: LabelledOptions): string {
  const { table, schema } = parts;
  const before = options.knownBefore === null ? null : `make_timestamp(${Math.trunc(options.knownBefore)})`;
  const said = assertionsOf(parts, options, before);
  const kept = Object.keys(schema).filter((name) => !Object.hasOwn(labelColumns, name) && name !== "tags");
  const own = Object.entries(labelColumns).map(([name, type]) => (schema[name] === type ? `e.${name}` : `CAST(NULL AS ${sqlType(type)})`));
  const [label, source, confidence, knownAt] = own;
  // A label that the record itself brought along became known with the record.
  const ownKnownAt = `coalesce(${knownAt}, CASE WHEN ${source} IN ('zeek', 'argus') THEN e."timestamp" END)`;
  const ownCounts = before === null ? `${label} IS NOT NULL` : `${label} IS NOT NULL AND ${ownKnownAt} < ${before}`;
  const theirs = `CASE WHEN NOT (${ownCounts}) THEN TRUE ELSE (b.priority, coalesce(b.confidence, 1)) >= (${priorityOf(source!)}, coalesce(${confidence}, 1)) END`;
  const picked = Object.keys(labelColumns).map((name, i) => {
    const given = { label: "b.label", label_source: "b.source", label_confidence: "b.confidence", label_known_at: "b.known_at" }[name]!;
    const mine = name === "label_known_at" ? ownKnownAt : own[i]!;
    return `CASE WHEN b.label IS NOT NULL AND ${theirs} THEN ${given} WHEN ${ownCounts} THEN ${mine} END AS ${name}`;
  });
  const columns = [...kept.map((name) => `e.${identifier(name)}`), ...picked, "t.tags"].join(", ");
  return `WITH said AS (${said}),
best AS (SELECT event_id, label, source, confidence, known_at, ${priorityOf("source")} AS priority FROM said WHERE label IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY ${priorityOf("source")} DESC, coalesce(confidence, 1) DESC, known_at DESC NULLS LAST, source) = 1),
tagged AS (SELECT event_id, list_sort(list(DISTINCT tag)) AS tags FROM said WHERE tag IS NOT NULL GROUP BY event_id)
SELECT ${columns} FROM ${identifier(table)} e LEFT JOIN best b ON b.event_id = e.event_id LEFT JOIN tagged t ON t.event_id = e.event_id`;
}

/** Every assertion that concerns a row, a row each: `event_id, label, source, confidence, known_at, tag`. */
export function assertionsOf(parts: LabelledParts, options: LabelledOptions, before: string | null): string {
  const table = identifier(parts.table);
  const time = `e."timestamp"`;
  const said = "l.label, l.label_source AS source, coalesce(l.label_confidence, 1) AS confidence, l.label_known_at AS known_at, l.tag";
  const known = [`(l.about_table IS NULL OR l.about_table = ${constant(parts.table)})`];
  if (before !== null) known.push(`l.label_known_at < ${before}`);
  const during = `(l.about_from IS NULL OR ${time} >= l.about_from) AND (l.about_until IS NULL OR ${time} < l.about_until)`;
  const about = (kind: string) => `l.about = '${kind}' AND ${known.join(" AND ")}`;
  const selects: string[] = [];
  if (parts.hasAssertions) {
    selects.push(`SELECT e.event_id, ${said} FROM ${table} e JOIN labels l ON l.about_event_id = e.event_id WHERE ${about("event")}`);
    selects.push(
      `SELECT e.event_id, ${said} FROM ${table} e JOIN (SELECT l.*, ${flowKey("l")} AS flow FROM labels l WHERE ${about("flow")}) l
       ON l.flow = ${flowKey("e")} WHERE ${during} AND ${portsFit}`,
    );
    for (const column of parts.entityColumns) {
      const matches =
        column === "address"
          ? "l.about_value IN (e.ip_src_addr, e.ip_dst_addr)"
          : `l.about_value = CAST(e.${identifier(column)} AS VARCHAR)`;
      selects.push(
        `SELECT e.event_id, ${said} FROM ${table} e JOIN labels l ON ${matches} WHERE ${about("entity")} AND l.about_column = ${constant(column)} AND ${during}`,
      );
    }
    for (const { eventId, where } of parts.queries) {
      selects.push(
        `SELECT e.event_id, ${said} FROM (${taggedRows(parts.table, where)}) e JOIN labels l ON l.event_id = ${constant(eventId)}
         WHERE ${about("query")} AND ${during} AND (l.about_value IS NULL OR l.about_value IN (e.ip_src_addr, e.ip_dst_addr))`,
      );
    }
  }
  if (parts.hasAlerts && parts.table !== "suricata") {
    selects.push(
      `SELECT e.event_id, 'malicious' AS label, 'suricata:' || a.alert_signature_id AS source, ${alertConfidence} AS confidence, a."timestamp" AS known_at,
       CAST(NULL AS VARCHAR) AS tag
       FROM ${table} e JOIN (SELECT *, ${flowKey("s")} AS flow FROM suricata s WHERE s.event_type = 'alert') a ON a.flow = ${flowKey("e")}
       WHERE ${time} >= coalesce(a.flow_start, a."timestamp" - ${alertAfter}) - INTERVAL 1 SECOND AND ${time} <= a."timestamp" + ${alertAfter}
       AND ${alertConfidence} >= ${options.minAlertConfidence} AND e.ip_src_port IS NOT DISTINCT FROM CASE WHEN e.ip_src_addr = a.ip_src_addr THEN a.ip_src_port ELSE a.ip_dst_port END
       AND e.ip_dst_port IS NOT DISTINCT FROM CASE WHEN e.ip_src_addr = a.ip_src_addr THEN a.ip_dst_port ELSE a.ip_src_port END
       ${before === null ? "" : `AND a."timestamp" < ${before}`}`,
    );
  }
  if (selects.length === 0)
    return `SELECT CAST(NULL AS VARCHAR) AS event_id, CAST(NULL AS VARCHAR) AS label, CAST(NULL AS VARCHAR) AS source, CAST(NULL AS DOUBLE) AS confidence,
       CAST(NULL AS TIMESTAMP) AS known_at, CAST(NULL AS VARCHAR) AS tag WHERE FALSE`;
  return selects.join("\nUNION ALL ");
}

/** The rows that a tagged condition finds. */
export function taggedRows(table: string, where: string): string {
  return `SELECT * FROM ${identifier(table)} WHERE (${where}\n)`;
}

/** Both ends of a flow in one order, whichever a sensor calls the source. */
function flowKey(row: string): string {
  return `(least(${row}.ip_src_addr, ${row}.ip_dst_addr) || ' ' || greatest(${row}.ip_src_addr, ${row}.ip_dst_addr))`;
}

/** An end that the assertion leaves open fits any port and protocol. */
const portsFit = `(l.protocol IS NULL OR e.protocol IS NULL OR lower(l.protocol) = lower(e.protocol)) AND CASE WHEN e.ip_src_addr = l.ip_src_addr
       THEN coalesce(l.ip_src_port = e.ip_src_port, TRUE) AND coalesce(l.ip_dst_port = e.ip_dst_port, TRUE)
       ELSE coalesce(l.ip_src_port = e.ip_dst_port, TRUE) AND coalesce(l.ip_dst_port = e.ip_src_port, TRUE) END`;

function priorityOf(source: string): string {
  return `CASE WHEN ${source} LIKE 'verdict:%' THEN 5 WHEN ${source} IN ('zeek', 'argus') THEN 3 WHEN ${source} LIKE 'suricata:%' THEN 2
    WHEN ${source} LIKE 'threat-intel:%' THEN 1 ELSE 4 END`;
}
