/** IANA protocol numbers that are seen, by their keyword in lower case. @see https://www.iana.org/assignments/protocol-numbers */
const names: Readonly<Record<number, string>> = {
  0: "hopopt",
  1: "icmp",
  2: "igmp",
  4: "ipv4",
  6: "tcp",
  8: "egp",
  9: "igp",
  17: "udp",
  27: "rdp",
  33: "dccp",
  41: "ipv6",
  43: "ipv6-route",
  44: "ipv6-frag",
  46: "rsvp",
  47: "gre",
  50: "esp",
  51: "ah",
  58: "ipv6-icmp",
  59: "ipv6-nonxt",
  60: "ipv6-opts",
  88: "eigrp",
  89: "ospf",
  94: "ipip",
  97: "etherip",
  98: "encap",
  103: "pim",
  108: "ipcomp",
  112: "vrrp",
  115: "l2tp",
  124: "isis",
  132: "sctp",
  133: "fc",
  136: "udplite",
  137: "mpls-in-ip",
};

/** "tcp" for 6, "6" or "TCP"; a number without a name stays a number. Null where nothing is written. */
export function protocolName(value: string | number | null): string | null {
  if (value === null) return null;
  const text = String(value).trim().toLowerCase();
  if (text === "" || text === "-") return null;
  return /^\d{1,3}$/.test(text) ? (names[Number(text)] ?? String(Number(text))) : text;
}
