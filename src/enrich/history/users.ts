import { type DeviceHistory, DeviceHistoryBuilder } from "./device-history.ts";
import { deviceKeyColumns, OnceAnAddress, optionalDeviceKeys } from "./device-keys.ts";
import { type ReferenceTable, readReference, validityColumns } from "./reference-table.ts";
import { forever } from "./time-lines.ts";

/** Who uses a device. */
export interface User {
  readonly user: string;
  readonly department: string | null;
  readonly name: string | null;
}

export const userColumns = ["user", ...deviceKeyColumns, "department", "name", ...validityColumns] as const;

/** Who used which device when, and what the directory said of each user when. */
export interface UserHistory {
  readonly devices: DeviceHistory<User>;
  /** Under the user's name in lower case. */
  readonly directory: DeviceHistory<User>;
}

export class UserHistoryBuilder {
  readonly #devices = new DeviceHistoryBuilder<User>();
  readonly #directory = new DeviceHistoryBuilder<User>();

  get size(): number {
    return this.#devices.size + this.#directory.size;
  }

  /**
   * Takes in `user,ip,mac,host,department,name,valid_from,valid_until,known_at`; only `user` must be there. A row without `ip`, `mac` and `host`
   * says something of the user, wherever he is.
   */
  async add(table: ReferenceTable, mapping?: Readonly<Record<string, string>> | undefined): Promise<void> {
    const once = new OnceAnAddress();
    await readReference(table, { required: ["user"], optional: userColumns.slice(1), mapping }, (cells) => {
      const user = cells.text("user");
      if (user === null) throw cells.error("the user is empty");
      const keys = optionalDeviceKeys(cells);
      const validity = cells.validity();
      once.check(cells, keys, validity);
      const entry = { user, department: cells.text("department"), name: cells.text("name") };
      if (keys.prefix || keys.mac || keys.host) this.#devices.add(keys, entry, validity);
      else if (entry.department === null && entry.name === null)
        throw cells.error(`user ${user} has no ip, mac, host, department or name, expected at least one of them`);
      else this.#directory.add({ host: user.toLowerCase() }, entry, validity);
    });
  }

  build(knownAt: number = forever): UserHistory {
    return { devices: this.#devices.build(knownAt), directory: this.#directory.build(knownAt) };
  }
}
