import { quoted } from "../text-file.ts";
import type { DeviceHistoryBuilder } from "./device-history.ts";
import { deviceKeyColumns, deviceKeys, OnceAnAddress } from "./device-keys.ts";
import { type ReferenceTable, readReference, validityColumns } from "./reference-table.ts";

/** What the organisation knows about a device of its own. */
export interface Asset {
  readonly name: string | null;
  readonly owner: string | null;
  readonly role: string | null;
  /** 1 (unimportant) to 5 (vital). */
  readonly criticality: number | null;
}

const attributes = ["name", "owner", "criticality", "role"] as const;
export const assetColumns = [...deviceKeyColumns, ...attributes, ...validityColumns] as const;

/**
 * Takes in `ip,mac,host,name,owner,criticality,role,valid_from,valid_until,known_at`: one of `ip`, `mac`, `host` at least, the others may be
 * missing. Where there is no `host`, `name` is taken for it as well.
 */
export async function addAssets(
  builder: DeviceHistoryBuilder<Asset>,
  table: ReferenceTable,
  mapping?: Readonly<Record<string, string>> | undefined,
): Promise<void> {
  const once = new OnceAnAddress();
  await readReference(table, { required: [], optional: assetColumns, oneOf: deviceKeyColumns, mapping }, (cells) => {
    const criticality = cells.text("criticality");
    if (criticality !== null && !/^[1-5]$/.test(criticality))
      throw cells.error(`${quoted(criticality)} is no criticality, expected a whole number from 1 to 5`);
    const name = cells.text("name");
    const keys = deviceKeys(cells, name);
    const validity = cells.validity();
    once.check(cells, keys, validity);
    const asset = {
      name,
      owner: cells.text("owner"),
      role: cells.text("role"),
      criticality: criticality === null ? null : Number(criticality),
    };
    builder.add(keys, asset, validity);
  });
}
