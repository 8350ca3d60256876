import { parsePrefix } from "../address.ts";
import type { IndicatorKind } from "../intel/indicator.ts";
import { refangHost, refangUrl } from "../refang.ts";
import { partWeight, portWeight } from "../stix/pattern-indicators.ts";

/** A value that an attribute names. */
export interface AttributeValue {
  readonly kind: IndicatorKind;
  readonly value: string;
  /** 1 for what stands alone; less where the attribute says more that is not compared. */
  readonly weight: number;
}

/**
 * What an attribute of a type names, or the reason why that is nothing an indicator can be. Of `filename|md5` it is the hash, of `ip-dst|port` the
 * address with less weight, of `domain|ip` both with half of it: they are meant together.
 *
 * @see https://www.misp-project.org/datamodels, the types of MISP
 */
export function attributeValues(type: string, value: string): readonly AttributeValue[] | string {
  switch (type) {
    case "ip-src":
    case "ip-dst":
      return [{ kind: "address", value: refangHost(value), weight: 1 }];
    case "ip-src|port":
    case "ip-dst|port":
      return [{ kind: "address", value: refangHost(firstPart(value)), weight: portWeight }];
    case "domain":
    case "hostname":
      return [hostValue(value, 1)];
    case "hostname|port":
      return [hostValue(firstPart(value), portWeight)];
    case "domain|ip":
      return value.split("|").map((part) => hostValue(part, partWeight));
    case "url":
    case "uri":
    case "link": {
      const url = refangUrl(value);
      return url.startsWith("/") ? "a part of a URL" : [{ kind: "url", value: url, weight: 1 }];
    }
    default:
      return digestValues(type, value);
  }
}

/** Whether detection is meant where an attribute does not say: for all types that name indicators but links. @see describeTypes.json of MISP */
export function isForDetection(type: string): boolean {
  return type !== "link";
}

function digestValues(type: string, value: string): readonly AttributeValue[] | string {
  const bare = type.startsWith("filename|") ? type.slice(9) : type;
  if (digests.has(bare)) {
    const digest = value.slice(value.lastIndexOf("|") + 1).trim();
    return /^[0-9a-f]+$/i.test(digest) ? [{ kind: "hash", value: digest, weight: 1 }] : "a file without a hash";
  }
  if (partialDigests.has(bare)) return "a fuzzy or partial hash";
  for (const [pattern, reason] of reasons) if (pattern.test(type)) return reason;
  return "a type that is no indicator";
}

function hostValue(text: string, weight: number): AttributeValue {
  const value = refangHost(text);
  return { kind: parsePrefix(value) === null ? "domain" : "address", value, weight };
}

/** `192.0.2.1|443`, and `192.0.2.1:443` as older exports have it. */
function firstPart(value: string): string {
  const bar = value.indexOf("|");
  if (bar >= 0) return value.slice(0, bar);
  return /^[^:]+:\d{1,5}$/.test(value) ? value.slice(0, value.indexOf(":")) : value;
}

const digests = new Set(
  (
    "md5 sha1 sha224 sha256 sha384 sha512 sha512/224 sha512/256 sha3-224 sha3-256 sha3-384 sha3-512 " +
    "malware-sample x509-fingerprint-md5 x509-fingerprint-sha1 x509-fingerprint-sha256"
  ).split(" "),
);
const partialDigests = new Set("authentihash cdhash impfuzzy imphash pehash ssdeep telfhash tlsh vhash".split(" "));
const reasons: readonly (readonly [RegExp, string])[] = [
  [/^email|^eppn$|^target-email$|^dns-soa-email$/, "an email"],
  [/^filename|^attachment$|^pdb$/, "a file without a hash"],
  [/^regkey/, "a registry key"],
  [/^mutex$|^named pipe$/, "a mutex"],
  [/^mac-/, "a MAC address"],
  [/^AS$/, "an autonomous system"],
  [/^(?:yara|sigma|snort|zeek|bro|pattern-in-|stix2-pattern|kusto-query|jsondata)/, "a rule"],
  [/fingerprint|^hassh|^jarm|^ja3/, "a fingerprint of a client or server"],
  [/^vulnerability$|^cpe$|^weakness$/, "a vulnerability"],
];
