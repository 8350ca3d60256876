import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import { createRandom } from "../../src/core/index.ts";
import {
  buildMatrix,
  createFeatureRunner,
  type FeatureBlock,
  type FeatureDefinition,
  type FeatureRunner,
} from "../../src/features/index.ts";
import { DuckDb } from "../../src/table/index.ts";
import { type NaiveEvent, naiveFeatures } from "./naive.ts";
import { definitions, streams, toInput, toTable, typeOf } from "./streams.ts";

const duckdb = new DuckDb({ threads: 1 });
after(() => duckdb.close());

type Input = ReturnType<typeof toInput>;
type Rows = Map<string, readonly number[]>;

test("the statement gives what the naive twin gives, bit for bit", async () => {
  await fc.assert(
    fc.asyncProperty(definitions, streams, async (definition, events) => {
      await duckdb.run(toTable(events));
      const matrix = await buildMatrix(duckdb, definition);
      const width = matrix.names.length;
      const rows: Rows = new Map(matrix.eventIds.map((id, i) => [id, [...matrix.values.subarray(i * width, (i + 1) * width)]]));
      compare(definition, events, matrix.names, rows);
      const expected = naiveFeatures(definition, events, typeOf).map((row) => row.id);
      assert.deepEqual(matrix.eventIds, expected, "rows stand in order of event time and id");
    }),
    { numRuns: 120 },
  );
});

test("the stream gives what the naive twin gives, for any arrival within the lateness, any batches and restarts in between", () => {
  fc.assert(
    fc.property(definitions, streams, fc.integer(), (definition, events, seed) => {
      const rows = stream(definition, events, seed);
      compare(definition, events, createFeatureRunner(definition).names, rows);
    }),
    { numRuns: 600 },
  );
});

/** Sends events in a shuffled order through a runner that is replaced by a restored one now and then. */
function stream(definition: FeatureDefinition, events: readonly NaiveEvent[], seed: number): Rows {
  const random = createRandom(seed);
  const lateness = random.below(4) * 10_000_000;
  const arrivals = events.map((event) => ({ event, arrival: (timeOf(definition, event) ?? 0) + random.next() * lateness }));
  arrivals.sort((a, b) => a.arrival - b.arrival);
  const rows: Rows = new Map();
  let runner = createFeatureRunner<Input>(definition);
  for (let at = 0; at < arrivals.length; ) {
    const size = 1 + random.below(12);
    const batch = arrivals.slice(at, at + size).map(({ event }) => event);
    at += size;
    runner.push(toInput(batch));
    if (random.below(3) > 0) collect(runner.advance(runner.newestTime - lateness - 1), rows);
    if (random.below(4) === 0) runner = restarted(definition, runner);
  }
  collect(runner.flush(), rows);
  return rows;
}

function restarted(definition: FeatureDefinition, runner: FeatureRunner<Input>): FeatureRunner<Input> {
  const next = createFeatureRunner<Input>(definition);
  next.restore(runner.snapshot().slice());
  const { rowCount, inputs, inputIndex, rows } = runner.pending();
  for (let i = 0; i < rowCount; i++) next.push(inputs[inputIndex[i]!]!, rows.subarray(i, i + 1));
  assert.equal(next.pendingCount, rowCount);
  return next;
}

function collect(block: FeatureBlock<Input>, rows: Rows): void {
  const width = block.names.length;
  for (let i = 0; i < block.rowCount; i++) {
    const event = block.inputs[block.inputIndex[i]!]!.events[block.rows[i]!]!;
    assert.equal(block.entity(i), event.values.ip_src_addr);
    assert.equal(block.late[i], 0);
    assert.ok(!rows.has(event.id), "an event comes out once");
    rows.set(event.id, [...block.values.subarray(i * width, (i + 1) * width)]);
  }
}

function compare(definition: FeatureDefinition, events: readonly NaiveEvent[], names: readonly string[], rows: Rows): void {
  const expected = naiveFeatures(definition, events, typeOf);
  assert.equal(rows.size, expected.length);
  for (const { id, features } of expected) {
    const values = rows.get(id)!;
    assert.deepEqual(Object.keys(features), names);
    names.forEach((name, i) => {
      assert.ok(Object.is(values[i]!, features[name]! + 0), `event ${id}, ${name}: got ${values[i]}, the twin says ${features[name]}`);
    });
  }
}

function timeOf(definition: FeatureDefinition, event: NaiveEvent): number | undefined {
  return naiveFeatures({ ...definition, features: [{ name: "x", timeSinceLast: true }] }, [event], typeOf)[0]?.time;
}
