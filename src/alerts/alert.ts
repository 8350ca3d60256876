import { isIP } from "node:net";
import { SoclabError } from "../core/index.ts";
import type { JsonValue } from "../event/index.ts";
import type { RelevanceContribution } from "./relevance.ts";
import type { Severity } from "./severity.ts";

/** One feature of the event and how much it moved the model's raw score. */
export interface FeatureContribution {
  readonly name: string;
  /** The feature's value; null where the event had none. */
  readonly value: number | null;
  /** In the detector's own unit, larger pushes towards anomalous. */
  readonly contribution: number;
}

/** Exactly which model spoke. */
export interface AlertModel {
  readonly name: string;
  readonly version: number;
  /** SHA-256 of the artefact file. */
  readonly artefact_hash: string;
  /** Hash of the feature definition that the model was trained with. */
  readonly definition_hash: string;
}

/** Where else the same thing was seen. */
export interface AlertLinks {
  /** See `flowKey`. */
  readonly flow_key: string | null;
  /** The sensor's own name of the flow: Zeek's uid, Suricata's flow id. */
  readonly uid: string | null;
}

/**
 * An alert: one event that a model or a tool calls worth a look, with everything that says why. It holds no wall-clock time and its id is its
 * event's, so that a replay writes the same document. Names are the event's, as in its JSON.
 */
export interface Alert {
  /** The event's `event_id`, 32 hexadecimal digits. */
  readonly id: string;
  /** Who raised it: "model", "suricata", "zeek-notice" or another tool's name. */
  readonly source: string;
  /** What was seen, as one line: the rule's message, or the model's name. */
  readonly signature: string;
  readonly feed: string;
  /** Event time, epoch milliseconds, UTC. */
  readonly timestamp: number | null;
  readonly ip_src_addr: string | null;
  readonly ip_src_port: number | null;
  readonly ip_dst_addr: string | null;
  readonly ip_dst_port: number | null;
  readonly protocol: string | null;
  /** The raw record as text. */
  readonly original_string: string;
  /** The raw record's bytes in base64, where they are not valid UTF-8; else null. */
  readonly original_bytes: string | null;
  /** What the model watches: an address, a user; for a tool's alert the source address. */
  readonly entity: string | null;
  readonly severity: Severity | null;
  /** 0–100. */
  readonly relevance: number;
  /** Parts of the relevance; their points add up to it. */
  readonly contributions: readonly RelevanceContribution[];
  /** The strongest features, strongest first. */
  readonly features: readonly FeatureContribution[];
  readonly model: AlertModel | null;
  readonly label: string | null;
  readonly label_source: string | null;
  readonly label_confidence: number | null;
  /** Epoch milliseconds. */
  readonly label_known_at: number | null;
  /** Enrichment columns that have a value, under their own names: `src_country`, `dst_threat_lists` … */
  readonly enrichment: Readonly<Record<string, JsonValue>>;
  /** The event came after its window had closed. */
  readonly late: boolean;
  readonly links: AlertLinks;
}

/** What an analyst decided; kept apart from the alert, so that no replay touches it. */
export interface Verdict {
  readonly verdict: VerdictValue;
  /** The analyst. */
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly comment: string;
}

export const verdictValues = ["true-positive", "false-positive", "benign", "unsure"] as const;

export type VerdictValue = (typeof verdictValues)[number];

/** An alert as the index gives it back: relevance as patched, and the analyst's verdict beside it. */
export interface IndexedAlert extends Alert {
  readonly verdict: Verdict | null;
}

const text = (value: unknown) => typeof value === "string";
const number = (value: unknown) => typeof value === "number" && Number.isFinite(value);
const orNull = (check: (value: unknown) => boolean) => (value: unknown) => value === null || check(value);
const address = (value: unknown) => typeof value === "string" && isIP(value) !== 0;
const port = (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65535;
const object = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (check: (item: Record<string, unknown>) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.every((item) => object(item) && check(item));

const checks: { readonly [Field in keyof Alert]: readonly [expected: string, check: (value: unknown) => boolean] } = {
  id: ["1 to 128 of A–Z a–z 0–9 . _ : -", isAlertId],
  source: ["a name", (value) => text(value) && value !== ""],
  signature: ["a string", text],
  feed: ["a string", text],
  timestamp: ["epoch milliseconds or null", orNull(number)],
  ip_src_addr: ["an address or null", orNull(address)],
  ip_src_port: ["a port or null", orNull(port)],
  ip_dst_addr: ["an address or null", orNull(address)],
  ip_dst_port: ["a port or null", orNull(port)],
  protocol: ["a string or null", orNull(text)],
  original_string: ["a string", text],
  original_bytes: ["base64 or null", orNull(text)],
  entity: ["a string or null", orNull(text)],
  severity: ["1 to 5 or null", orNull((value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 5)],
  relevance: ["0 to 100", (value) => number(value) && Number(value) >= 0 && Number(value) <= 100],
  contributions: ["a list of { name, points, evidence }", listOf((item) => text(item.name) && number(item.points) && text(item.evidence))],
  features: [
    "a list of { name, value, contribution }",
    listOf((item) => text(item.name) && orNull(number)(item.value) && number(item.contribution)),
  ],
  model: [
    "{ name, version, artefact_hash, definition_hash } or null",
    orNull(
      (value) => object(value) && text(value.name) && number(value.version) && text(value.artefact_hash) && text(value.definition_hash),
    ),
  ],
  label: ["a string or null", orNull(text)],
  label_source: ["a string or null", orNull(text)],
  label_confidence: ["a number or null", orNull(number)],
  label_known_at: ["epoch milliseconds or null", orNull(number)],
  enrichment: ["an object", object],
  late: ["true or false", (value) => typeof value === "boolean"],
  links: ["{ flow_key, uid }", (value) => object(value) && orNull(text)(value.flow_key) && orNull(text)(value.uid)],
};

const checkList = Object.entries(checks);
const fieldNames = new Set(Object.keys(checks));

/** An id that is safe in a path, a URL and a query, whatever made it. */
export function isAlertId(value: unknown): value is string {
  return typeof value === "string" && /^[A-Za-z0-9._:-]{1,128}$/.test(value);
}

/** The runtime check of the document: every field that is missing, unknown or of the wrong kind, as one sentence each; empty if it is sound. */
export function alertViolations(value: unknown): string[] {
  if (!object(value)) return [`an alert is an object, not ${value === null ? "null" : typeof value}`];
  const violations: string[] = [];
  for (const [field, [expected, check]] of checkList) {
    if (!check(value[field])) violations.push(`${field} is ${shown(value[field])}, expected ${expected}`);
  }
  for (const field in value) if (!fieldNames.has(field)) violations.push(`${field} is no field of an alert`);
  return violations;
}

/**
 * The same value as an alert.
 * @throws SOCLAB_INVALID_VALUE with the first violation
 */
export function toAlert(value: unknown): Alert {
  const [violation] = alertViolations(value);
  if (violation !== undefined) throw new SoclabError("SOCLAB_INVALID_VALUE", `this is no alert: ${violation}`);
  return value as Alert;
}

/** The document as text, fields in the order of {@link Alert}, so that equal alerts are equal bytes. */
export function alertToJson(alert: Alert): string {
  const ordered: Record<string, unknown> = {};
  for (const [field] of checkList) ordered[field] = alert[field as keyof Alert];
  ordered.enrichment = sortedKeys(alert.enrichment);
  return JSON.stringify(ordered);
}

function sortedKeys(record: Readonly<Record<string, JsonValue>>): Record<string, JsonValue> {
  const out: Record<string, JsonValue> = {};
  for (const name of Object.keys(record).sort()) out[name] = record[name]!;
  return out;
}

function shown(value: unknown): string {
  return value === undefined ? "missing" : (JSON.stringify(value) ?? typeof value).slice(0, 80);
}
