import { type Address, parsePrefix } from "./address.ts";
import { PrefixTableBuilder } from "./prefix-table.ts";

/**
 * Addresses that belong to no country and no autonomous system. They are tested before any database is asked: the country database answers
 * Australia for all private ranges.
 * @see IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and its updates), RFC 5771 and RFC 4291 for multicast
 */
const blocks = [
  ["0.0.0.0/8", "this network"],
  ["10.0.0.0/8", "private"],
  ["100.64.0.0/10", "carrier-grade NAT"],
  ["127.0.0.0/8", "loopback"],
  ["169.254.0.0/16", "link-local"],
  ["172.16.0.0/12", "private"],
  ["192.0.0.0/24", "protocol assignments"],
  ["192.0.2.0/24", "documentation"],
  ["192.168.0.0/16", "private"],
  ["198.18.0.0/15", "benchmarking"],
  ["198.51.100.0/24", "documentation"],
  ["203.0.113.0/24", "documentation"],
  ["224.0.0.0/4", "multicast"],
  ["240.0.0.0/4", "reserved"],
  ["::/128", "unspecified"],
  ["::1/128", "loopback"],
  ["64:ff9b:1::/48", "local-use translation"],
  ["100::/64", "discard-only"],
  ["2001:2::/48", "benchmarking"],
  ["2001:db8::/32", "documentation"],
  ["3fff::/20", "documentation"],
  ["5f00::/16", "segment routing"],
  ["fc00::/7", "private"],
  ["fe80::/10", "link-local"],
  ["fec0::/10", "private"],
  ["ff00::/8", "multicast"],
] as const;

export type SpecialPurpose = (typeof blocks)[number][1];

const builder = new PrefixTableBuilder();
for (const [i, [prefix]] of blocks.entries()) builder.add(parsePrefix(prefix)!, i);
const table = builder.build();

/** What a special-purpose address is for, or null for one that is routed in public. */
export function specialPurposeOf(address: Address): SpecialPurpose | null {
  const block = table.find(address);
  return block < 0 ? null : blocks[block]![1];
}
