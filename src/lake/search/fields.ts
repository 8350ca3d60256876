import type { Columns } from "../../event/index.ts";

/** Short names that stand for columns of the standard event, unless a table has a column of that name. */
export const aliases: Readonly<Record<string, readonly string[]>> = {
  src: ["ip_src_addr"],
  dst: ["ip_dst_addr"],
  port: ["ip_src_port", "ip_dst_port"],
  src_port: ["ip_src_port"],
  dst_port: ["ip_dst_port"],
  raw: ["original_string"],
  time: ["timestamp"],
  table: ["feed"],
};

const anyAddress: ReadonlySet<string> = new Set(["address", "addr", "ip"]);

/** Columns whose name says that they hold addresses. Those that every feed copies into the two of the standard event need no second look. */
const addressName = /(?:^|_)(?:addr|address|addresses|addrs|ip|ips|ipv4|ipv6|answers|xff|tx_hosts|rx_hosts)$/;
const copies: ReadonlySet<string> = new Set(["src_ip", "dest_ip", "dst_ip", "id_orig_h", "id_resp_h"]);

export function addressColumns(columns: Columns): string[] {
  return Object.keys(columns).filter((name) => {
    const type = columns[name];
    return (type === "string" || type === "string[]") && addressName.test(name) && !copies.has(name);
  });
}

/** The columns of a table that a field's name means: none where the table has no such field. Dots are underscores, and case does not count. */
export function columnsOfField(field: string, columns: Columns): string[] {
  if (Object.hasOwn(columns, field)) return [field];
  const wanted = field.toLowerCase().replaceAll(/[.-]/g, "_");
  const exact = Object.keys(columns).find((name) => name.toLowerCase().replaceAll(/[.-]/g, "_") === wanted);
  if (exact !== undefined) return [exact];
  if (anyAddress.has(wanted)) return addressColumns(columns);
  const alias = Object.hasOwn(aliases, wanted) ? aliases[wanted]! : [];
  return alias.filter((name) => Object.hasOwn(columns, name));
}

/** Every name that a search may use. */
export function fieldNames(tables: Iterable<Columns>): string[] {
  const names = new Set([...anyAddress, ...Object.keys(aliases)]);
  for (const columns of tables) for (const name of Object.keys(columns)) names.add(name);
  return [...names];
}
