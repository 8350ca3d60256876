import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { SoclabError } from "../../core/index.ts";
import { type FeedFormat, FollowedFile, identityOf, type ParseOutput, type ParserState, type ReadingOptions } from "../../ingest/index.ts";
import type { FollowedSource } from "./follow-state.ts";

/** A file that is open, or was read to its end and is only looked at. */
interface Entry {
  readonly path: string;
  source: FollowedFile<FeedFormat> | undefined;
  state: ParserState;
  done: boolean;
  /** What the file was when it was put aside: it is opened again when that changes. */
  inode: number;
  size: number;
  quietSince: number;
}

const putAsideMs = 5_000;
const maxOpen = 200;

/**
 * Files and folders that are followed: files that come into a folder, that grow, that are rotated to another name. A file is known by its identity
 * (see `SourceIdentity`), so that a renamed one goes on where it was and is never read twice.
 */
export class FollowedFiles {
  readonly #paths: readonly string[];
  readonly #feed: FeedFormat;
  readonly #reading: ReadingOptions;
  readonly #entries = new Map<string, Entry>();
  /** How far each source was read, by its id: from earlier runs, and of files that are gone from their path. */
  readonly #known = new Map<string, FollowedSource>();

  readonly #unreadable = new Set<string>();
  readonly #remark: (text: string) => void;

  constructor(
    paths: readonly string[],
    feed: FeedFormat,
    reading: ReadingOptions,
    saved: readonly FollowedSource[],
    remark: (text: string) => void,
  ) {
    this.#remark = remark;
    this.#paths = paths;
    this.#feed = feed;
    this.#reading = reading;
    for (const source of saved) if (source.id !== null && source.feed === feed.name) this.#known.set(source.id, source);
  }

  /** Looks for files that came, and for put-aside ones that changed. */
  async scan(): Promise<void> {
    const now = Date.now();
    for (const path of await this.#files()) {
      const entry = this.#entries.get(path);
      if (!entry) await this.#open(path, now);
      else if (!entry.source && (await hasChanged(entry))) {
        this.#remember(entry);
        await this.#open(path, now);
      }
    }
  }

  /** One read of every file. @yields what was parsed, with nothing left behind in the file's state that is not handed out */
  async *read(): AsyncGenerator<ParseOutput> {
    const now = Date.now();
    for (const entry of [...this.#entries.values()]) {
      const { source } = entry;
      if (!source) continue;
      const read = await source.read();
      entry.state = source.state;
      if (read.state === "data" || read.state === "rotated") {
        entry.quietSince = now;
        yield read.output;
      }
      if (read.state === "rotated") {
        await source.close();
        entry.done = true;
        this.#remember(entry);
        this.#entries.delete(entry.path);
        await this.#open(entry.path, now);
      } else if (read.state === "done" || (read.state === "idle" && now - entry.quietSince > this.#patienceMs)) {
        entry.done = read.state === "done";
        await this.#putAside(entry);
      }
    }
  }

  /** The last records, even without a line end. */
  async *finish(): AsyncGenerator<ParseOutput> {
    for (const entry of this.#entries.values()) {
      if (!entry.source) continue;
      yield entry.source.finish();
      entry.state = entry.source.state;
    }
  }

  /** How far everything is read. */
  get state(): FollowedSource[] {
    const sources = new Map(this.#known);
    for (const entry of this.#entries.values()) if (entry.state.sourceId !== null) sources.set(entry.state.sourceId, this.#saved(entry));
    return [...sources.values()];
  }

  async close(): Promise<void> {
    for (const { source } of this.#entries.values()) await source?.close();
  }

  /** With many files open, quiet ones are closed at once. */
  get #patienceMs(): number {
    return this.#entries.size > maxOpen ? 0 : putAsideMs;
  }

  async #open(path: string, now: number): Promise<void> {
    try {
      const info = await stat(path);
      const id = await identityOf(path, this.#feed);
      // A file that is open under its old name is read to its end there first.
      if (id !== null && [...this.#entries.values()].some(({ source, state }) => source && state.sourceId === id)) return;
      const known = id === null ? undefined : this.#known.get(id);
      const { source } = await FollowedFile.open(path, this.#feed, { state: known?.state, ...this.#reading });
      this.#entries.set(path, { path, source, state: source.state, done: false, inode: info.ino, size: info.size, quietSince: now });
    } catch (error) {
      // Gone between the look at the folder and this: it comes again under another name.
      if ((error instanceof SoclabError && error.code === "SOCLAB_NOT_FOUND") || isMissing(error)) return;
      if (!(error instanceof SoclabError && error.code === "SOCLAB_IO")) throw error;
      if (!this.#unreadable.has(path)) this.#remark(`${error.message}; it is tried again`);
      this.#unreadable.add(path);
    }
  }

  async #putAside(entry: Entry): Promise<void> {
    const info = await stat(entry.path).catch(() => undefined);
    // It may have grown since it was read, so what counts is how far that came.
    entry.size = entry.done ? (info?.size ?? -1) : (entry.source?.position ?? -1);
    entry.inode = info?.ino ?? -1;
    await entry.source?.close();
    entry.source = undefined;
    this.#remember(entry);
  }

  #remember(entry: Entry): void {
    if (entry.state.sourceId !== null) this.#known.set(entry.state.sourceId, this.#saved(entry));
  }

  #saved({ path, state, done }: Entry): FollowedSource {
    return { path, feed: this.#feed.name, id: state.sourceId, state, done };
  }

  async #files(): Promise<string[]> {
    const files: string[] = [];
    for (const path of this.#paths) {
      const info = await stat(path).catch(() => undefined);
      if (!info?.isDirectory()) {
        if (info) files.push(path);
        continue;
      }
      const entries = await readdir(path, { recursive: true, withFileTypes: true });
      const names = entries
        .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
        .map((entry) => join(entry.parentPath, entry.name));
      files.push(...names.sort());
    }
    return files;
  }
}

async function hasChanged({ path, inode, size }: Entry): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  return info !== undefined && (info.ino !== inode || info.size !== size);
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}
