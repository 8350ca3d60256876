import { parseAddress, parsePrefix } from "../address.ts";
import type { IndicatorKind } from "../intel/indicator.ts";
import { isObject, type JsonObject, property, textOf } from "../json-object.ts";
import { refangHost, refangUrl } from "../refang.ts";
import type { Comparison, ObjectPath, Pattern } from "./pattern.ts";
import { algorithmOf, hashAlgorithmOf, writePath } from "./pattern-paths.ts";
import { microsOf } from "./timestamp.ts";

/** A value that a pattern looks for. */
export interface PatternValue {
  readonly kind: IndicatorKind;
  readonly value: string;
  /** 1 where seeing the value is all the pattern asks for; less where it asks for more that is not compared. */
  readonly weight: number;
  /** From START … STOP, epoch microseconds. */
  readonly from: number | null;
  readonly until: number | null;
}

/** The values of a pattern, and why alternatives of it gave none. */
export interface PatternValues {
  readonly values: readonly PatternValue[];
  readonly setAside: readonly string[];
}

/** An address or a name together with a port: the port is not compared. */
export const portWeight = 0.75;
/** One of several things that have to come together. */
export const partWeight = 0.5;

/**
 * The addresses, domains, URLs and hashes that a pattern looks for.
 *
 * Alternatives (OR, IN) count in full. Of things that must come together (AND, FOLLOWEDBY, REPEATS) each counts with {@link partWeight}, for
 * it says little alone; with {@link portWeight} where only ports and protocols are missing. A cryptographic hash counts in full beside other
 * properties of its object, for it names its content alone.
 */
export function patternValues(pattern: Pattern): PatternValues {
  const { values, reasons } = valuesOf(pattern);
  const best = new Map<string, PatternValue>();
  for (const value of values) {
    const key = `${value.kind} ${value.value} ${value.from} ${value.until}`;
    const known = best.get(key);
    if (known === undefined || known.weight < value.weight) best.set(key, value);
  }
  return { values: [...best.values()], setAside: reasons };
}

interface Found {
  readonly values: readonly PatternValue[];
  readonly reasons: readonly string[];
}

function valuesOf(pattern: Pattern): Found {
  switch (pattern.kind) {
    case "observation":
      return alternatives(pattern.comparison);
    case "or":
      return union(pattern.operands.map(valuesOf));
    case "and":
    case "followedBy":
      return weakened(union(pattern.operands.map(valuesOf)));
    case "qualified": {
      let found = valuesOf(pattern.expression);
      for (const qualifier of pattern.qualifiers) {
        if (qualifier.kind === "repeats" && qualifier.times > 1) found = weakened(found);
        if (qualifier.kind === "startStop") found = during(found, microsOf(qualifier.start), microsOf(qualifier.stop));
      }
      return found;
    }
  }
}

function weakened({ values, reasons }: Found): Found {
  return { values: values.map((value) => ({ ...value, weight: value.weight * partWeight })), reasons: values.length > 0 ? [] : reasons };
}

function during({ values, reasons }: Found, start: number, stop: number): Found {
  const kept = values
    .map((value) => ({ ...value, from: Math.max(value.from ?? start, start), until: Math.min(value.until ?? stop, stop) }))
    .filter(({ from, until }) => from < until);
  return { values: kept, reasons: kept.length < values.length ? [...reasons, "a pattern for no time at all"] : reasons };
}

function union(all: readonly Found[]): Found {
  return { values: all.flatMap(({ values }) => values), reasons: all.flatMap(({ reasons }) => reasons) };
}

function alternatives(comparison: Comparison): Found {
  if (comparison.kind === "or") return union(comparison.operands.map(alternatives));
  if (comparison.kind === "and") return together(comparison.operands);
  return atom(comparison);
}

/** What a part of AND does to the others: nothing, it asks for a port, or it asks for something else. */
type Restriction = "none" | "port" | "other";

function together(operands: readonly Comparison[]): Found {
  // A nested AND is the same as one AND.
  const parts = operands.flatMap((operand) => (operand.kind === "and" ? operand.operands : [operand]));
  const restrictions = parts.map(restrictionOf);
  const values: PatternValue[] = [];
  const reasons: string[] = [];
  for (const [i, part] of parts.entries()) {
    const found = alternatives(part);
    const others = restrictions.filter((_, j) => j !== i);
    const weight = others.includes("other") ? partWeight : others.includes("port") ? portWeight : 1;
    for (const value of found.values) values.push(value.kind === "hash" ? value : { ...value, weight: value.weight * weight });
    if (restrictions[i] !== "none") reasons.push(...found.reasons);
  }
  return { values, reasons: values.length > 0 ? [] : reasons.length > 0 ? reasons.slice(0, 1) : ["a pattern of several things"] };
}

function restrictionOf(comparison: Comparison): Restriction {
  if (comparison.kind === "or" || comparison.kind === "and") {
    const all = comparison.operands.map(restrictionOf);
    return all.includes("other") ? "other" : all.includes("port") ? "port" : "none";
  }
  const last = lastName(comparison.path);
  // What MISP knows besides of an object, which nobody can observe; and the type, which the value tells.
  if (last === "type" || comparison.path.steps.some((step) => step.kind === "property" && step.name.startsWith("x_"))) return "none";
  return last === "src_port" || last === "dst_port" || last === "protocols" ? "port" : "other";
}

function atom(comparison: Exclude<Comparison, { kind: "and" | "or" }>): Found {
  const none = (reason: string): Found => ({ values: [], reasons: [reason] });
  if (comparison.kind === "exists") return none("a pattern without a value");
  const { path, negated } = comparison;
  const target = targetOf(path);
  if (typeof target === "string") return none(target);
  if (negated) return none("a pattern of what is not");
  const texts: string[] = [];
  if (comparison.kind === "text") {
    if (comparison.operator === "ISSUBSET") texts.push(comparison.operand);
    else if (comparison.operator !== "LIKE")
      return none(comparison.operator === "MATCHES" ? "a regular expression" : "a pattern of networks that hold another");
    else {
      const name = /^(?:%\.)?([^%_]+)$/.exec(comparison.operand)?.[1];
      if (name === undefined || (comparison.operand.startsWith("%") && target.kind !== "domain")) return none("a pattern with wildcards");
      texts.push(name);
    }
  } else if (comparison.kind === "compare" && comparison.operator !== "=") return none("a pattern of what is not");
  else
    for (const literal of comparison.kind === "in" ? comparison.literals : [comparison.literal])
      if (literal.kind === "string") texts.push(literal.value);
      else if (literal.kind === "hex") texts.push(Buffer.from(literal.value).toString("hex"));
  const values: PatternValue[] = [];
  const reasons: string[] = [];
  for (const text of texts) {
    const value = readValue(target, text);
    if (typeof value === "string") reasons.push(value);
    else values.push({ ...value, weight: 1, from: null, until: null });
  }
  return { values, reasons: texts.length === 0 ? ["a value of a wrong type"] : reasons };
}

interface Target {
  /** The kind; `"host"` for an address or a domain, whichever the value is. */
  readonly kind: IndicatorKind | "host";
}

/** What a path's values are, or why they are no indicators. */
function targetOf(path: ObjectPath): Target | string {
  const { objectType, steps } = path;
  const last = lastName(path);
  const algorithm = hashAlgorithmOf(path);
  if (algorithm !== null) return cryptographic.has(algorithm) ? { kind: "hash" } : "a fuzzy or partial hash";
  if (objectType.startsWith("email-") && !last.startsWith("x_")) return "an email";
  if (last === "value") {
    if (steps.length > 1)
      return steps.some((step) => step.kind === "property" && /_refs?$/.test(step.name)) ? { kind: "host" } : otherReason(objectType);
    switch (objectType) {
      case "ipv4-addr":
      case "ipv6-addr":
        return { kind: "address" };
      case "domain-name":
        return { kind: "domain" };
      case "url":
        return { kind: "url" };
      default:
        return otherReason(objectType);
    }
  }
  if (last === "url" || last === "request_value") return { kind: "url" };
  if (last.toLowerCase() === "host" && writePath(path).includes("request_header")) return { kind: "host" };
  if (/imphash|fuzzy|ssdeep/.test(last)) return "a fuzzy or partial hash";
  if (last.startsWith("x_misp_")) {
    const relation = last.slice(7);
    if (/^(?:ip|domain|host|hostname|subnet_announced)(?:_(?:src|dst))?$/.test(relation)) return { kind: "host" };
    if (/(?:^|_)(?:url|uri|link)$/.test(relation)) return { kind: "url" };
    if (/(?:^|_)(?:md5|sha1|sha224|sha256|sha384|sha512|certificate)$/.test(relation)) return { kind: "hash" };
  }
  return otherReason(objectType);
}

const cryptographic = new Set("MD5 SHA1 SHA224 SHA256 SHA384 SHA512 SHA512/224 SHA512/256 SHA3224 SHA3256 SHA3384 SHA3512".split(" "));

/** Few words, whatever types the world makes up. */
function otherReason(objectType: string): string {
  return otherTypes.get(objectType) ?? "a pattern of another object";
}

const otherTypes: ReadonlyMap<string, string> = new Map([
  ["file", "a file without a hash"],
  ["directory", "a folder"],
  ["process", "a process"],
  ["windows-registry-key", "a registry key"],
  ["mutex", "a mutex"],
  ["user-account", "a user account"],
  ["software", "a piece of software"],
  ["x509-certificate", "a certificate without a hash"],
  ["mac-addr", "a MAC address"],
  ["autonomous-system", "an autonomous system"],
  ["network-traffic", "network traffic without an address"],
  ["artifact", "an artefact without a hash"],
  ["email-addr", "an email"],
  ["email-message", "an email"],
]);

function readValue(target: Target, text: string): { kind: IndicatorKind; value: string } | string {
  switch (target.kind) {
    case "url": {
      const value = refangUrl(text);
      return /^[a-z][a-z0-9+.-]*:\/\//i.test(value) || !value.startsWith("/") ? { kind: "url", value } : "a part of a URL";
    }
    case "hash":
      return { kind: "hash", value: text.trim() };
    case "domain":
      return hostOf(text, "domain");
    default: {
      const value = refangHost(text);
      if (parsePrefix(value) !== null) return { kind: "address", value };
      return target.kind === "address" ? { kind: "address", value } : hostOf(text, "domain");
    }
  }
}

function hostOf(text: string, kind: "domain"): { kind: IndicatorKind; value: string } {
  const value = refangHost(text);
  return parseAddress(value) === null ? { kind, value } : { kind: "address", value };
}

function lastName(path: ObjectPath): string {
  const last = path.steps.findLast((step) => step.kind === "property");
  return last?.kind === "property" ? last.name : "";
}

/** The values of a cyber-observable object itself: its address, name, URL or hashes. */
export function objectValues(object: JsonObject, type: string): readonly PatternValue[] {
  const whole = { weight: 1, from: null, until: null };
  const hashes = property(object, "hashes");
  if (isObject(hashes))
    return Object.keys(hashes).flatMap((name) => {
      const value = textOf(hashes, name);
      return value !== undefined && cryptographic.has(algorithmOf(name)) ? [{ ...whole, kind: "hash" as const, value: value.trim() }] : [];
    });
  const text = textOf(object, "value");
  const target = text === undefined ? "" : targetOf({ objectType: type, steps: [{ kind: "property", name: "value" }] });
  const found = text === undefined || typeof target === "string" ? "" : readValue(target, text);
  return typeof found === "string" ? [] : [{ ...whole, ...found }];
}
