import { isIPv6 } from "node:net";

/** An IP address as unsigned 32-bit words, most significant first: one word for IPv4, four for IPv6. */
export interface Address {
  readonly family: 4 | 6;
  readonly words: readonly number[];
  /** As a look-up by text wants it: no zone, an IPv4-mapped IPv6 address as IPv4. */
  readonly text: string;
}

/** The first `length` bits of an address; the bits after them are 0. */
export interface AddressPrefix {
  readonly family: 4 | 6;
  readonly words: readonly number[];
  readonly length: number;
}

/** The address a text means, or null where it is none. `::ffff:192.0.2.1` is the IPv4 address it maps, a zone (`%eth0`) is dropped. */
export function parseAddress(text: string): Address | null {
  const v4 = parseIPv4(text);
  if (v4 >= 0) return { family: 4, words: [v4], text };
  if (!text.includes(":") || !isIPv6(text)) return null;
  const zone = text.indexOf("%");
  const bare = zone < 0 ? text : text.slice(0, zone);
  const words = parseIPv6(bare);
  if (words[0] === 0 && words[1] === 0 && words[2] === 0xffff) return { family: 4, words: [words[3]!], text: formatIPv4(words[3]!) };
  return { family: 6, words, text: bare };
}

/** `192.0.2.0/24`, `2001:db8::/32` or a single address, which is a prefix of full length; null where it is neither. */
export function parsePrefix(text: string): AddressPrefix | null {
  const slash = text.indexOf("/");
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === null) return null;
  const bits = address.family === 4 ? 32 : 128;
  if (slash < 0) return { family: address.family, words: address.words, length: bits };
  const digits = text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(digits)) return null;
  const mapped = address.family === 4 && text.includes(":");
  const length = Number(digits) - (mapped ? 96 : 0);
  if (length < 0 || length > bits) return null;
  return { family: address.family, words: maskWords(address.words, length), length };
}

/** The words with every bit after the first `length` cleared. */
export function maskWords(words: readonly number[], length: number): number[] {
  return words.map((word, i) => {
    const kept = Math.min(32, Math.max(0, length - 32 * i));
    return kept === 0 ? 0 : (word & (0xffffffff << (32 - kept))) >>> 0;
  });
}

export function formatIPv4(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

/** The address as one number, or -1: four decimal octets without leading zeros, as `net.isIP` has it. */
function parseIPv4(text: string): number {
  const { length } = text;
  if (length < 7 || length > 15) return -1;
  let value = 0;
  let octet = -1;
  let dots = 0;
  for (let i = 0; i < length; i++) {
    const char = text.charCodeAt(i);
    if (char === 46) {
      if (octet < 0 || ++dots > 3) return -1;
      value = value * 256 + octet;
      octet = -1;
    } else {
      if (char < 48 || char > 57 || octet === 0) return -1;
      octet = (octet < 0 ? 0 : octet * 10) + char - 48;
      if (octet > 255) return -1;
    }
  }
  return dots === 3 && octet >= 0 ? value * 256 + octet : -1;
}

/** The four words of a text that `isIPv6` accepted. */
function parseIPv6(text: string): number[] {
  let hex = text;
  const dotted = text.lastIndexOf(":") + 1;
  if (text.includes(".")) {
    const v4 = parseIPv4(text.slice(dotted));
    hex = `${text.slice(0, dotted)}${(v4 >>> 16).toString(16)}:${(v4 & 0xffff).toString(16)}`;
  }
  const [left = "", right] = hex.split("::");
  const head = left === "" ? [] : left.split(":");
  const tail = right === undefined || right === "" ? [] : right.split(":");
  const groups = [...head, ...Array<string>(8 - head.length - tail.length).fill("0"), ...tail].map((group) => Number.parseInt(group, 16));
  return [0, 2, 4, 6].map((i) => groups[i]! * 65536 + groups[i + 1]!);
}
