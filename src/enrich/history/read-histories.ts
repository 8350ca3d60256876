import { type Asset, addAssets, assetColumns } from "./assets.ts";
import { type DeviceHistory, DeviceHistoryBuilder } from "./device-history.ts";
import { addLeases, type Lease, leaseColumns } from "./leases.ts";
import { openReference } from "./open-reference.ts";
import type { ReferenceContext, ReferenceSource, SourceVersion } from "./reference-source.ts";
import type { ReferenceTable } from "./reference-table.ts";
import { type UserHistory, UserHistoryBuilder, userColumns } from "./users.ts";

/** One source, or several that are read as if they followed each other; a text is the path of a file. */
export type ReferenceSources = string | ReferenceSource | readonly (string | ReferenceSource)[];

export interface HistoryOptions extends ReferenceContext {
  /** Leaves out what became known (`known_at`) after it, epoch microseconds. */
  readonly knownAt?: number | undefined;
  /** Is told of each source that was read. */
  readonly onSource?: ((source: SourceVersion) => void) | undefined;
}

/**
 * Reads an asset inventory.
 * @throws SOCLAB_NOT_FOUND, SOCLAB_INVALID_FILE naming file, line, value and what was expected; SOCLAB_IO for an endpoint that is down
 */
export async function readAssets(sources: ReferenceSources, options: HistoryOptions = {}): Promise<DeviceHistory<Asset>> {
  const builder = new DeviceHistoryBuilder<Asset>();
  await readAll("assets", sources, assetColumns, builder, options, (table, columns) => addAssets(builder, table, columns));
  return builder.build(options.knownAt);
}

/** Reads who used which device. @throws as {@link readAssets} */
export async function readUsers(sources: ReferenceSources, options: HistoryOptions = {}): Promise<UserHistory> {
  const builder = new UserHistoryBuilder();
  await readAll("users", sources, userColumns, builder, options, (table, columns) => builder.add(table, columns));
  return builder.build(options.knownAt);
}

/** Reads which device held which address. @throws as {@link readAssets} */
export async function readLeases(sources: ReferenceSources, options: HistoryOptions = {}): Promise<DeviceHistory<Lease>> {
  const builder = new DeviceHistoryBuilder<Lease>();
  await readAll("leases", sources, leaseColumns, builder, options, (table, columns) => addLeases(builder, table, columns));
  return builder.build(options.knownAt);
}

async function readAll(
  kind: string,
  sources: ReferenceSources,
  wanted: readonly string[],
  builder: { readonly size: number },
  options: HistoryOptions,
  add: (table: ReferenceTable, columns: ReferenceSource["columns"]) => Promise<void>,
): Promise<void> {
  for (const item of [sources].flat()) {
    const source = typeof item === "string" ? { path: item } : item;
    const before = builder.size;
    const { table, accept } = await openReference(source, wanted, options);
    await add(table, source.columns);
    await accept?.();
    options.onSource?.({ kind, name: table.name, version: table.version(), rows: builder.size - before });
  }
}
