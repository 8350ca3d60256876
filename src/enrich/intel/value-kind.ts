import { parsePrefix } from "../address.ts";
import { normaliseDomain } from "./domain-name.ts";
import type { IndicatorKind } from "./indicator.ts";
import { normaliseUrl } from "./url-text.ts";

/** MD5, SHA-1, SHA-224, SHA-256, SHA-384 or SHA-512. */
const digest = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i;

/** What a value that says nothing of its kind is; null where it is none of them. */
export function kindOfValue(value: string): IndicatorKind | null {
  if (parsePrefix(value) !== null) return "address";
  if (digest.test(value)) return "hash";
  if (value.includes("/")) return normaliseUrl(value) === null ? null : "url";
  // No top-level domain is a number: this is an address with a mistake.
  return normaliseDomain(value) === null || /(^|\.)\d+\.?$/.test(value) ? null : "domain";
}
