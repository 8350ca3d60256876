import type { AlertIndex } from "../alerts/index.ts";
import type { WorkOptions } from "../core/index.ts";
import { type Column, type EventBatch, sliceBatch, stringAt } from "../event/index.ts";
import { eventTimeSql, warmUp } from "../features/index.ts";
import type { Lake } from "../lake/index.ts";
import type { ColumnarResult } from "../table/index.ts";
import { EventClock } from "./event-clock.ts";
import { Ledger, type LedgerTotals } from "./ledger.ts";
import { Pipeline, type PipelineOptions, type PipelineSource } from "./pipeline.ts";

export interface ScoreLakeOptions extends Omit<PipelineOptions, "enricher">, WorkOptions {
  readonly lake: Lake;
  readonly index: AlertIndex;
}

/** Scores what a lake holds of the model's table from `from` on, in order of event time: the stream's own path with another source. */
export async function scoreLake(options: ScoreLakeOptions): Promise<LedgerTotals> {
  const { lake, index, from, signal, onProgress } = options;
  const ledger = new Ledger();
  const streams: PipelineSource[] = [];
  const pipeline = new Pipeline(options, streams);
  const { plan } = pipeline.runner;
  streams.push({ clock: new EventClock(plan.latenessMicros), ledger: ledger.of(`lake:${plan.definition.table}`) });
  const [stream] = streams;
  if (from !== undefined) await warmUp(pipeline.runner, lake, from, { signal });
  const time = `coalesce(${eventTimeSql(plan)}, epoch_us("timestamp"))`;
  const since = from === undefined ? "" : ` WHERE ${time} >= ${Math.ceil(from)}`;
  const sql = `SELECT * FROM ${plan.table}${since} ORDER BY ${time}, event_id`;
  for await (const piece of lake.engine.stream(sql, { signal })) {
    for (const batch of batchesOf(plan.definition.table, piece)) {
      stream!.ledger.in += batch.length;
      const { alerts } = pipeline.take(batch, 0);
      await index.upsert(alerts);
    }
    const { alerts, patches } = pipeline.advance(stream!.clock.watermark);
    await index.upsert(alerts);
    await index.patchRelevance(patches);
    onProgress?.({ step: "score", done: stream!.ledger.in, unit: "events" });
  }
  const { alerts, patches } = pipeline.advance(Number.POSITIVE_INFINITY);
  await index.upsert(alerts);
  await index.patchRelevance(patches);
  return ledger.totals(0);
}

/** Rows of the lake as event batches, one for each run of rows that come from one source. */
function* batchesOf(feed: string, piece: ColumnarResult): Generator<EventBatch> {
  const ids = piece.columns.get("event_id");
  const originals = piece.columns.get("original_string");
  if (ids?.type !== "string" || originals?.type !== "bytes") throw new Error(`table ${feed} has no event_id or original_string`);
  const columns = new Map<string, Column>();
  for (const [name, column] of piece.columns)
    if (column.type !== "bytes" && name !== "event_id" && name !== "feed" && name !== "day") columns.set(name, column);
  const idLow = new BigUint64Array(piece.length);
  const sourceIds: string[] = [];
  for (let row = 0; row < piece.length; row++) {
    const id = stringAt(ids, row)!;
    sourceIds.push(id.slice(0, 16));
    idLow[row] = BigInt(`0x${id.slice(16)}`);
  }
  const bytes = originals.bytes;
  const starts = Int32Array.from(originals.offsets.subarray(0, piece.length));
  const ends = Int32Array.from(originals.offsets.subarray(1, piece.length + 1));
  const offsets = Float64Array.from(idLow, (low) => Number(low >> 20n));
  for (let from = 0; from < piece.length; ) {
    let until = from + 1;
    while (until < piece.length && sourceIds[until] === sourceIds[from]) until++;
    const whole: EventBatch = {
      feed,
      length: piece.length,
      columns,
      raw: { bytes, starts, ends },
      source: { name: `lake:${feed}`, id: sourceIds[from]!, offsets, end: 0 },
      idLow,
    };
    yield from === 0 && until === piece.length ? whole : sliceBatch(whole, from, until);
    from = until;
  }
}
