import { didYouMean, SoclabError } from "../core/index.ts";
import { type Address, parsePrefix } from "./address.ts";
import { csvRecords } from "./csv.ts";
import { PrefixTableBuilder } from "./prefix-table.ts";
import { lineError, quoted, readText } from "./text-file.ts";

/** What the organisation knows about an address of its own. */
export interface Asset {
  readonly name: string | null;
  readonly owner: string | null;
  readonly role: string | null;
  /** 1 (unimportant) to 5 (vital). */
  readonly criticality: number | null;
}

/** Who uses an address. */
export interface User {
  readonly user: string;
  readonly department: string | null;
  readonly name: string | null;
}

/** Entries by address; an entry for a network holds for what has none of its own in it. */
export interface Inventory<T> {
  readonly size: number;
  find(address: Address): T | null;
}

/** Reads `ip,name,owner,criticality,role`; the columns but `ip` may be missing, in any order. */
export function readAssets(path: string): Promise<Inventory<Asset>> {
  return readInventory(path, ["ip"], ["name", "owner", "criticality", "role"], (cell, line) => {
    const criticality = cell("criticality");
    if (criticality !== null && !/^[1-5]$/.test(criticality))
      throw lineError(path, line, `${quoted(criticality)} is no criticality, expected a whole number from 1 to 5`);
    return {
      name: cell("name"),
      owner: cell("owner"),
      role: cell("role"),
      criticality: criticality === null ? null : Number(criticality),
    };
  });
}

/** Reads `user,ip,department,name`; `department` and `name` may be missing. */
export function readUsers(path: string): Promise<Inventory<User>> {
  return readInventory(path, ["user", "ip"], ["department", "name"], (cell, line) => {
    const user = cell("user");
    if (user === null) throw lineError(path, line, "the user is empty");
    return { user, department: cell("department"), name: cell("name") };
  });
}

type Cell = (column: string) => string | null;

async function readInventory<T>(
  path: string,
  required: readonly string[],
  optional: readonly string[],
  entryOf: (cell: Cell, line: number) => T,
): Promise<Inventory<T>> {
  const known = [...required, ...optional];
  const records = csvRecords(await readText(path), path);
  const header = records.next().value;
  if (header === undefined) throw new SoclabError("SOCLAB_INVALID_FILE", `${path} is empty, expected a header line ${known.join(",")}`);
  const positions = new Map<string, number>();
  for (const [position, title] of header.fields.entries()) {
    const name = title.trim().toLowerCase();
    if (!known.includes(name))
      throw lineError(path, header.line, `unknown column ${quoted(title)}, expected ${known.join(", ")}`, didYouMean(name, known));
    if (positions.has(name)) throw lineError(path, header.line, `the column "${name}" occurs twice`);
    positions.set(name, position);
  }
  for (const name of required)
    if (!positions.has(name)) throw lineError(path, header.line, `the column "${name}" is missing, expected ${known.join(", ")}`);

  const entries: T[] = [];
  const lines = new Map<string, number>();
  const builder = new PrefixTableBuilder();
  for (const { line, fields } of records) {
    if (fields.length !== header.fields.length)
      throw lineError(path, line, `${fields.length} fields, expected ${header.fields.length}: ${header.fields.join(", ")}`);
    const cell: Cell = (column) => {
      const position = positions.get(column);
      const value = position === undefined ? "" : fields[position]!.trim();
      return value === "" ? null : value;
    };
    const ip = cell("ip") ?? "";
    const prefix = parsePrefix(ip);
    if (prefix === null)
      throw lineError(path, line, `${quoted(ip)} is no address, expected one like 192.0.2.7, 2001:db8::7 or 192.0.2.0/24`);
    const key = `${prefix.words.join(",")}/${prefix.length}`;
    const earlier = lines.get(key);
    if (earlier !== undefined) throw lineError(path, line, `${ip} occurs twice, first in line ${earlier}`, "Keep one line an address.");
    lines.set(key, line);
    builder.add(prefix, entries.length);
    entries.push(entryOf(cell, line));
  }
  const table = builder.build();
  return {
    size: entries.length,
    find(address) {
      const at = table.find(address);
      return at < 0 ? null : entries[at]!;
    },
  };
}
