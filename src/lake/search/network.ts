import { isIP, isIPv4, isIPv6 } from "node:net";

/** A range of addresses as its first and last, 4 or 16 bytes each. */
export interface Network {
  readonly family: 4 | 6;
  readonly first: Uint8Array;
  readonly last: Uint8Array;
  readonly prefix: number;
}

/** `10.0.0.0/8`, `2001:db8::/32`; undefined for anything else. Host bits may be set: they are cut. */
export function networkOf(text: string): Network | undefined {
  const slash = text.indexOf("/");
  if (slash === -1 || text.length > 60) return undefined;
  const bits = text.slice(slash + 1);
  const address = addressBytes(text.slice(0, slash));
  if (!address || !/^\d{1,3}$/.test(bits) || Number(bits) > address.length * 8) return undefined;
  const prefix = Number(bits);
  const first = address.map((byte, i) => byte & maskByte(prefix, i));
  const last = address.map((byte, i) => (byte & maskByte(prefix, i)) | (~maskByte(prefix, i) & 0xff));
  return { family: address.length === 4 ? 4 : 6, first, last, prefix };
}

/** An address or a network. */
export function isAddress(text: string): boolean {
  return isIP(text) !== 0 || networkOf(text) !== undefined;
}

function maskByte(prefix: number, index: number): number {
  const bits = Math.min(8, Math.max(0, prefix - 8 * index));
  return (0xff << (8 - bits)) & 0xff;
}

/** 4 or 16 bytes; undefined where the text is no address. */
export function addressBytes(text: string): Uint8Array | undefined {
  if (isIPv4(text)) return Uint8Array.from(text.split("."), Number);
  if (!isIPv6(text) || text.includes("%")) return undefined;
  const [head = "", tail] = text.split("::");
  const left = groupsOf(head);
  const right = tail === undefined ? [] : groupsOf(tail);
  const groups = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

function groupsOf(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (!group.includes(".")) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}

/** The ways in which sources write one address: as it was asked for, shortest (RFC 5952) and, as Suricata does, with all its digits. */
export function spellingsOf(address: string): string[] {
  if (isIP(address) !== 6) return [address];
  const bytes = addressBytes(address);
  if (!bytes) return [address];
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[2 * i]! * 256 + bytes[2 * i + 1]!).toString(16).padStart(4, "0"));
  const shortest = new URL(`http://[${address}]`).hostname.slice(1, -1);
  return [...new Set([address.toLowerCase(), shortest, groups.join(":")])];
}

/** A regular expression (RE2) of the dotted addresses of an IPv4 network. */
export function dottedPattern({ first, last }: Network): string {
  const octets = Array.from({ length: 4 }, (_, i) => {
    const [low, high] = [first[i]!, last[i]!];
    if (low === 0 && high === 255) return "\\d+";
    return low === high ? String(low) : `(?:${Array.from({ length: high - low + 1 }, (_, n) => low + n).join("|")})`;
  });
  return `^${octets.join("\\.")}$`;
}

/** SQL of an IPv6 address in a column as 32 hexadecimal digits; NULL where the text is none. */
export function hexOfAddressSql(value: string): string {
  const groups = (part: string) =>
    `list_transform(list_filter(string_split(split_part(lower(${value}), '::', ${part}), ':'), lambda g: g <> ''), lambda g: lpad(g, 4, '0'))`;
  const filled = `repeat('0000', greatest(0, 8 - len(${groups("1")}) - len(${groups("2")})))`;
  return `CASE WHEN contains(${value}, ':') THEN array_to_string(${groups("1")}, '') || ${filled} || array_to_string(${groups("2")}, '') END`;
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
