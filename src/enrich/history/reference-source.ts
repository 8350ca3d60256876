import type { ReferenceTable } from "./reference-table.ts";

/** Where rows of a history come from. */
export type ReferenceSource = FileSource | HttpSource | DatabaseSource;

interface SourceColumns {
  /** soclab's name of a column → the source's. Columns that it does not name are left alone. */
  readonly columns?: Readonly<Record<string, string>> | undefined;
}

/** A CSV file with a header line, gzip or not, or a Parquet file (`*.parquet`). */
export interface FileSource extends SourceColumns {
  readonly path: string;
}

export const httpFormats = ["json", "ndjson", "csv"] as const;

/** An HTTP endpoint that answers a GET with all rows. */
export interface HttpSource extends SourceColumns {
  readonly url: string;
  /** A JSON array of objects, an object a line, or CSV; `"json"` where it is not given. */
  readonly format?: (typeof httpFormats)[number] | undefined;
  /** The key of the answer that holds the array; without it the answer is the array. */
  readonly rows?: string | undefined;
  /** The environment variable that holds the bearer token. */
  readonly tokenFrom?: string | undefined;
  /** For the whole answer; 30 where it is not given. */
  readonly timeoutSeconds?: number | undefined;
  /** Past this the answer is refused; 64 MiB where it is not given. */
  readonly maxBytes?: number | undefined;
  /** How often a running scorer asks again; never where it is not given. */
  readonly refreshSeconds?: number | undefined;
  /** A file for the last good answer, which counts while the endpoint is down. */
  readonly cache?: string | undefined;
}

/** A table or view of a DuckDB or SQLite database file, or of a lake. */
export interface DatabaseSource extends SourceColumns {
  readonly database?: string | undefined;
  /** A lake's directory. */
  readonly lake?: string | undefined;
  readonly table: string;
}

/** A source as it was read. */
export interface SourceVersion {
  /** What it is for: `assets`, `users`, `leases`. */
  readonly kind: string;
  readonly name: string;
  /** 16 hexadecimal digits of the SHA-256 of its content. */
  readonly version: string;
  readonly rows: number;
}

/** Reads what only a database can: `readReferenceTable` of the lake. */
export type ReferenceReader = (source: DatabaseSource | FileSource) => Promise<ReferenceTable>;

/** A good answer of an endpoint. */
export interface HttpCopy {
  readonly url: string;
  /** ISO 8601. */
  readonly at: string;
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly body: string;
}

/** What reaching an endpoint needs from outside; each has a default. */
export interface HttpContext {
  readonly fetch?: typeof fetch | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Waits between attempts, milliseconds. */
  readonly pause?: ((milliseconds: number) => Promise<unknown>) | undefined;
  /** Is told what went wrong but could be helped: an old copy is used. */
  readonly warn?: ((message: string) => void) | undefined;
  /** The last good answer of each endpoint, kept from one reading to the next. */
  readonly copies?: Map<string, HttpCopy> | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ReferenceContext extends HttpContext {
  readonly readTable?: ReferenceReader | undefined;
}

/** A source that was opened. */
export interface OpenReference {
  readonly table: ReferenceTable;
  /** To be called when all rows were read and found sound. */
  readonly accept?: (() => Promise<void>) | undefined;
}
