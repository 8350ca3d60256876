import { parsePrefix } from "../address.ts";
import { normaliseDomain } from "../intel/domain-name.ts";
import { refangHost, refangUrl } from "../refang.ts";

const digestTypes: ReadonlyMap<number, string> = new Map([
  [32, "md5"],
  [40, "sha1"],
  [56, "sha224"],
  [64, "sha256"],
  [96, "sha384"],
  [128, "sha512"],
]);

/** The MISP type that a bare value is by its form, null where it could be anything. */
export function typeOfText(text: string): string | null {
  const host = refangHost(text);
  if (parsePrefix(host) !== null) return "ip-dst";
  if (/^[0-9a-f]+$/i.test(text) && digestTypes.has(text.length)) return digestTypes.get(text.length)!;
  if (/^[a-z][a-z0-9+.-]*:\/\/./i.test(refangUrl(text))) return "url";
  if (normaliseDomain(host) !== null) return "domain";
  const slash = host.indexOf("/");
  return slash > 0 && normaliseDomain(host.slice(0, slash)) !== null ? "url" : null;
}
