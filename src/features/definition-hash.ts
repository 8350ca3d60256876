import { createHash } from "node:crypto";
import type { FeatureDefinition } from "./definition.ts";

/** Raised when a formula changes: the same text then means another matrix, and an old model must not be fed with it. */
const semanticsVersion = 1;

/** The definition as one canonical JSON text: keys sorted, absent ones left out, no white space. */
export function canonicalDefinition(definition: FeatureDefinition): string {
  return canonical(definition);
}

/** SHA-256 over the canonical text and the version of the formulas, 64 hexadecimal digits. */
export function definitionHash(definition: FeatureDefinition): string {
  return createHash("sha256")
    .update(`soclab.features/${semanticsVersion}\n${canonicalDefinition(definition)}`)
    .digest("hex");
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(",")}}`;
}
