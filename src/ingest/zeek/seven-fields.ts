import type { SevenFieldSources } from "../seven-fields.ts";

/** Zeek names the ends of a connection `id.*`; logs that are not about one connection name a host in other fields. */
export const sevenFieldSources: SevenFieldSources = {
  timestamp: ["ts"],
  ip_src_addr: ["id_orig_h", "src", "client_addr", "host"],
  ip_src_port: ["id_orig_p"],
  ip_dst_addr: ["id_resp_h", "dst", "server_addr"],
  ip_dst_port: ["id_resp_p", "p"],
  protocol: ["proto"],
};

/** The transport of logs that have no `proto` field because their protocol has only one. */
const transports: Readonly<Record<string, string>> = {
  http: "tcp",
  ssl: "tcp",
  ssh: "tcp",
  smtp: "tcp",
  ftp: "tcp",
  rdp: "tcp",
  rfb: "tcp",
  irc: "tcp",
  mysql: "tcp",
  ldap: "tcp",
  ldap_search: "tcp",
  smb_files: "tcp",
  smb_mapping: "tcp",
  smb_cmd: "tcp",
  dce_rpc: "tcp",
  ntlm: "tcp",
  dhcp: "udp",
  ntp: "udp",
  snmp: "udp",
  tftp: "udp",
};

export function protocolOf(table: string): string | null {
  return Object.hasOwn(transports, table) ? transports[table]! : null;
}
