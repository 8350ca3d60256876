import { SoclabError } from "../../core/index.ts";
import type { Indicator, IndicatorSink } from "../intel/indicator.ts";
import { defaultListConfidence, type ThreatListSource } from "../intel/list-source.ts";
import { isObject, type JsonObject, listOf, property, textOf, textsOf } from "../json-object.ts";
import { cleanTags, tagConfidence, weighted } from "../tag-confidence.ts";
import { knownMarkingTag, markingTag } from "./marking-tags.ts";
import { objectValues, type PatternValue, patternValues } from "./pattern-indicators.ts";
import { parsePattern } from "./pattern-parser.ts";
import { timestampMicros } from "./timestamp.ts";

/** What holds for the indicators of a list that do not tell themselves. */
export type ListDefaults = Omit<ThreatListSource, "format" | "path">;

/** An indicator whose tags are not complete before all objects were read. */
interface Draft {
  readonly id: string;
  readonly modified: number;
  /** Why it gives no indicators, where it gives none at all. */
  readonly setAside: readonly string[];
  readonly values: readonly PatternValue[];
  readonly statement: Omit<Indicator, "kind" | "value" | "validFrom" | "validUntil" | "tags">;
  readonly from: number | null;
  readonly until: number | null;
  readonly tags: readonly string[];
  readonly markings: readonly string[];
  readonly by: string | undefined;
}

/**
 * Takes STIX objects in any order and, when all are there, gives their indicators: the latest version of each, with the names of what it
 * indicates as tags.
 *
 * Indicators come from `indicator` objects. Objects that were only observed are none, with two exceptions where the document itself says that
 * they are bad: the samples of a malware (`sample_refs`), and what an infrastructure for attacks consists of.
 */
export class StixIndicators {
  readonly #defaults: ListDefaults;
  readonly #drafts = new Map<string, Draft>();
  readonly #names = new Map<string, string>();
  readonly #markings = new Map<string, string>();
  /** Names of what an object indicates, by its id. */
  readonly #indicates = new Map<string, string[]>();
  readonly #samples = new Map<string, string[]>();
  readonly #parts: (readonly [infrastructure: string, part: string])[] = [];
  readonly #hostile = new Map<string, JsonObject>();
  readonly #observables = new Map<string, readonly PatternValue[]>();
  readonly #reasons: string[] = [];

  constructor(defaults: ListDefaults) {
    this.#defaults = defaults;
  }

  /** Takes an object, a bundle, or a list of them. What is no object counts as set aside. */
  add(value: unknown): void {
    if (Array.isArray(value)) for (const one of value) this.add(one);
    else if (!isObject(value)) this.#reasons.push("no STIX object");
    else {
      const type = textOf(value, "type");
      if (type === undefined && Array.isArray(property(value, "objects"))) this.add(property(value, "objects"));
      else if (type === "bundle") this.add(listOf(value, "objects"));
      else if (type === undefined) this.#reasons.push("no STIX object");
      else this.#addObject(value, type);
    }
  }

  finish(sink: IndicatorSink): void {
    for (const reason of this.#reasons) sink.setAside(reason);
    for (const draft of this.#drafts.values()) {
      for (const reason of draft.setAside) sink.setAside(reason);
      if (draft.values.length > 0) this.#emit(draft, sink);
    }
    this.#emitObserved(sink);
  }

  #addObject(object: JsonObject, type: string): void {
    const id = textOf(object, "id") ?? "";
    if (type === "indicator") this.#addIndicator(object, id);
    else if (type === "relationship") this.#addRelationship(object);
    else if (type === "marking-definition") {
      const tag = markingTag(object);
      if (tag !== undefined) this.#markings.set(id, tag);
    } else if (named.has(type)) {
      const name = textOf(object, "name");
      if (name !== undefined) this.#names.set(id, `${type}:${name}`);
      if (property(object, "revoked") === true) return;
      if (type === "malware") for (const sample of textsOf(object, "sample_refs")) push(this.#samples, sample, id);
      if (type === "infrastructure" && textsOf(object, "infrastructure_types").some((kind) => attackInfrastructure.has(kind)))
        this.#hostile.set(id, object);
      if (type === "malware") this.#hostile.set(id, object);
    } else if (observable.has(type)) {
      const values = objectValues(object, type);
      if (values.length > 0) this.#observables.set(id, values);
    }
  }

  #addIndicator(object: JsonObject, id: string): void {
    const modified =
      timestampMicros(property(object, "modified")) ?? timestampMicros(property(object, "created")) ?? Number.NEGATIVE_INFINITY;
    const known = id === "" ? undefined : this.#drafts.get(id);
    if (known !== undefined) this.#reasons.push("an older version");
    if (known !== undefined && known.modified >= modified) return;
    const labels = textsOf(object, "labels");
    const types = textsOf(object, "indicator_types");
    const phases = listOf(object, "kill_chain_phases")
      .filter(isObject)
      .map((phase) => `${textOf(phase, "kill_chain_name") ?? "kill-chain"}:${textOf(phase, "phase_name") ?? ""}`);
    const from =
      timestampMicros(property(object, "valid_from")) ?? timestampMicros(property(object, "created")) ?? this.#defaults.validFrom ?? null;
    const until = timestampMicros(property(object, "valid_until")) ?? this.#defaults.validUntil ?? null;
    const { values, setAside } = this.#valuesOf(object, types.length > 0 ? types : labels, from, until);
    const draft: Draft = {
      id,
      modified,
      setAside,
      values,
      statement: {
        list: this.#defaults.name,
        feed: this.#defaults.feed ?? this.#defaults.name,
        confidence: this.#confidenceOf(object, labels),
        knownAt: modified === Number.NEGATIVE_INFINITY ? (this.#defaults.knownAt ?? null) : modified,
        id: id === "" ? undefined : id,
      },
      from,
      until,
      tags: [...(this.#defaults.tags ?? []), ...types, ...labels, ...phases],
      markings: textsOf(object, "object_marking_refs"),
      by: textOf(object, "created_by_ref"),
    };
    this.#drafts.set(id === "" ? ` ${this.#drafts.size}` : id, draft);
  }

  /** The values of an indicator's pattern, or the one reason why there are none. */
  #valuesOf(object: JsonObject, types: readonly string[], from: number | null, until: number | null) {
    const none = (reason: string) => ({ values: [], setAside: [reason] });
    if (property(object, "revoked") === true) return none("revoked");
    if (types.includes("benign")) return none("benign");
    if (from !== null && until !== null && until <= from) return none("valid for no time at all");
    const language = textOf(object, "pattern_type") ?? "stix";
    if (language !== "stix") return none(languages.has(language) ? `a ${language} rule` : "a pattern in another language");
    const pattern = textOf(object, "pattern");
    if (pattern === undefined) return none("no pattern");
    try {
      return patternValues(parsePattern(pattern));
    } catch (error) {
      if (error instanceof SoclabError) return none("a pattern with a mistake");
      throw error;
    }
  }

  #confidenceOf(object: JsonObject, labels: readonly string[]): number {
    const stated = property(object, "confidence");
    if (typeof stated === "number" && stated >= 0 && stated <= 100) return stated / 100;
    return tagConfidence(labels) ?? this.#defaults.confidence ?? defaultListConfidence;
  }

  #addRelationship(object: JsonObject): void {
    const source = textOf(object, "source_ref");
    const target = textOf(object, "target_ref");
    if (source === undefined || target === undefined || property(object, "revoked") === true) return;
    const kind = textOf(object, "relationship_type");
    if (kind === "indicates") push(this.#indicates, source, target);
    if (kind === "consists-of") this.#parts.push([source, target]);
  }

  #emit(draft: Draft, sink: IndicatorSink): void {
    const names = (this.#indicates.get(draft.id) ?? []).map((target) => this.#names.get(target));
    const markings = draft.markings.map((id) => this.#markings.get(id) ?? knownMarkingTag(id));
    const author = draft.by === undefined ? undefined : this.#names.get(draft.by);
    const tags = cleanTags([...draft.tags, ...names, ...markings, author].filter((tag) => tag !== undefined));
    for (const { kind, value, weight, from, until } of draft.values)
      sink.add({
        ...draft.statement,
        kind,
        value,
        confidence: weighted(draft.statement.confidence, weight),
        validFrom: from === null ? draft.from : Math.max(from, draft.from ?? from),
        validUntil: until === null ? draft.until : Math.min(until, draft.until ?? until),
        tags,
      });
  }

  #emitObserved(sink: IndicatorSink): void {
    const owners = new Map(this.#samples);
    for (const [infrastructure, part] of this.#parts) push(owners, part, infrastructure);
    for (const [id, values] of this.#observables) {
      const owner = owners.get(id)?.find((one) => this.#hostile.has(one));
      const object = owner === undefined ? undefined : this.#hostile.get(owner);
      if (owner === undefined || object === undefined) {
        for (const _ of values) sink.setAside("observed only");
        continue;
      }
      const modified = timestampMicros(property(object, "modified")) ?? timestampMicros(property(object, "created"));
      const tags = cleanTags([...(this.#defaults.tags ?? []), this.#names.get(owner) ?? ""]);
      for (const { kind, value } of values)
        sink.add({
          kind,
          value,
          list: this.#defaults.name,
          feed: this.#defaults.feed ?? this.#defaults.name,
          confidence: this.#confidenceOf(object, textsOf(object, "labels")),
          validFrom: timestampMicros(property(object, "first_seen")) ?? this.#defaults.validFrom ?? null,
          validUntil: this.#defaults.validUntil ?? null,
          knownAt: modified ?? this.#defaults.knownAt ?? null,
          tags,
          id,
        });
    }
  }
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

/** Objects whose names become tags. */
const named = new Set("attack-pattern campaign identity infrastructure intrusion-set malware threat-actor tool vulnerability".split(" "));
const observable = new Set(["ipv4-addr", "ipv6-addr", "domain-name", "url", "file", "artifact", "x509-certificate"]);
/** Infrastructure that is there to attack. Others (anonymization, amplification, target lists) are used by attackers among others. */
const attackInfrastructure = new Set(["botnet", "command-and-control", "exfiltration", "hosting-malware", "phishing", "staging"]);
const languages = new Set(["pcre", "sigma", "snort", "suricata", "yara"]);
