import { type EventBatch, numberOrNullAt, textAt } from "../event/index.ts";
import type { Alert } from "./alert.ts";
import { alertFromEvent } from "./from-event.ts";
import { explainRelevance } from "./relevance.ts";
import { type Severity, severityOfPriority } from "./severity.ts";

/** The rows of a batch that are a tool's own alerts: Suricata's `alert` records, every Zeek notice; none of another feed. */
export function toolAlertRows(batch: EventBatch): Int32Array {
  const rows = new Int32Array(batch.length);
  let count = 0;
  if (batch.feed === "notice") for (let row = 0; row < batch.length; row++) rows[count++] = row;
  if (batch.feed === "suricata") {
    for (let row = 0; row < batch.length; row++) if (textAt(batch.columns.get("event_type"), row) === "alert") rows[count++] = row;
  }
  return rows.subarray(0, count);
}

/** The alert document of a tool's own alert; its relevance stands on signature, threat intelligence and assets until a model adds to it. */
export function toolAlert(batch: EventBatch, row: number): Alert {
  const isSuricata = batch.feed === "suricata";
  const severity: Severity | null = isSuricata ? severityOfPriority(numberOrNullAt(batch.columns.get("alert_severity"), row)) : null;
  const signature = isSuricata ? textAt(batch.columns.get("alert_signature"), row) : noticeSignature(batch, row);
  return alertFromEvent(batch, row, {
    source: isSuricata ? "suricata" : "zeek-notice",
    signature: signature ?? "(no signature)",
    entity: textAt(batch.columns.get("ip_src_addr"), row),
    severity,
    ...explainRelevance({ severity, ...eventEvidence(batch, row) }),
  });
}

/** What the enrichment of an event says about its relevance: the higher of its two addresses' values. NaN is not known. */
export function eventEvidence(batch: EventBatch, row: number): { threatConfidence: number; criticality: number } {
  return {
    threatConfidence: higher(batch, "src_threat_confidence", "dst_threat_confidence", row),
    criticality: higher(batch, "src_asset_criticality", "dst_asset_criticality", row),
  };
}

function higher(batch: EventBatch, a: string, b: string, row: number): number {
  const [x, y] = [numberOrNullAt(batch.columns.get(a), row) ?? Number.NaN, numberOrNullAt(batch.columns.get(b), row) ?? Number.NaN];
  return Number.isNaN(x) ? y : Number.isNaN(y) ? x : Math.max(x, y);
}

function noticeSignature(batch: EventBatch, row: number): string | null {
  const [note, message] = [textAt(batch.columns.get("note"), row), textAt(batch.columns.get("msg"), row)];
  return note === null || message === null ? (note ?? message) : `${note}: ${message}`;
}
