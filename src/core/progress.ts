/** How far long work has come. `total` is unknown for a stream. */
export interface Progress {
  readonly done: number;
  readonly total?: number | undefined;
  /** What `done` counts, plural: "events", "trees". */
  readonly unit: string;
  /** The step under way: "parse conn.log". */
  readonly step: string;
}

/** What every long-running call takes. */
export interface WorkOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}
