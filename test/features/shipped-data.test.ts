import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createRandom } from "../../src/core/index.ts";
import { columnsOf, type EventBatch, eventId, isListColumn, numberAt, valueAt } from "../../src/event/index.ts";
import {
  buildMatrix,
  compileFeatures,
  createFeatureRunner,
  type FeatureBlock,
  type FeatureDefinition,
  type FeatureMatrix,
  parseDefinition,
  planFeatures,
  warmUp,
} from "../../src/features/index.ts";
import { type Feed, parseSource } from "../../src/ingest/index.ts";
import { type Lake, openLake, openLakeWriter } from "../../src/lake/index.ts";
import { type NaiveEvent, naiveFeatures } from "./naive.ts";
import { withTiles } from "./streams.ts";

const datasets = join(import.meta.dirname, "../../datasets");

const cases: readonly { file: string; feed: Feed; folder: string; sources: RegExp; naiveRows: number }[] = [
  { file: "conn-source.json", feed: "zeek", folder: "zeek", sources: /conn\.log/, naiveRows: 2500 },
  { file: "suricata-flow.json", feed: "suricata", folder: "suricata", sources: /eve\.json/, naiveRows: 2500 },
];

for (const { file, feed, folder, sources, naiveRows } of cases) {
  test(`on the shipped data ${file} is the same in the lake, in the stream and in the naive twin`, async () => {
    const definition = parseDefinition(JSON.parse(readFileSync(join(datasets, "definitions", file), "utf8")));
    const directory = mkdtempSync(join(tmpdir(), "soclab-features-"));
    try {
      const batches = await ingest(directory, feed, join(datasets, folder), sources);
      await using lake = openLake(directory, { threads: 1 });
      const matrix = await buildMatrix(lake, definition);
      assert.ok(matrix.rowCount > 500);
      compare(matrix, streamed(definition, batches));
      await compareAfterWarmUp(lake, definition, matrix, batches);
      compareTwin(matrix, definition, batches, naiveRows);
      await checkSteps(lake, definition, matrix.rowCount);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
}

/** No step of the statement makes more rows than there are events: two windows' tiles joined by entity first once filled a disk. */
async function checkSteps(lake: Lake, definition: FeatureDefinition, rowCount: number): Promise<void> {
  const windows = ["5m", "1h"].map((window) => ({ name: `n_${window}`, count: true as const, window }));
  for (const features of [definition.features, windows]) {
    const plan = planFeatures({ ...definition, features }, lake.schema(definition.table));
    const result = await lake.query(`EXPLAIN (ANALYZE, FORMAT json) ${compileFeatures(plan)}`);
    const column = result.columns.get("explain_value");
    assert.ok(column?.type === "string" && column.encoding === "dictionary");
    const explained = column.dictionary.values.join("");
    const sizes = [...explained.matchAll(/"operator_cardinality":\s*(\d+)/g)].map((match) => Number(match[1]));
    assert.ok(sizes.length > 5);
    assert.ok(Math.max(...sizes) <= rowCount, `a step of ${Math.max(...sizes)} rows, of ${rowCount} events`);
  }
}

type Rows = Map<string, Float64Array>;

async function ingest(directory: string, feed: Feed, folder: string, sources: RegExp): Promise<EventBatch[]> {
  const files = (readdirSync(folder, { recursive: true }) as string[]).filter((name) => sources.test(name)).sort();
  const batches: EventBatch[] = [];
  const writer = await openLakeWriter(directory, { threads: 1 });
  for (const name of files) {
    for await (const part of parseSource(feed, join(folder, name))) {
      for (const batch of part.batches) {
        batches.push(batch);
        await writer.append(batch);
      }
    }
  }
  await writer.commit();
  await writer.close();
  return batches;
}

/** Everything in shuffled pieces; the files overlap in time, so the watermark waits for all of them. */
function streamed(definition: unknown, batches: readonly EventBatch[]): Rows {
  const random = createRandom(4);
  const runner = createFeatureRunner<EventBatch>(definition);
  const pieces = batches.flatMap((batch) => {
    const size = 1 + random.below(700);
    return Array.from({ length: Math.ceil(batch.length / size) }, (_, piece) => ({
      batch,
      rows: Int32Array.from({ length: Math.min(size, batch.length - piece * size) }, (_, i) => piece * size + i),
      order: random.next(),
    }));
  });
  pieces.sort((a, b) => a.order - b.order);
  for (const { batch, rows } of pieces) if (batch.feed === runner.plan.table) runner.push(batch, rows);
  const rows: Rows = new Map();
  const last = runner.newestTime;
  for (let watermark = last - 30 * 86400e6; watermark < last; watermark += 3600e6) collect(runner.advance(watermark), rows);
  collect(runner.flush(), rows);
  return rows;
}

/** A stream that begins in the middle and takes what was before from the lake. */
async function compareAfterWarmUp(lake: Lake, definition: unknown, matrix: FeatureMatrix, batches: readonly EventBatch[]): Promise<void> {
  const from = matrix.eventTimes[Math.floor(matrix.rowCount / 2)]!;
  const later = await buildMatrix(lake, definition, { from });
  assert.ok(later.rowCount < matrix.rowCount && later.rowCount > 0);
  const runner = createFeatureRunner<EventBatch>(definition);
  await warmUp(runner, lake, from);
  const isLater = new Set(later.eventIds);
  for (const batch of batches) {
    const rows = Int32Array.from(Array.from({ length: batch.length }, (_, row) => row).filter((row) => isLater.has(eventId(batch, row))));
    if (rows.length > 0) runner.push(batch, rows);
  }
  const rows: Rows = new Map();
  collect(runner.flush(), rows);
  compare(later, rows);
}

function collect(block: FeatureBlock<EventBatch>, rows: Rows): void {
  const width = block.names.length;
  for (let i = 0; i < block.rowCount; i++) {
    rows.set(eventId(block.inputs[block.inputIndex[i]!]!, block.rows[i]!), block.values.slice(i * width, (i + 1) * width));
  }
}

function compare(matrix: FeatureMatrix, rows: Rows): void {
  assert.equal(rows.size, matrix.rowCount);
  const width = matrix.names.length;
  for (const [row, id] of matrix.eventIds.entries()) same(matrix, row, rows.get(id)!, width);
}

function compareTwin(
  matrix: FeatureMatrix,
  definition: ReturnType<typeof parseDefinition>,
  batches: readonly EventBatch[],
  limit: number,
): void {
  const columns = columnsOf(definition.table);
  const timeColumn = definition.eventTime?.column ?? "timestamp";
  const events = batches
    .filter((batch) => batch.feed === definition.table)
    .flatMap((batch) => Array.from({ length: batch.length }, (_, row) => naiveEvent(batch, row, timeColumn)));
  // The twin is quadratic: the first events are enough, since windows look back only.
  const last = matrix.eventTimes[Math.min(limit, matrix.rowCount) - 1]!;
  const wanted = new Set(matrix.eventIds.filter((_, row) => matrix.eventTimes[row]! <= last));
  const twins = naiveFeatures(
    withTiles(definition),
    events.filter(({ id }) => wanted.has(id)),
    (name) => String(columns[name]),
  );
  assert.equal(twins.length, wanted.size);
  for (const [row, twin] of twins.entries()) {
    assert.equal(matrix.eventIds[row], twin.id);
    same(matrix, row, Float64Array.from(Object.values(twin.features)), matrix.names.length);
  }
}

function naiveEvent(batch: EventBatch, row: number, timeColumn: string): NaiveEvent {
  const values: Record<string, string | number | bigint | boolean | null> = {};
  for (const [name, column] of batch.columns) {
    const value = isListColumn(column) ? null : valueAt(column, row);
    if (!(value instanceof Date) && !Array.isArray(value)) values[name] = value;
  }
  const time = batch.columns.get(timeColumn);
  return { id: eventId(batch, row), micros: time?.type === "timestamp" ? numberAt(time, row) : null, values };
}

function same(matrix: FeatureMatrix, row: number, values: Float64Array, width: number): void {
  for (let i = 0; i < width; i++) {
    const expected = matrix.values[row * width + i]!;
    // Adding 0 makes −0 a 0.
    if (!Object.is(values[i]! + 0, expected))
      assert.fail(`${matrix.eventIds[row]} ${matrix.names[i]}: ${values[i]}, the lake says ${expected}`);
  }
}
