import { type Asset, addAssets, assetColumns } from "./assets.ts";
import { type DeviceHistory, DeviceHistoryBuilder } from "./device-history.ts";
import { addLeases, type Lease, leaseColumns } from "./leases.ts";
import { openReference, type ReferenceSource, type SourceVersion } from "./reference-source.ts";
import { type UserHistory, UserHistoryBuilder, userColumns } from "./users.ts";

/** One source, or several that are read as if they followed each other; a text is the path of a file. */
export type ReferenceSources = string | ReferenceSource | readonly (string | ReferenceSource)[];

export interface HistoryOptions {
  /** Leaves out what became known (`known_at`) after it, epoch microseconds. */
  readonly knownAt?: number | undefined;
  /** Is told of each source that was read. */
  readonly onSource?: ((source: SourceVersion) => void) | undefined;
}

/**
 * Reads an asset inventory.
 * @throws SOCLAB_NOT_FOUND, SOCLAB_INVALID_FILE naming file, line, value and what was expected
 */
export async function readAssets(sources: ReferenceSources, options: HistoryOptions = {}): Promise<DeviceHistory<Asset>> {
  const builder = new DeviceHistoryBuilder<Asset>();
  for (const source of listOf(sources)) {
    const before = builder.size;
    const { table, version } = await openReference(source, assetColumns);
    await addAssets(builder, table, source.columns);
    options.onSource?.({ kind: "assets", name: table.name, version, rows: builder.size - before });
  }
  return builder.build(options.knownAt);
}

/** Reads who used which device. @throws as {@link readAssets} */
export async function readUsers(sources: ReferenceSources, options: HistoryOptions = {}): Promise<UserHistory> {
  const builder = new UserHistoryBuilder();
  for (const source of listOf(sources)) {
    const before = builder.size;
    const { table, version } = await openReference(source, userColumns);
    await builder.add(table, source.columns);
    options.onSource?.({ kind: "users", name: table.name, version, rows: builder.size - before });
  }
  return builder.build(options.knownAt);
}

/** Reads which device held which address. @throws as {@link readAssets} */
export async function readLeases(sources: ReferenceSources, options: HistoryOptions = {}): Promise<DeviceHistory<Lease>> {
  const builder = new DeviceHistoryBuilder<Lease>();
  for (const source of listOf(sources)) {
    const before = builder.size;
    const { table, version } = await openReference(source, leaseColumns);
    await addLeases(builder, table, source.columns);
    options.onSource?.({ kind: "leases", name: table.name, version, rows: builder.size - before });
  }
  return builder.build(options.knownAt);
}

function listOf(sources: ReferenceSources): ReferenceSource[] {
  return [sources].flat().map((source) => (typeof source === "string" ? { path: source } : source));
}
