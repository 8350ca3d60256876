import type { JsonPath } from "../documents/json-path.ts";
import type { Json } from "../json/json-values.ts";
import type { FieldRecord } from "../records/record-feed.ts";

/** The document without the values at the paths: those have columns already. What is in lists stays, for a list is one value. */
export function withoutPaths(document: FieldRecord, paths: readonly JsonPath[]): FieldRecord {
  const here = paths.filter(([first]) => first?.kind === "key");
  const rest: FieldRecord = {};
  for (const key of Object.keys(document)) {
    const value = document[key]!;
    const below = here.filter(([first]) => first!.key === key);
    if (below.some(({ length }) => length === 1)) continue;
    const inner = below.map((path) => path.slice(1));
    const kept = inner.length > 0 && isMap(value) ? withoutPaths(value, inner) : value;
    if (isMap(kept) && kept !== value && Object.keys(kept).length === 0) continue;
    Object.defineProperty(rest, key, { value: kept, enumerable: true, configurable: true, writable: true });
  }
  return rest;
}

function isMap(value: Json): value is FieldRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
