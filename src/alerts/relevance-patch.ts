import { SoclabError } from "../core/index.ts";
import { alertViolations } from "./alert.ts";
import type { RelevancePatch } from "./alert-index.ts";

/**
 * Which of two patches of one alert stays: a total order, so that the outcome does not depend on the order in which they came. The higher model
 * version first (a better model may lower a relevance), then the higher relevance (a flow has several events: its worst counts), then the text.
 */
export function winsOver(challenger: RelevancePatch, holder: RelevancePatch): boolean {
  const [a, b] = [challenger.model?.version ?? 0, holder.model?.version ?? 0];
  if (a !== b) return a > b;
  if (challenger.relevance !== holder.relevance) return challenger.relevance > holder.relevance;
  return patchToJson(challenger) > patchToJson(holder);
}

/** The patch as text, fields in one order. */
export function patchToJson(patch: RelevancePatch): string {
  const { id, relevance, contributions, features, model } = patch;
  return JSON.stringify({ id, relevance, contributions, features, model });
}

const sound = {
  source: "-",
  signature: "",
  feed: "",
  timestamp: null,
  ip_src_addr: null,
  ip_src_port: null,
  ip_dst_addr: null,
  ip_dst_port: null,
  protocol: null,
  original_string: "",
  original_bytes: null,
  entity: null,
  severity: null,
  label: null,
  label_source: null,
  label_confidence: null,
  label_known_at: null,
  enrichment: {},
  late: false,
  links: { flow_key: null, uid: null },
};

/**
 * A patch has the fields of an alert, so the alert's check is its check.
 * @throws SOCLAB_INVALID_VALUE with the first violation
 */
export function checkPatch(patch: RelevancePatch): void {
  const [violation] = alertViolations({ ...sound, ...patch });
  if (violation !== undefined) throw new SoclabError("SOCLAB_INVALID_VALUE", `this is no relevance patch: ${violation}`);
}
