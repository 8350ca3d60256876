import { SoclabError } from "../../core/index.ts";
import { isObject, type JsonObject, listOf, property, textOf, textsOf } from "../json-object.ts";
import { timestampMicros } from "./timestamp.ts";

/** One observed-data object: what was seen at the same time, how often, and when. */
export interface Observation {
  readonly id: string;
  /** Epoch microseconds. */
  readonly first: number;
  readonly last: number;
  /** How many times it was seen: so often it can stand for a part of the pattern. */
  readonly count: number;
  /** The objects a pattern starts from. */
  readonly roots: readonly JsonObject[];
  /** Where references lead. */
  readonly objects: ReadonlyMap<string, JsonObject>;
}

/**
 * The observed data of bundles, in the form of STIX 2.1 (`object_refs`) or 2.0 (`objects`). Objects that no observed data refers to are not
 * observed.
 *
 * @param data - a bundle, an observed-data object, or a list of them
 * @throws SOCLAB_INVALID_VALUE for observed data without its times or its count
 */
export function observationsOf(data: unknown): Observation[] {
  const observations: Observation[] = [];
  const parts = Array.isArray(data) ? data.filter(isObject) : [data].filter(isObject);
  const loose = parts.filter((part) => textOf(part, "type") !== "bundle");
  const bundles = parts.filter((part) => textOf(part, "type") === "bundle").map((part) => listOf(part, "objects").filter(isObject));
  for (const objects of [...bundles, loose]) {
    const byId = new Map<string, JsonObject>();
    for (const object of objects) {
      const id = textOf(object, "id");
      if (id !== undefined) byId.set(id, object);
    }
    for (const object of objects) if (textOf(object, "type") === "observed-data") observations.push(observation(object, byId));
  }
  return observations;
}

function observation(data: JsonObject, bundle: ReadonlyMap<string, JsonObject>): Observation {
  const id = textOf(data, "id") ?? "observed-data";
  const first = timestampMicros(property(data, "first_observed"));
  const last = timestampMicros(property(data, "last_observed"));
  const count = property(data, "number_observed");
  if (first === null) throw wrong(id, "first_observed", data, "a time like 2026-11-25T05:00:00Z");
  if (last === null || last < first) throw wrong(id, "last_observed", data, "a time not before first_observed");
  if (typeof count !== "number" || !Number.isInteger(count) || count < 1) throw wrong(id, "number_observed", data, "a whole number from 1");
  const embedded = property(data, "objects");
  if (isObject(embedded) && property(data, "object_refs") === undefined) {
    const objects = new Map(Object.entries(embedded).filter((entry): entry is [string, JsonObject] => isObject(entry[1])));
    return { id, first, last, count, roots: [...objects.values()], objects };
  }
  const roots = textsOf(data, "object_refs")
    .map((ref) => bundle.get(ref))
    .filter((object) => object !== undefined);
  return { id, first, last, count, roots, objects: bundle };
}

function wrong(id: string, name: string, data: JsonObject, expected: string): SoclabError {
  const shown = JSON.stringify(property(data, name))?.slice(0, 80) ?? "missing";
  return new SoclabError("SOCLAB_INVALID_VALUE", `${id}: ${name} is ${shown}, expected ${expected}`);
}
