import fc from "fast-check";
import {
  type Asset,
  DeviceHistoryBuilder,
  type IdentityHistories,
  type Lease,
  parseAddress,
  parsePrefix,
  type User,
} from "../../../src/enrich/index.ts";

/** A row of any of the three histories, times as small numbers. */
export interface WorldRow<T> {
  readonly ip: string | null;
  readonly mac: string | null;
  readonly host: string | null;
  readonly from: number;
  readonly until: number;
  readonly entry: T;
}

/** A small organisation whose addresses, devices and people change. */
export interface World {
  readonly assets: readonly WorldRow<Asset>[];
  readonly users: readonly WorldRow<User>[];
  readonly directory: readonly WorldRow<User>[];
  readonly leases: readonly WorldRow<Lease>[];
}

export const addresses = ["10.0.0.1", "10.0.0.2", "10.0.1.3", "192.0.2.9", "2001:db8::1"];
const prefixes = [...addresses.slice(0, 3), "10.0.0.0/24", "10.0.0.0/16", "2001:db8::/32"];
const macs = ["00:00:00:00:00:01", "00:00:00:00:00:02"];
const hosts = ["laptop", "desk", "laptop.corp.example"];

const open = Number.POSITIVE_INFINITY;
const span = fc.oneof(
  fc.constant({ from: -open, until: open }),
  fc.record({ from: fc.nat(30), length: fc.oneof(fc.constant(open), fc.integer({ min: 1, max: 15 })) }).map(({ from, length }) => ({
    from,
    until: from + length,
  })),
  fc.nat(30).map((until) => ({ from: -open, until })),
);
const maybe = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values));

function rowsOf<T>(entry: fc.Arbitrary<T>, keys: fc.Arbitrary<Pick<WorldRow<T>, "ip" | "mac" | "host">>) {
  const row = fc.tuple(keys, span, entry).map(([key, time, value]): WorldRow<T> => ({ ...key, ...time, entry: value }));
  return fc.array(row, { maxLength: 8 });
}

const device = fc
  .record({ ip: maybe(prefixes), mac: maybe(macs), host: maybe(hosts) })
  .filter(({ ip, mac, host }) => ip !== null || mac !== null || host !== null);
const plain = { noNullPrototype: true } as const;
const asset = fc.record(
  { name: maybe(["desk", "server"]), owner: maybe(["ann", "bob"]), role: fc.constant(null), criticality: maybe([1, 5]) },
  plain,
);
const user = fc.record({ user: fc.constantFrom("ann", "Bob"), department: maybe(["IT", "HR"]), name: fc.constant(null) }, plain);
const lease = fc
  .record({ mac: maybe(macs), host: maybe([...hosts, "10.0.0.1"]) }, plain)
  .filter(({ mac, host }) => mac !== null || host !== null);

export const worlds: fc.Arbitrary<World> = fc.record({
  assets: rowsOf(asset, device),
  users: rowsOf(user, device),
  directory: rowsOf(user, fc.constant({ ip: null, mac: null, host: null })),
  leases: rowsOf(
    lease,
    fc.constantFrom(...addresses).map((ip) => ({ ip, mac: null, host: null })),
  ),
});

/** The world packed as an enricher takes it. */
export function historiesOf({ assets, users, directory, leases }: World): IdentityHistories {
  const packed = <T>(rows: readonly WorldRow<T>[], hostOf = (row: WorldRow<T>) => row.host) => {
    const builder = new DeviceHistoryBuilder<T>();
    for (const row of rows) {
      const prefix = row.ip === null ? null : parsePrefix(row.ip);
      builder.add({ prefix, mac: row.mac, host: hostOf(row) }, row.entry, { from: row.from, until: row.until, knownAt: -open });
    }
    return builder.build();
  };
  return {
    assets: packed(assets),
    users: { devices: packed(users), directory: packed(directory, ({ entry }) => entry.user.toLowerCase()) },
    leases: packed(leases),
  };
}

/** What the documentation says an address is at a time, by scans of all rows. */
export function identityTwin({ assets, users, directory, leases }: World, address: string, time: number) {
  const holds = ({ from, until }: WorldRow<unknown>) => from <= time && (time < until || until === open);
  const latest = <T>(rows: readonly WorldRow<T>[]) =>
    rows.filter(holds).reduce<WorldRow<T> | null>((best, row) => (best === null || row.from >= best.from ? row : best), null)?.entry ??
    null;
  const short = (host: string) => host.split(".")[0]!;
  const byMac = <T>(rows: readonly WorldRow<T>[], mac: string | null) =>
    mac === null ? null : latest(rows.filter((row) => row.mac === mac));
  const byHost = <T>(rows: readonly WorldRow<T>[], host: string | null) =>
    host === null
      ? null
      : (latest(rows.filter((row) => row.host === host)) ??
        (host.includes(".") ? latest(rows.filter((row) => row.host === short(host))) : null));
  const byAddress = <T>(rows: readonly WorldRow<T>[]) => {
    const holding = rows.filter(({ ip }) => ip !== null && contains(ip, address));
    const lengths = [...new Set(holding.map(({ ip }) => parsePrefix(ip!)!.length))].sort((a, b) => b - a);
    for (const length of lengths) {
      const found = latest(holding.filter(({ ip }) => parsePrefix(ip!)!.length === length));
      if (found !== null) return found;
    }
    return null;
  };
  const held = byAddress(leases);
  const found = <T>(rows: readonly WorldRow<T>[]) => byMac(rows, held?.mac ?? null) ?? byHost(rows, held?.host ?? null) ?? byAddress(rows);
  const foundAsset = found(assets);
  const foundUser = found(users) ?? byHost(users, foundAsset?.name ?? null);
  const own = directory.filter(({ entry }) => entry.user.toLowerCase() === foundUser?.user.toLowerCase());
  return {
    lease: held,
    asset: foundAsset,
    user: foundUser,
    department: foundUser && (foundUser.department ?? latest(own)?.department ?? null),
  };
}

function contains(prefix: string, address: string): boolean {
  const [network, single] = [parsePrefix(prefix)!, parseAddress(address)!];
  const bits = (words: readonly number[]) => words.map((word) => word.toString(2).padStart(32, "0")).join("");
  return network.family === single.family && bits(single.words).startsWith(bits(network.words).slice(0, network.length));
}
