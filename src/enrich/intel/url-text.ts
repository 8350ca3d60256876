import { domainToASCII } from "node:url";
import { parseAddress } from "../address.ts";

/**
 * A URL as it is compared: host, port where it is not the scheme's own, path and query. HTTP and HTTPS are one, and no scheme is as good; another
 * scheme stays before the host. The host is in lower case and punycode, what a server reads the same is written the same (percent-encoding, dot
 * segments, an empty path), user and fragment are dropped. A path on any host starts with `/`. Null where it is no URL.
 * @see RFC 3986, section 6.2.2
 */
export function normaliseUrl(text: string): string | null {
  let rest = text.trim();
  let scheme = "";
  let hasUser = true;
  const named = /^([a-z][a-z0-9+.-]{0,30}):\/\//i.exec(rest);
  if (named !== null) {
    scheme = named[1]!.toLowerCase();
    rest = rest.slice(named[0].length);
  } else if (rest.startsWith("//")) rest = rest.slice(2);
  else if (rest.startsWith("/")) return normalisePath(rest);
  else hasUser = false;
  const authorityEnd = rest.search(/[/?#\\]/);
  const authority = authorityEnd < 0 ? rest : rest.slice(0, authorityEnd);
  const host = normaliseAuthority(hasUser ? authority.slice(authority.lastIndexOf("@") + 1) : authority, scheme);
  if (host === null) return null;
  const path = normalisePath(authorityEnd < 0 ? "/" : rest.slice(authorityEnd));
  return scheme === "" || scheme === "http" || scheme === "https" ? host + path : `${scheme}://${host}${path}`;
}

/** Host and port of a URL without `user@`; null where it is none. */
function normaliseAuthority(text: string, scheme: string): string | null {
  const parts = /^(\[[^\]]*\]|[^:[\]]*)(?::(\d{0,5}))?$/.exec(text);
  if (parts === null) return null;
  const host = normaliseHost(parts[1]!);
  if (host === null) return null;
  const port = parts[2] ?? "";
  const isDefault = port === "" || (port === "80" && scheme !== "https") || (port === "443" && scheme !== "http");
  return isDefault ? host : `${host}:${Number(port)}`;
}

function normaliseHost(text: string): string | null {
  if (text.startsWith("[")) {
    const address = parseAddress(text.slice(1, -1));
    if (address === null) return null;
    return address.family === 4
      ? address.text
      : `[${address.words.map((word) => `${(word >>> 16).toString(16)}:${(word & 0xffff).toString(16)}`).join(":")}]`;
  }
  const bare = text.endsWith(".") ? text.slice(0, -1) : text;
  const name = /^[\x21-\x7e]*$/.test(bare) ? bare.toLowerCase() : domainToASCII(bare);
  return name.length <= 253 && /^[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?$/.test(name) ? name : null;
}

/** Path and query, from a text that may still have a fragment. */
function normalisePath(text: string): string {
  const fragment = text.indexOf("#");
  const bare = fragment < 0 ? text : text.slice(0, fragment);
  const mark = bare.indexOf("?");
  const path = (mark < 0 ? bare : bare.slice(0, mark)).replaceAll("\\", "/");
  const query = mark < 0 || mark === bare.length - 1 ? "" : `?${normaliseEncoding(bare.slice(mark + 1))}`;
  const encoded = normaliseEncoding(path.startsWith("/") ? path : `/${path}`);
  return (encoded.includes("/.") ? withoutDotSegments(encoded) : encoded) + query;
}

/** Characters that need no encoding are written as themselves, all others as `%` and upper-case digits. */
function normaliseEncoding(text: string): string {
  return text
    .replace(/%[\da-f]{2}/gi, (code) => {
      const char = String.fromCharCode(Number.parseInt(code.slice(1), 16));
      return /[\w.~-]/.test(char) ? char : code.toUpperCase();
    })
    .replace(/[^\x21\x24-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]+/g, (other) => encodeURIComponent(other.toWellFormed()));
}

/** RFC 3986, section 5.2.4. */
function withoutDotSegments(path: string): string {
  const out: string[] = [];
  const segments = path.split("/").slice(1);
  for (const [i, segment] of segments.entries()) {
    if (segment === "..") out.pop();
    else if (segment !== ".") out.push(segment);
    if ((segment === "." || segment === "..") && i === segments.length - 1) out.push("");
  }
  return `/${out.join("/")}`;
}

/** A character of a normalised host without port. */
const plainHost = 1;
/** A character of a normalised path or query that can stand for itself. */
const plainPath = 2;
const hexDigit = 4;
const classes = new Uint8Array(128);
for (const char of "abcdefghijklmnopqrstuvwxyz0123456789.-_") classes[char.charCodeAt(0)]! |= plainHost;
for (let char = 0x21; char < 0x7f; char++) if (!`"#%<>\\^\`{|}`.includes(String.fromCharCode(char))) classes[char]! |= plainPath;
for (const char of "0123456789ABCDEF") classes[char.charCodeAt(0)]! |= hexDigit;

/**
 * The parts of a normalised URL inside a text, found without making a string where the text is normal already, as most are. One object serves
 * any number of look-ups.
 */
export class UrlParts {
  text = "";
  /** Where the host starts, or a scheme other than HTTP; where there is none, the path. */
  start = 0;
  pathStart = 0;
  /** Where the query starts, with its `?`; the end where there is none. */
  queryStart = 0;

  /** @returns false where the text is no URL */
  read(text: string): boolean {
    if (this.#readPlain(text)) return true;
    const url = normaliseUrl(text);
    if (url === null) return false;
    this.text = url;
    this.start = 0;
    const scheme = url.indexOf("://");
    this.pathStart = url.indexOf("/", scheme < 0 || scheme > url.indexOf("/") ? 0 : scheme + 3);
    const mark = url.indexOf("?", this.pathStart);
    this.queryStart = mark < 0 ? url.length : mark;
    return true;
  }

  #readPlain(text: string): boolean {
    const { length } = text;
    let i = text.startsWith("http://") ? 7 : text.startsWith("https://") ? 8 : 0;
    const start = i;
    while (i < length && (classes[text.charCodeAt(i)]! & plainHost) !== 0) i++;
    if (i - start > 253) return false;
    // A path on any host must not start with two slashes; a host starts and ends with a letter, a digit or an underscore.
    if (i === start ? start > 0 || text.charCodeAt(1) === 47 : isEdge(text.charCodeAt(start)) || isEdge(text.charCodeAt(i - 1)))
      return false;
    if (text.charCodeAt(i) === 58) {
      const port = ++i;
      while (i < length && isDigit(text.charCodeAt(i))) i++;
      if (i === port || i - port > 5 || text.charCodeAt(port) === 48 || isDefaultPort(text, port, i)) return false;
    }
    if (text.charCodeAt(i) !== 47) return false;
    const pathStart = i;
    let queryStart = length;
    for (; i < length; i++) {
      const char = text.charCodeAt(i);
      if ((classes[char]! & plainPath) === 0) {
        if (char !== 37 || !isNormalEscape(text, i)) return false;
      } else if (char === 63 && queryStart === length) queryStart = i;
      else if (char === 46 && text.charCodeAt(i - 1) === 47 && queryStart === length) return false;
    }
    if (queryStart === length - 1) return false;
    this.text = text;
    this.start = start;
    this.pathStart = pathStart;
    this.queryStart = queryStart;
    return true;
  }
}

function isDigit(char: number): boolean {
  return char >= 48 && char <= 57;
}

/** Where in doubt, true. */
function isDefaultPort(text: string, start: number, end: number): boolean {
  return (end - start === 2 && text.startsWith("80", start)) || (end - start === 3 && text.startsWith("443", start));
}

/** A dot or a hyphen. */
function isEdge(char: number): boolean {
  return char === 45 || char === 46;
}

/** `%` with two upper-case digits, of a character that needs them. */
function isNormalEscape(text: string, at: number): boolean {
  if ((classes[text.charCodeAt(at + 1)]! & hexDigit) === 0 || (classes[text.charCodeAt(at + 2)]! & hexDigit) === 0) return false;
  return !/[\w.~-]/.test(String.fromCharCode(Number.parseInt(text.slice(at + 1, at + 3), 16)));
}
