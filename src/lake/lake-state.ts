import { SoclabError } from "../core/index.ts";
import type { Columns } from "../event/index.ts";
import type { Commit } from "./commit.ts";
import type { LakeFile, Removal } from "./lake-file.ts";
import { placeColumns } from "./schema.ts";

/** A table as the commits so far make it. It keeps its columns when its last file goes. */
export interface TableState {
  readonly schema: Columns;
  /** In the order in which they came. */
  readonly files: ReadonlyMap<string, LakeFile>;
  /** The last commit that changed it. */
  readonly changed: number;
}

/** A file that was taken out of the lake and may still be on the disk, for readers that began before. */
export interface RemovedFile extends Removal {
  /** When it was taken out, ISO 8601. */
  readonly at: string;
}

/** What a list of columns is in a table. */
interface PlacedColumns {
  readonly columns: Columns;
  readonly stored?: Readonly<Record<string, string>>;
}

interface MutableTable {
  schema: Columns;
  /** Lists of columns seen before, as JSON: most files of a table have the same. */
  placed: Map<string, PlacedColumns>;
  files: Map<string, LakeFile>;
  changed: number;
}

/** What a checkpoint keeps of a state. */
export interface StateSnapshot {
  readonly tables: readonly { readonly name: string; readonly schema: Columns; readonly changed: number }[];
  readonly files: readonly LakeFile[];
  readonly removed: readonly RemovedFile[];
}

/** What is in a lake after some commits, applied one by one. */
export class LakeState {
  readonly #tables = new Map<string, MutableTable>();
  readonly #tableOf = new Map<string, string>();
  readonly #removed = new Map<string, RemovedFile>();

  static of({ tables, files, removed }: StateSnapshot): LakeState {
    const state = new LakeState();
    for (const { name, schema, changed } of tables) state.#tables.set(name, { schema, placed: new Map(), files: new Map(), changed });
    for (const file of files) {
      state.#tables.get(file.table)!.files.set(file.path, file);
      state.#tableOf.set(file.path, file.table);
    }
    for (const removal of removed) state.#removed.set(removal.path, removal);
    return state;
  }

  get tables(): ReadonlyMap<string, TableState> {
    return this.#tables;
  }

  /** Files that are out of the lake and that nobody has said to be deleted. */
  get removed(): ReadonlyMap<string, RemovedFile> {
    return this.#removed;
  }

  file(path: string): LakeFile | undefined {
    const table = this.#tableOf.get(path);
    return table === undefined ? undefined : this.#tables.get(table)?.files.get(path);
  }

  /** @throws SOCLAB_INVALID_FILE where the commit takes out what is not in the lake, or adds what is */
  apply({ commit, at, schemas, files, removes, sidecars }: Commit): void {
    const keys = schemas.map((columns) => JSON.stringify(columns));
    for (const removal of removes) {
      const table = this.#tableOf.get(removal.path);
      if (table === undefined) throw impossible(commit, `takes out ${removal.path}, which is not in the lake`);
      const state = this.#tables.get(table)!;
      state.files.delete(removal.path);
      state.changed = commit;
      this.#tableOf.delete(removal.path);
      this.#removed.set(removal.path, { ...removal, at });
    }
    for (const { schema, ...entry } of files) {
      if (this.#tableOf.has(entry.path)) throw impossible(commit, `adds ${entry.path}, which is in the lake`);
      const table = this.#tables.get(entry.table) ?? { schema: {}, placed: new Map(), files: new Map(), changed: commit };
      this.#tables.set(entry.table, table);
      const placed = table.placed.get(keys[schema]!) ?? place(entry.table, table, schemas[schema]!);
      table.placed.set(keys[schema]!, placed);
      table.files.set(entry.path, { ...entry, ...placed, arrived: entry.arrived ?? at, commit });
      table.changed = commit;
      this.#tableOf.set(entry.path, entry.table);
    }
    for (const { file: path, search } of sidecars) {
      const file = this.file(path);
      if (!file) throw impossible(commit, `gives a sidecar to ${path}, which is not in the lake`);
      this.#tables.get(file.table)!.files.set(path, { ...file, search });
    }
  }

  /** A removed file is no longer on the disk. */
  forget(path: string): void {
    this.#removed.delete(path);
  }

  snapshot(): StateSnapshot {
    return {
      tables: [...this.#tables].map(([name, { schema, changed }]) => ({ name, schema, changed })),
      files: [...this.#tables.values()].flatMap(({ files }) => [...files.values()]),
      removed: [...this.#removed.values()],
    };
  }
}

function place(name: string, table: MutableTable, columns: Columns): PlacedColumns {
  const { schema, renamed } = placeColumns(name, table.schema, columns);
  table.schema = schema;
  if (renamed.size === 0) return { columns };
  return {
    columns: Object.fromEntries(Object.entries(columns).map(([column, type]) => [renamed.get(column) ?? column, type])),
    stored: Object.fromEntries([...renamed].map(([column, placed]) => [placed, column])),
  };
}

function impossible(commit: number, what: string): SoclabError {
  return new SoclabError("SOCLAB_INVALID_FILE", `commit ${commit} ${what}`, { hint: "soclab lake verify says more." });
}
