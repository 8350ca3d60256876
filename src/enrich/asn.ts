import { SoclabError } from "../core/index.ts";
import type { Address } from "./address.ts";
import { compactAsnMagic, parseCompactAsn } from "./asn-compact.ts";
import { parseAsnCsv } from "./asn-csv.ts";
import type { AsnTable, AutonomousSystem } from "./autonomous-system.ts";
import { field, type Mmdb, openMmdb } from "./mmdb.ts";
import { specialPurposeOf } from "./special-purpose.ts";
import { readText } from "./text-file.ts";

export interface AsnLookup {
  /** Null for special-purpose addresses and those that nobody announces. */
  find(address: Address): AutonomousSystem | null;
}

/**
 * Reads a table of autonomous systems: soclab's compact one, `start,end,asn,organisation` CSV as ip-location-db publishes it, or a MaxMind DB
 * with `autonomous_system_number` (`*.mmdb`).
 * @throws SOCLAB_NOT_FOUND, SOCLAB_INVALID_FILE
 */
export async function readAsn(path: string): Promise<AsnLookup> {
  if (/\.mmdb(\.gz)?$/.test(path)) {
    const hasSystem = (record: unknown) => systemOf(record, path) !== null;
    return asnOfMmdb(await openMmdb(path, hasSystem, "autonomous systems"), path);
  }
  const text = await readText(path);
  return asnOfTable(text.startsWith(compactAsnMagic) ? parseCompactAsn(text, path) : parseAsnCsv(text, path));
}

export function asnOfTable({ systems, v4, v6 }: AsnTable): AsnLookup {
  return {
    find(address) {
      if (specialPurposeOf(address) !== null) return null;
      const at = address.family === 4 ? v4.find(address) : v6.find(address);
      return at < 0 ? null : systems[at]!;
    },
  };
}

export function asnOfMmdb(database: Mmdb, path: string): AsnLookup {
  const systems = new Map<unknown, AutonomousSystem | null>();
  return {
    find(address) {
      if (specialPurposeOf(address) !== null) return null;
      const record = database.find(address);
      let system = systems.get(record);
      if (system === undefined) {
        system = systemOf(record, path);
        systems.set(record, system);
      }
      return system;
    },
  };
}

function systemOf(record: unknown, path: string): AutonomousSystem | null {
  const number = field(record, "autonomous_system_number");
  const organisation = field(record, "autonomous_system_organization");
  if (number === undefined || number === null) return null;
  if (typeof number !== "number" || !(number >= 0 && number <= 0xffffffff))
    throw new SoclabError("SOCLAB_INVALID_FILE", `${path} has an autonomous_system_number of ${String(number)}, expected 0 to 4294967295`);
  return number === 0 ? null : { number, organisation: typeof organisation === "string" ? organisation : null };
}
