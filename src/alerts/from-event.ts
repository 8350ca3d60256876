import { type EventBatch, enrichmentColumns, eventId, eventToJson, type JsonValue } from "../event/index.ts";
import type { Alert, AlertModel, FeatureContribution } from "./alert.ts";
import { flowKey } from "./flow-key.ts";
import type { RelevanceContribution } from "./relevance.ts";
import type { Severity } from "./severity.ts";

/** What makes an alert of an event; the rest is the event's own. */
export interface AlertReason {
  readonly source: string;
  readonly signature: string;
  readonly entity: string | null;
  readonly severity?: Severity | null | undefined;
  readonly relevance: number;
  readonly contributions: readonly RelevanceContribution[];
  readonly features?: readonly FeatureContribution[] | undefined;
  readonly model?: AlertModel | null | undefined;
  readonly late?: boolean | undefined;
}

const enrichmentNames = Object.keys(enrichmentColumns);

/** The alert document of one event of a batch. */
export function alertFromEvent(batch: EventBatch, row: number, reason: AlertReason): Alert {
  const event = eventToJson(batch, row);
  const enrichment: Record<string, JsonValue> = {};
  for (const name of enrichmentNames) {
    const value = event[name];
    if (value !== undefined && value !== null) enrichment[name] = value;
  }
  const flow = {
    ip_src_addr: textOf(event.ip_src_addr),
    ip_src_port: numberOf(event.ip_src_port),
    ip_dst_addr: textOf(event.ip_dst_addr),
    ip_dst_port: numberOf(event.ip_dst_port),
    protocol: textOf(event.protocol),
  };
  const uid = event.uid ?? event.flow_id;
  return {
    id: eventId(batch, row),
    source: reason.source,
    signature: reason.signature,
    feed: batch.feed,
    timestamp: numberOf(event.timestamp),
    ...flow,
    original_string: textOf(event.original_string) ?? "",
    original_bytes: textOf(event.original_bytes),
    entity: reason.entity,
    severity: reason.severity ?? null,
    relevance: reason.relevance,
    contributions: reason.contributions,
    features: reason.features ?? [],
    model: reason.model ?? null,
    label: textOf(event.label),
    label_source: textOf(event.label_source),
    label_confidence: numberOf(event.label_confidence),
    label_known_at: numberOf(event.label_known_at),
    enrichment,
    late: reason.late ?? false,
    links: { flow_key: flowKey(flow), uid: uid === undefined || uid === null ? null : String(uid) },
  };
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}

function numberOf(value: JsonValue | undefined): number | null {
  return typeof value === "number" ? value : null;
}
