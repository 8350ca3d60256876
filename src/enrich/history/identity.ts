import type { Address } from "../address.ts";
import type { Asset } from "./assets.ts";
import type { DeviceHistory } from "./device-history.ts";
import { normaliseHost } from "./device-names.ts";
import type { Lease } from "./leases.ts";
import { always, nothing } from "./time-lines.ts";
import type { User, UserHistory } from "./users.ts";

/** Histories of the organisation's own devices and people; each may be absent. */
export interface IdentityHistories {
  readonly assets?: DeviceHistory<Asset> | undefined;
  readonly users?: UserHistory | undefined;
  readonly leases?: DeviceHistory<Lease> | undefined;
}

/** What was known of an address at a time. */
export interface Identity {
  readonly lease: Lease | null;
  readonly asset: Asset | null;
  readonly user: User | null;
  readonly department: string | null;
}

/** An identity from a time until the next one begins. */
export interface IdentitySpan extends Identity {
  readonly from: number;
}

export const nobody: Identity = { lease: null, asset: null, user: null, department: null };
const none: readonly number[] = [];
/** The spans of an address that no history has. */
export const nobodyEver: readonly IdentitySpan[] = [{ ...nobody, from: always }];

/**
 * Whose an address was, over time. The lease says which device held it; what names the device (MAC address, then host name) comes before
 * what names the address. The chain is followed once: a host name that looks like an address is not looked up again.
 */
export class IdentityResolver {
  readonly #histories: IdentityHistories;
  readonly #spans = new Map<string, readonly IdentitySpan[]>();

  constructor(histories: IdentityHistories) {
    this.#histories = histories;
  }

  /** @param time - epoch microseconds; `forever` for what holds with an open end */
  at(address: Address, time: number): Identity {
    return this.#identityOf(address, this.#leaseKeys(address), time);
  }

  /** Everything that {@link at} says over time: one span at least, the first from `always`, neighbours differ. Do not change it. */
  spans(address: Address): readonly IdentitySpan[] {
    const { assets, users } = this.#histories;
    const leaseKeys = this.#leaseKeys(address);
    const assetKeys = assets?.addressKeys(address) ?? none;
    const userKeys = users?.devices.addressKeys(address) ?? none;
    if (leaseKeys.length === 0 && assetKeys.length === 0 && userKeys.length === 0) return nobodyEver;
    // Addresses in the same networks share their spans: a network with a long history is walked once, not once an address.
    const shared = `${leaseKeys.join()};${assetKeys.join()};${userKeys.join()}`;
    let spans = this.#spans.get(shared);
    if (spans === undefined) {
      spans = this.#spansOf(address, leaseKeys);
      this.#spans.set(shared, spans);
    }
    return spans;
  }

  #spansOf(address: Address, leaseKeys: readonly number[]): readonly IdentitySpan[] {
    const spans: IdentitySpan[] = [];
    for (const from of this.#changes(address, leaseKeys)) {
      const identity = this.#identityOf(address, leaseKeys, from);
      const last = spans.at(-1);
      if (last === undefined || !isSame(last, identity)) spans.push({ ...identity, from });
    }
    return spans;
  }

  #leaseKeys(address: Address): readonly number[] {
    return this.#histories.leases?.addressKeys(address) ?? none;
  }

  #identityOf(address: Address, leaseKeys: readonly number[], time: number): Identity {
    const { leases, assets, users } = this.#histories;
    const lease = leases?.entries[leases.first(leaseKeys, time)] ?? null;
    const asset = assets ? entryAt(assets, address, lease, null, time) : null;
    const user = users ? entryAt(users.devices, address, lease, asset?.name ?? null, time) : null;
    const department = user && (user.department ?? departmentOf(users!, user, time));
    return { lease, asset, user, department };
  }

  /** Every time at which the identity may change, sorted and distinct. */
  #changes(address: Address, leaseKeys: readonly number[]): Float64Array {
    const { leases, assets, users } = this.#histories;
    const times = new Set<number>([always]);
    const taken = new Map<DeviceHistory<unknown>, Set<number>>();
    const take = (history: DeviceHistory<unknown> | undefined, keys: readonly number[], entries: Set<number>) => {
      if (history === undefined) return;
      const done = taken.get(history) ?? new Set();
      taken.set(history, done);
      for (const key of keys) {
        if (done.has(key)) continue;
        done.add(key);
        for (const time of history.lines.changes(key)) times.add(time);
        for (const entry of history.lines.values(key)) if (entry !== nothing) entries.add(entry);
      }
    };
    const [leaseEntries, assetEntries, userEntries] = [new Set<number>(), new Set<number>(), new Set<number>()];
    take(leases, leaseKeys, leaseEntries);
    take(assets, assets?.addressKeys(address) ?? none, assetEntries);
    take(users?.devices, users?.devices.addressKeys(address) ?? none, userEntries);
    for (const entry of leaseEntries) {
      const lease = leases!.entries[entry]!;
      if (assets) take(assets, deviceKeysOf(assets, lease), assetEntries);
      if (users) take(users.devices, deviceKeysOf(users.devices, lease), userEntries);
    }
    if (users === undefined) return Float64Array.from(times).sort();
    for (const entry of assetEntries) take(users.devices, nameKeys(users.devices, assets!.entries[entry]!.name), userEntries);
    for (const entry of userEntries) {
      const { user, department } = users.devices.entries[entry]!;
      if (department === null) take(users.directory, users.directory.nameKeys(user.toLowerCase()), new Set());
    }
    return Float64Array.from(times).sort();
  }
}

function deviceKeysOf(history: DeviceHistory<unknown>, { mac, host }: Lease): readonly number[] {
  const macs = mac === null ? none : history.macKeys(mac);
  return host === null ? macs : [...macs, ...history.hostKeys(host)];
}

function nameKeys(history: DeviceHistory<unknown>, name: string | null): readonly number[] {
  const host = name === null ? null : normaliseHost(name);
  return host === null ? none : history.hostKeys(host);
}

/** By the lease's MAC, its host name, the address, and at last by another name of the device. */
function entryAt<T>(history: DeviceHistory<T>, address: Address, lease: Lease | null, otherName: string | null, time: number): T | null {
  let entry = lease === null ? nothing : history.first(deviceKeysOf(history, lease), time);
  if (entry === nothing) entry = history.first(history.addressKeys(address), time);
  if (entry === nothing) entry = history.first(nameKeys(history, otherName), time);
  return history.entries[entry] ?? null;
}

function departmentOf({ directory }: UserHistory, { user }: User, time: number): string | null {
  return directory.entries[directory.first(directory.nameKeys(user.toLowerCase()), time)]?.department ?? null;
}

function isSame(a: Identity, b: Identity): boolean {
  return a.lease === b.lease && a.asset === b.asset && a.user === b.user && a.department === b.department;
}
