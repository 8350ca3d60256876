import { hashSeed, hashStep } from "./hashing.ts";
import { TextTable, unfolded } from "./text-table.ts";
import { normaliseUrl, UrlParts } from "./url-text.ts";

/**
 * URLs to numbers. An entry matches
 * - the same host, path and query;
 * - without a query of its own, the same path with any query;
 * - with a query that ends in its first `=`, any value there;
 * - ending in `/`, what is below that folder (but `host/` is that page alone: a whole host is a domain);
 * - a path on any host, that path from the root on, and where it is one segment (`/gate.php`) also as the last segment of a longer path.
 *
 * An exact entry matches only the first way.
 */
export class UrlTable {
  readonly #entries = new TextTable();
  readonly #exact = new TextTable();
  readonly #hosts = new TextTable();
  readonly #parts = new UrlParts();
  readonly #found: number[] = [];
  #hasFolders = false;
  #hasOpenQueries = false;
  #hasPaths = false;

  get size(): number {
    return this.#entries.size + this.#exact.size;
  }

  get byteLength(): number {
    return this.#entries.byteLength + this.#exact.byteLength + this.#hosts.byteLength;
  }

  /** Whether there are paths on any host. */
  get hasPaths(): boolean {
    return this.#hasPaths;
  }

  /** Whether there are URLs of a host, which is `host` or `host:port` as {@link normaliseUrl} writes it. */
  hasHost(host: string): boolean {
    return this.#hosts.find(host, 0, host.length, hashOf(host, 0, host.length), unfolded) >= 0;
  }

  /** Changes the value of a URL, which is 0 for a new one. @returns false where the text is no URL */
  update(text: string, exact: boolean, change: (value: number) => number): boolean {
    const url = normaliseUrl(text);
    if (url === null) return false;
    const table = exact ? this.#exact : this.#entries;
    const entry = table.insert(url, hashOf(url, 0, url.length));
    table.setValue(entry, change(table.value(entry)));
    if (url.startsWith("/")) this.#hasPaths = true;
    else {
      const host = url.slice(0, url.indexOf("/", url.includes("://") ? url.indexOf("://") + 3 : 0));
      this.#hosts.insert(host, hashOf(host, 0, host.length));
    }
    if (!exact && url.endsWith("/")) this.#hasFolders = true;
    if (!exact && url.endsWith("=")) this.#hasOpenQueries = true;
    return true;
  }

  /** Changes every value. */
  updateAll(change: (value: number) => number): void {
    for (const table of [this.#entries, this.#exact])
      for (let entry = 0; entry < table.size; entry++) table.setValue(entry, change(table.value(entry)));
  }

  /** The values of all entries that match a URL or, where the text starts with `/`, a path on any host. The list is overwritten by the next call. */
  findAll(text: string): readonly number[] {
    const found = this.#found;
    found.length = 0;
    const parts = this.#parts;
    if (this.size === 0 || !parts.read(text)) return found;
    const { start, pathStart } = parts;
    if (start < pathStart) this.#findFrom(start);
    if (this.#hasPaths) {
      this.#findFrom(pathStart);
      const segment = parts.text.lastIndexOf("/", parts.queryStart - 1);
      if (segment > pathStart && segment < parts.queryStart - 1) this.#findFrom(segment);
    }
    return found;
  }

  /** All entries that match the text from `start` on, by one pass that hashes every beginning of it. */
  #findFrom(start: number): void {
    const { text, pathStart, queryStart } = this.#parts;
    const end = text.length;
    let hash = hashSeed;
    let inOpenQuery = false;
    for (let i = start; i < end; i++) {
      if (i === queryStart) this.#probe(this.#entries, start, i, hash);
      const char = text.charCodeAt(i);
      hash = hashStep(hash, char);
      if (char === 47) {
        if (this.#hasFolders && i > pathStart && i > start && i + 1 < queryStart) this.#probe(this.#entries, start, i + 1, hash);
      } else if (char === 61 && this.#hasOpenQueries && i > queryStart && !inOpenQuery) {
        inOpenQuery = true;
        if (i + 1 < end) this.#probe(this.#entries, start, i + 1, hash);
      }
    }
    this.#probe(this.#entries, start, end, hash);
    if (this.#exact.size > 0) this.#probe(this.#exact, start, end, hash);
  }

  #probe(table: TextTable, start: number, end: number, hash: number): void {
    const entry = table.find(this.#parts.text, start, end, hash, unfolded);
    if (entry >= 0) this.#found.push(table.value(entry));
  }
}

function hashOf(text: string, start: number, end: number): number {
  let hash = hashSeed;
  for (let i = start; i < end; i++) hash = hashStep(hash, text.charCodeAt(i));
  return hash;
}
