import { stat } from "node:fs/promises";
import type { WorkOptions } from "../core/index.ts";
import type { Enricher } from "../enrich/index.ts";
import { type Feed, parseSource, type ReadingOptions } from "../ingest/index.ts";
import { dropResolved } from "./replay.ts";
import type { LakeWriter } from "./writer.ts";

export interface IngestOptions extends WorkOptions, ReadingOptions {
  readonly feed: Feed;
  /** Log files, gzip or not; `-` is stdin. */
  readonly files: readonly string[];
  readonly enricher?: Enricher | undefined;
}

/** Every record is in one of events, deadLetters, duplicates. */
export interface IngestCounts {
  readonly records: number;
  readonly events: number;
  readonly deadLetters: number;
  /** Events and dead letters that the lake had already. */
  readonly duplicates: number;
  readonly seconds: number;
  /** Columns that did not fit into their table, and where they are. */
  readonly warnings?: readonly string[];
}

/** Records between two commits, of which the later is filled while the earlier is made: a kill loses at most that much work, and no record. */
const commitRecords = 2_000_000;

/**
 * parse → enrich → lake, a commit at a time. Run again after a kill it adds what is missing and nothing twice.
 */
export async function ingestFiles(
  writer: LakeWriter,
  { feed, files, enricher, rules, referenceTime, zone, signal, onProgress }: IngestOptions,
): Promise<IngestCounts> {
  const startedAt = performance.now();
  const totals = { records: 0, events: 0, deadLetters: 0, duplicates: 0 };
  const sourceIds = new Set<string>();
  const warnings = new Set<string>();
  let uncommitted = 0;
  let committing = Promise.resolve();
  const startCommit = async () => {
    await committing;
    committing = writer.commit().then(({ events, deadLetters, duplicates, notes = [] }) => {
      for (const note of notes) warnings.add(note);
      totals.events += events;
      totals.deadLetters += deadLetters;
      totals.duplicates += duplicates;
    });
    committing.catch(() => undefined);
    uncommitted = 0;
  };
  for (const file of files) {
    const total = file === "-" ? undefined : (await stat(file).catch(() => undefined))?.size;
    for await (const part of parseSource(feed, file, { signal, rules, referenceTime, zone })) {
      for (const batch of part.batches) await writer.append(enricher ? enricher.enrich(batch) : batch);
      await writer.appendDeadLetters(part.deadLetters);
      for (const { source } of part.batches) sourceIds.add(source.id);
      totals.records += part.records;
      uncommitted += part.records;
      if (uncommitted >= commitRecords) await startCommit();
      onProgress?.({ step: `ingest ${file}`, done: part.bytesRead, total, unit: "bytes" });
    }
  }
  await startCommit();
  await committing;
  await dropResolved(writer, sourceIds);
  const seconds = (performance.now() - startedAt) / 1000;
  return { ...totals, seconds, ...(warnings.size > 0 ? { warnings: [...warnings] } : {}) };
}
