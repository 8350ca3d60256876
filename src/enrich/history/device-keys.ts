import { parsePrefix } from "../address.ts";
import { quoted } from "../text-file.ts";
import type { DeviceKeys, Validity } from "./device-history.ts";
import { normaliseHost, normaliseMac } from "./device-names.ts";
import type { ReferenceCells } from "./reference-table.ts";
import { always, forever } from "./time-lines.ts";

export const deviceKeyColumns = ["ip", "mac", "host"] as const;
const examples = {
  ip: "an address like 192.0.2.7, 2001:db8::7 or 192.0.2.0/24",
  mac: "a MAC address like 00:15:5d:01:23:45",
  host: "a host name",
};

/**
 * What a row is found by.
 * @param name - stands in for the host name where the row has none
 * @throws SOCLAB_INVALID_FILE for what is no address or MAC, and for a row that names no device
 */
export function deviceKeys(cells: ReferenceCells, name: string | null = null): DeviceKeys {
  const keys = optionalDeviceKeys(cells, name);
  if (!keys.prefix && !keys.mac && !cells.text("host")) {
    const columns = deviceKeyColumns.filter((column) => cells.has(column));
    throw cells.error(
      columns.length > 1
        ? `${columns.join(", ")} are empty, expected at least one of them`
        : `"" is no ${columns[0]}, expected ${examples[columns[0] ?? "ip"]}`,
    );
  }
  return keys;
}

export function optionalDeviceKeys(cells: ReferenceCells, name: string | null = null): DeviceKeys {
  const ip = cells.text("ip");
  const prefix = ip === null ? null : parsePrefix(ip);
  if (ip !== null && prefix === null)
    throw cells.error(`${quoted(ip)} is no address, expected one like 192.0.2.7, 2001:db8::7 or 192.0.2.0/24`);
  const macText = cells.text("mac");
  const mac = macText === null ? null : normaliseMac(macText);
  if (macText !== null && mac === null) throw cells.error(`${quoted(macText)} is no MAC address, expected one like 00:15:5d:01:23:45`);
  const hostText = cells.text("host");
  const host = normaliseHost(hostText ?? name ?? "");
  if (hostText !== null && host === null) throw cells.error(`${quoted(hostText)} is no host name, expected at most 255 characters`);
  return { prefix, mac, host };
}

/** Two rows of one table that give one address at all times: one of them is a mistake. */
export class OnceAnAddress {
  readonly #places = new Map<string, number>();

  check(cells: ReferenceCells, { prefix }: DeviceKeys, { from, until, knownAt }: Validity): void {
    if (!prefix || from !== always || until !== forever || knownAt !== always) return;
    const key = `${prefix.words.join(",")}/${prefix.length}`;
    const earlier = this.#places.get(key);
    if (earlier !== undefined)
      throw cells.error(
        `${cells.text("ip")} occurs twice, first in line ${earlier}`,
        "Keep one line an address, or say in valid_from and valid_until when each holds.",
      );
    this.#places.set(key, cells.place);
  }
}
