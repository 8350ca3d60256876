import {
  type Alert,
  type AlertModel,
  explainRelevance,
  type FeatureContribution,
  flowKey,
  type RelevancePatch,
  type Severity,
} from "../alerts/index.ts";

/** How long after a tool's alert a scored event still speaks about it: its flow's record comes when the flow ends. */
const flowWindowMicros = 3_600e6;
/** The same for other events of the alert's entity. */
const entityWindowMicros = 600e6;

interface Linked {
  readonly id: string;
  readonly atMicros: number;
  readonly severity: Severity | null;
  readonly threatConfidence: number | null;
  readonly criticality: number | null;
  /** The highest model relevance written back so far. */
  best: number;
}

/** Under which names an alert is found. */
interface Entry {
  readonly linked: Linked;
  readonly flow: string | null;
  readonly entity: string | null;
  readonly addresses: readonly string[];
}

/** The flow and entity of a scored event. */
export interface ScoredEvent {
  readonly ip_src_addr: string | null;
  readonly ip_src_port: number | null;
  readonly ip_dst_addr: string | null;
  readonly ip_dst_port: number | null;
  readonly protocol: string | null;
  readonly atMicros: number;
}

/**
 * Alerts of other tools that a scored event may still speak about: an event of the same flow within an hour after the alert, or of the same
 * source address within ten minutes. The highest relevance of all such events is written back, so that the order they come in does not matter.
 */
export class ToolAlertLinks {
  readonly #byFlow = new Map<string, Linked[]>();
  readonly #byEntity = new Map<string, Linked[]>();
  readonly #addresses = new Map<string, number>();
  #queue: Entry[] = [];

  get size(): number {
    return this.#queue.length;
  }

  add(alert: Alert, best = Number.NEGATIVE_INFINITY): void {
    if (alert.timestamp === null) return;
    const linked: Linked = {
      id: alert.id,
      atMicros: alert.timestamp * 1000,
      severity: alert.severity,
      threatConfidence: highest(alert.enrichment.src_threat_confidence, alert.enrichment.dst_threat_confidence),
      criticality: highest(alert.enrichment.src_asset_criticality, alert.enrichment.dst_asset_criticality),
      best,
    };
    const addresses = [alert.ip_src_addr, alert.ip_dst_addr].filter((address) => address !== null);
    const flow = alert.links.flow_key;
    push(this.#byFlow, flow, linked);
    push(this.#byEntity, alert.entity, linked);
    for (const address of addresses) this.#addresses.set(address, (this.#addresses.get(address) ?? 0) + 1);
    this.#queue.push({ linked, flow, entity: alert.entity, addresses });
  }

  /** Whether any alert names the address: the cheap test before {@link patches}. */
  names(address: string): boolean {
    return this.#addresses.has(address);
  }

  /** What to write back because of one scored event. */
  patches(event: ScoredEvent, modelRelevance: number, model: AlertModel, features: () => readonly FeatureContribution[]): RelevancePatch[] {
    const key = flowKey(event);
    const sameFlow = (key === null ? undefined : this.#byFlow.get(key)) ?? [];
    const sameEntity = (event.ip_src_addr === null ? undefined : this.#byEntity.get(event.ip_src_addr)) ?? [];
    const found = new Set<Linked>();
    for (const linked of sameFlow) if (isWithin(linked, event.atMicros, flowWindowMicros)) found.add(linked);
    for (const linked of sameEntity) if (isWithin(linked, event.atMicros, entityWindowMicros)) found.add(linked);
    const patches: RelevancePatch[] = [];
    for (const linked of found) {
      if (modelRelevance <= linked.best) continue;
      linked.best = modelRelevance;
      const { severity, threatConfidence, criticality } = linked;
      patches.push({
        id: linked.id,
        ...explainRelevance({ model: modelRelevance, severity, threatConfidence, criticality }),
        features: features(),
        model,
      });
    }
    return patches;
  }

  /** Forgets alerts that no event after the watermark can speak about. */
  forgetBefore(watermarkMicros: number): void {
    const kept: Entry[] = [];
    for (const entry of this.#queue) {
      if (entry.linked.atMicros + flowWindowMicros >= watermarkMicros) kept.push(entry);
      else this.#remove(entry);
    }
    this.#queue = kept;
  }

  #remove({ linked, flow, entity, addresses }: Entry): void {
    pull(this.#byFlow, flow, linked);
    pull(this.#byEntity, entity, linked);
    for (const address of addresses) {
      const left = this.#addresses.get(address)! - 1;
      if (left === 0) this.#addresses.delete(address);
      else this.#addresses.set(address, left);
    }
  }
}

function isWithin(linked: Linked, atMicros: number, windowMicros: number): boolean {
  return atMicros >= linked.atMicros && atMicros <= linked.atMicros + windowMicros;
}

function highest(a: unknown, b: unknown): number | null {
  const known = [a, b].filter((value) => typeof value === "number");
  return known.length === 0 ? null : Math.max(...known);
}

function push(map: Map<string, Linked[]>, key: string | null, linked: Linked): void {
  if (key === null) return;
  const list = map.get(key);
  if (list) list.push(linked);
  else map.set(key, [linked]);
}

function pull(map: Map<string, Linked[]>, key: string | null, linked: Linked): void {
  if (key === null) return;
  const left = (map.get(key) ?? []).filter((other) => other !== linked);
  if (left.length > 0) map.set(key, left);
  else map.delete(key);
}
