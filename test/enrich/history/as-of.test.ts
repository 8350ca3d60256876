import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createEnricher, IdentityResolver, parseAddress } from "../../../src/enrich/index.ts";
import { type EventBatch, rowAt, sliceBatch, type TimestampColumn } from "../../../src/event/index.ts";
import { batchOf } from "../batch-of.ts";
import { addresses, historiesOf, identityTwin, type World, worlds } from "./world.ts";

const open = Number.POSITIVE_INFINITY;
const times = [-5, ...Array.from({ length: 50 }, (_, i) => i), open];

interface Event {
  readonly from: string | null;
  readonly to: string | null;
  readonly time: number | null;
}

const event: fc.Arbitrary<Event> = fc.record({
  from: fc.option(fc.constantFrom(...addresses)),
  to: fc.option(fc.constantFrom(...addresses, "8.8.8.8")),
  time: fc.option(fc.integer({ min: -2, max: 50 }), { freq: 8 }),
});

function batchAt(events: readonly Event[]): EventBatch {
  const batch = batchOf(
    events.map(({ from }) => from),
    events.map(({ to }) => to),
  );
  const validity = new Uint8Array((events.length + 7) >> 3);
  for (const [i, { time }] of events.entries()) if (time !== null) validity[i >> 3]! |= 1 << (i & 7);
  const timestamp: TimestampColumn = {
    type: "timestamp",
    length: events.length,
    validity,
    values: Float64Array.from(events, ({ time }) => time ?? 0),
  };
  return { ...batch, columns: new Map([...batch.columns, ["timestamp", timestamp]]) };
}

const added = ["asset_name", "asset_owner", "asset_criticality", "user", "user_department", "host", "mac"];

function rows(batch: EventBatch): Record<string, unknown>[] {
  return Array.from({ length: batch.length }, (_, row) => {
    const values = rowAt(batch, row);
    return Object.fromEntries(["src_", "dst_"].flatMap((side) => added.map((name) => [side + name, values[side + name]])));
  });
}

function expected(world: World, { from, to, time }: Event): Record<string, unknown> {
  const side = (prefix: string, address: string | null) => {
    const found = address === null ? null : identityTwin(world, address, time ?? open);
    return Object.entries({
      asset_name: found?.asset?.name,
      asset_owner: found?.asset?.owner,
      asset_criticality: found?.asset?.criticality,
      user: found?.user?.user,
      user_department: found?.department,
      host: found?.lease?.host,
      mac: found?.lease?.mac,
    }).map(([name, value]) => [prefix + name, value ?? null]);
  };
  return Object.fromEntries([...side("src_", from), ...side("dst_", to)]);
}

test("an address is at every time whose it was: lease, then MAC, host name, network and the asset's name", () => {
  fc.assert(
    fc.property(worlds, (world) => {
      const resolver = new IdentityResolver(historiesOf(world));
      for (const text of addresses) {
        const address = parseAddress(text)!;
        for (const time of times) assert.deepEqual(resolver.at(address, time), identityTwin(world, text, time), `${text} at ${time}`);
        const spans = resolver.spans(address);
        for (const time of times) {
          const { from: _, ...identity } = spans.findLast(({ from }) => from <= time)!;
          assert.deepEqual(identity, resolver.at(address, time), `span of ${text} at ${time}`);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("every event gets what was true at its time", () => {
  fc.assert(
    fc.property(worlds, fc.array(event, { maxLength: 30 }), (world, events) => {
      const enriched = createEnricher(historiesOf(world)).enrich(batchAt(events));
      assert.deepEqual(
        rows(enriched),
        events.map((one) => expected(world, one)),
      );
    }),
    { numRuns: 300 },
  );
});

test("one batch, any split, any order and one event at a time give the same columns", () => {
  const cuts = fc.array(fc.nat(30), { maxLength: 4 });
  fc.assert(
    fc.property(worlds, fc.array(event, { minLength: 1, maxLength: 30 }), cuts, fc.infiniteStream(fc.nat()), (world, events, at, keys) => {
      const whole = rows(createEnricher(historiesOf(world)).enrich(batchAt(events)));

      const stream = createEnricher(historiesOf(world));
      const bounds = [0, ...at.filter((cut) => cut < events.length).sort((a, b) => a - b), events.length];
      const batch = batchAt(events);
      const split = bounds.slice(1).flatMap((until, i) => rows(stream.enrich(sliceBatch(batch, bounds[i]!, until))));
      assert.deepEqual(split, whole);

      const single = createEnricher(historiesOf(world));
      assert.deepEqual(
        events.flatMap((one) => rows(single.enrich(batchAt([one])))),
        whole,
      );

      const order = events.map((_, i) => ({ i, key: keys.next().value })).sort((a, b) => a.key - b.key);
      const shuffled = rows(stream.enrich(batchAt(order.map(({ i }) => events[i]!))));
      assert.deepEqual(
        shuffled,
        order.map(({ i }) => whole[i]),
      );
    }),
    { numRuns: 200 },
  );
});
