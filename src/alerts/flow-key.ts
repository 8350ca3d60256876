/** The end points of a flow, as the seven fields have them. */
export interface FlowEndPoints {
  readonly ip_src_addr: string | null;
  readonly ip_src_port: number | null;
  readonly ip_dst_addr: string | null;
  readonly ip_dst_port: number | null;
  readonly protocol: string | null;
}

/**
 * One name for a flow, whoever reported it and whichever end it calls the source: Zeek names the originator, Suricata the sender of the
 * packet that fired. `tcp 10.0.0.1:50536 184.105.247.215:80`; ICMP has no ports (Zeek puts type and code there). Null without both addresses.
 */
export function flowKey(flow: FlowEndPoints): string | null {
  const { ip_src_addr, ip_dst_addr } = flow;
  if (ip_src_addr === null || ip_dst_addr === null) return null;
  const protocol = (flow.protocol ?? "-").toLowerCase();
  const hasPorts = !protocol.includes("icmp");
  const a = hasPorts ? `${ip_src_addr}:${flow.ip_src_port ?? "-"}` : ip_src_addr;
  const b = hasPorts ? `${ip_dst_addr}:${flow.ip_dst_port ?? "-"}` : ip_dst_addr;
  return a <= b ? `${protocol} ${a} ${b}` : `${protocol} ${b} ${a}`;
}
