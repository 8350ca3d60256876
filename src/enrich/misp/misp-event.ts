import type { Indicator, IndicatorSink } from "../intel/indicator.ts";
import { defaultListConfidence } from "../intel/list-source.ts";
import { isObject, type JsonObject, listOf, property, textOf } from "../json-object.ts";
import type { ListDefaults } from "../stix/stix-indicators.ts";
import { cleanTags, tagConfidence, weighted } from "../tag-confidence.ts";
import { attributeValues, isForDetection } from "./attribute-values.ts";
import { instantMicros } from "./misp-time.ts";

/** What an event or an object says of the attributes in it. */
interface Surroundings {
  readonly tags: readonly string[];
  readonly knownAt: number | null;
  readonly firstSeen: number | null;
}

/** What a false-positive sighting leaves of an attribute's confidence, where it was not also seen. */
export const disputedWeight = 0.5;

const maxNesting = 12;

/**
 * Takes MISP documents and gives the indicators of their attributes: events with attributes and objects, answers of the API (`response`), lists of
 * them, and single objects or attributes.
 *
 * An attribute is an indicator where MISP says that it is for detection (`to_ids`; where it says nothing, by its type). Deleted attributes,
 * proposals, decayed ones and those on a warning list of false positives are set aside.
 */
export class MispIndicators {
  readonly #defaults: ListDefaults;
  readonly #sink: IndicatorSink;

  constructor(defaults: ListDefaults, sink: IndicatorSink) {
    this.#defaults = defaults;
    this.#sink = sink;
  }

  add(document: unknown): void {
    this.#read(
      document,
      { tags: this.#defaults.tags ?? [], knownAt: this.#defaults.knownAt ?? null, firstSeen: this.#defaults.validFrom ?? null },
      0,
    );
  }

  #read(value: unknown, around: Surroundings, depth: number): void {
    if (depth > maxNesting) this.#sink.setAside("nested too deeply");
    else if (Array.isArray(value)) for (const one of value) this.#read(one, around, depth + 1);
    else if (!isObject(value)) this.#sink.setAside("no MISP object");
    else if (property(value, "response") !== undefined) this.#read(property(value, "response"), around, depth + 1);
    else if (isObject(property(value, "Event")) && textOf(value, "type") === undefined)
      this.#container(property(value, "Event"), around, depth);
    else if (textOf(value, "type") !== undefined && property(value, "value") !== undefined) this.#attribute(value, around);
    else if (["Attribute", "Object", "ShadowAttribute"].some((name) => property(value, name) !== undefined))
      this.#container(value, around, depth);
    else if (property(value, "GalaxyCluster") !== undefined) this.#sink.setAside("a galaxy");
    else if (textOf(value, "info") === undefined && textOf(value, "name") === undefined) this.#sink.setAside("no MISP object");
  }

  /** An event or an object: what it says holds for the attributes in it. */
  #container(value: unknown, around: Surroundings, depth: number): void {
    if (!isObject(value)) {
      this.#sink.setAside("no MISP object");
      return;
    }
    const inside: Surroundings = {
      tags: [...around.tags, ...tagsOf(value)],
      knownAt: instantMicros(property(value, "timestamp")) ?? around.knownAt,
      firstSeen: instantMicros(property(value, "first_seen")) ?? around.firstSeen,
    };
    for (const name of ["Attribute", "Object"]) {
      const part = property(value, name);
      if (part === undefined || part === null) continue;
      if (property(value, "deleted") === true) this.#countDeleted(part);
      else this.#read(part, inside, depth + 1);
    }
    for (const _ of listOf(value, "ShadowAttribute")) this.#sink.setAside("a proposal");
  }

  #countDeleted(part: unknown): void {
    for (const _ of Array.isArray(part) ? part : [part]) this.#sink.setAside("deleted");
  }

  #attribute(attribute: JsonObject, around: Surroundings): void {
    for (const _ of listOf(attribute, "ShadowAttribute")) this.#sink.setAside("a proposal");
    const type = textOf(attribute, "type") ?? "";
    const value = property(attribute, "value");
    const values = whyNot(attribute, type) ?? (typeof value === "string" ? attributeValues(type, value) : "a value of a wrong type");
    if (typeof values === "string") {
      this.#sink.setAside(values);
      return;
    }
    const own = tagsOf(attribute);
    const tags = cleanTags([...own, ...around.tags, ...categoryOf(attribute)]);
    const confidence = tagConfidence(own) ?? tagConfidence(around.tags) ?? this.#defaults.confidence ?? defaultListConfidence;
    const { weight, expires } = sightingsOf(attribute);
    const statement: Omit<Indicator, "kind" | "value" | "confidence"> = {
      list: this.#defaults.name,
      feed: this.#defaults.feed ?? this.#defaults.name,
      knownAt: instantMicros(property(attribute, "timestamp")) ?? around.knownAt,
      validFrom: instantMicros(property(attribute, "first_seen")) ?? around.firstSeen,
      validUntil: expires ?? this.#defaults.validUntil ?? null,
      tags,
      id: textOf(attribute, "uuid"),
    };
    for (const found of values)
      this.#sink.add({ ...statement, kind: found.kind, value: found.value, confidence: weighted(confidence, found.weight * weight) });
  }
}

/** Why an attribute is not used for detection, null where it is. */
function whyNot(attribute: JsonObject, type: string): string | null {
  if (isTrue(property(attribute, "deleted"))) return "deleted";
  const flag = property(attribute, "to_ids");
  if (flag === undefined || flag === null ? !isForDetection(type) : !isTrue(flag)) return "not for detection (to_ids)";
  if (listOf(attribute, "warnings").some((hit) => isObject(hit) && textOf(hit, "warninglist_category") !== "known"))
    return "on a warning list";
  const scores = listOf(attribute, "decay_score").filter(isObject);
  return scores.length > 0 && scores.every((score) => property(score, "decayed") === true) ? "decayed" : null;
}

/** Flags are booleans, numbers or texts, as the version and format of MISP has it. */
export function isTrue(flag: unknown): boolean {
  return flag === true || flag === 1 || flag === "1" || (typeof flag === "string" && flag.toLowerCase() === "true");
}

function tagsOf(holder: JsonObject): string[] {
  const tags = listOf(holder, "Tag").filter(isObject);
  const names = tags.flatMap((tag) => textOf(tag, "name") ?? []);
  for (const galaxy of listOf(holder, "Galaxy").filter(isObject))
    for (const cluster of listOf(galaxy, "GalaxyCluster").filter(isObject)) {
      const name = textOf(cluster, "value");
      const tag =
        textOf(cluster, "tag_name") ?? (name === undefined ? undefined : `misp-galaxy:${textOf(cluster, "type") ?? "galaxy"}="${name}"`);
      if (tag !== undefined) names.push(tag);
    }
  return names;
}

function categoryOf(attribute: JsonObject): string[] {
  const category = textOf(attribute, "category");
  return category === undefined ? [] : [`misp:category="${category}"`];
}

/** What sightings say: seen only falsely, and the time from which it counts no longer. @see MISP core format, section 2.2.11 */
function sightingsOf(attribute: JsonObject): { weight: number; expires: number | null } {
  let seen = 0;
  let disputed = 0;
  let expires: number | null = null;
  for (const sighting of listOf(attribute, "Sighting").filter(isObject)) {
    const type = String(property(sighting, "type") ?? "0");
    if (type === "1") disputed++;
    else if (type === "2") {
      const at = instantMicros(property(sighting, "date_sighting"));
      if (at !== null && (expires === null || at > expires)) expires = at;
    } else seen++;
  }
  return { weight: disputed > seen ? disputedWeight : 1, expires };
}
