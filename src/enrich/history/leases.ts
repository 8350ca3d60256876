import type { DeviceHistoryBuilder } from "./device-history.ts";
import { deviceKeyColumns, optionalDeviceKeys } from "./device-keys.ts";
import { type ReferenceTable, readReference, validityColumns } from "./reference-table.ts";

/** Which device held an address. */
export interface Lease {
  /** As `00:15:5d:01:23:45`. */
  readonly mac: string | null;
  /** In lower case. */
  readonly host: string | null;
}

export const leaseColumns = [...deviceKeyColumns, ...validityColumns] as const;

/** Takes in `ip,mac,host,valid_from,valid_until,known_at`. */
export async function addLeases(
  builder: DeviceHistoryBuilder<Lease>,
  table: ReferenceTable,
  mapping?: Readonly<Record<string, string>> | undefined,
): Promise<void> {
  await readReference(table, { required: ["ip"], optional: leaseColumns.slice(1), mapping }, (cells) => {
    const { prefix, mac = null, host = null } = optionalDeviceKeys(cells);
    if (!prefix) throw cells.error('"" is no address, expected one like 192.0.2.7');
    if (mac === null && host === null) throw cells.error("the lease has neither mac nor host, expected at least one of them");
    builder.add({ prefix }, { mac, host }, cells.validity());
  });
}
