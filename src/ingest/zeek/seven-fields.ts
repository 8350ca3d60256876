import type { SevenFieldSources } from "../seven-fields.ts";

/** Zeek names the ends of a connection `id.*`; logs that are not about one connection name a host in other fields. */
export const sevenFieldSources: SevenFieldSources = {
  timestamp: ["ts"],
  ip_src_addr: ["id_orig_h", "src", "client_addr", "host", "tx_hosts"],
  ip_src_port: ["id_orig_p"],
  ip_dst_addr: ["id_resp_h", "dst", "server_addr", "rx_hosts"],
  ip_dst_port: ["id_resp_p", "p"],
  protocol: ["proto", "port_proto"],
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
  radius: "udp",
  quic: "udp",
  modbus: "tcp",
  modbus_detailed: "tcp",
  modbus_register_change: "tcp",
  mqtt_connect: "tcp",
  mqtt_publish: "tcp",
  mqtt_subscribe: "tcp",
  postgresql: "tcp",
  redis: "tcp",
  socks: "tcp",
  websocket: "tcp",
  known_certs: "tcp",
  tftp: "udp",
};

export function protocolOf(table: string): string | null {
  return Object.hasOwn(transports, table) ? transports[table]! : null;
}
