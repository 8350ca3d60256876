import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { SoclabError } from "../../src/core/index.ts";
import { columnOf } from "../../src/event/index.ts";
import { createFeatureRunner, type FeatureInput } from "../../src/features/index.ts";
import { toInput } from "./streams.ts";

const second = 1_000_000;
const definition = {
  name: "d",
  table: "conn",
  entity: "ip_src_addr",
  where: { column: "proto", equals: "tcp" },
  features: [
    { name: "n", count: true, window: "10s", tile: "1s" },
    { name: "most", max: "orig_bytes", window: "10s", tile: "1s" },
    { name: "ports", distinct: "id_resp_p", window: "10s", tile: "1s" },
    { name: "hosts", distinct: "ip_dst_addr", window: "10s", tile: "1s" },
    { name: "first", firstSeen: "ip_dst_addr" },
    { name: "since", timeSinceLast: true },
  ],
};
const windowsOnly = { ...definition, features: definition.features.slice(0, 4) };

function at(seconds: number, values: Record<string, string | number | bigint | null> = {}) {
  const defaults = { ip_src_addr: "10.0.0.1", proto: "tcp", ip_dst_addr: "192.0.2.1", id_resp_p: 80, orig_bytes: 1n };
  return { id: String(seconds), micros: seconds * second, values: { ...defaults, ...values } };
}

test("a late event is counted in at the watermark, flagged, and keeps its own time", () => {
  const runner = createFeatureRunner(definition);
  runner.push(toInput([at(100)]));
  assert.equal(runner.advance(100 * second).rowCount, 1);
  runner.push(toInput([at(95)]));
  const block = runner.advance(100 * second);
  assert.deepEqual([block.rowCount, block.late[0], block.eventTimes[0], block.values[0]], [1, 1, 95 * second, 2]);
  runner.push(toInput([at(105)]));
  const next = runner.flush();
  assert.deepEqual([next.late[0], next.values[0], next.values[5]], [0, 3, 5]);
});

test("a late event ties with what the watermark saw, also after a restart", () => {
  const runner = createFeatureRunner(definition);
  runner.push(toInput([at(90), at(100)]));
  runner.advance(100 * second);
  const restored = createFeatureRunner(definition);
  restored.restore(runner.snapshot());
  for (const one of [runner, restored]) {
    one.push(toInput([at(70)]));
    assert.equal(one.flush().values[5], 10);
  }
});

test("an event without entity or time, and one that where refuses, is filtered and counted", () => {
  const runner = createFeatureRunner(definition);
  const events = [at(1), at(2, { ip_src_addr: null }), { ...at(3), micros: null }, at(4, { proto: "udp" }), at(5, { proto: null })];
  assert.deepEqual(runner.push(toInput(events)), { accepted: 1, filtered: 4 });
  assert.deepEqual(runner.push(toInput(events), Int32Array.of(0, 1)), { accepted: 1, filtered: 1 });
  assert.equal(runner.pendingCount, 2);
});

test("what waits is named in order of event time, and its input is let go once it has come out", () => {
  const runner = createFeatureRunner(definition);
  const first = toInput([at(9), at(3)]);
  const second_ = toInput([at(5)]);
  runner.push(first);
  runner.push(second_);
  runner.advance(4 * second);
  const pending = runner.pending();
  assert.deepEqual(
    Array.from(pending.rows, (row, i) => [pending.inputs[pending.inputIndex[i]!], row]),
    [
      [second_, 0],
      [first, 0],
    ],
  );
  runner.flush();
  runner.flush();
  assert.deepEqual(runner.pending().inputs, [undefined, undefined]);
});

test("history counts and does not come out", () => {
  const runner = createFeatureRunner(definition);
  runner.observe(toInput([at(8), at(5, { ip_dst_addr: "192.0.2.9" }), at(30)]));
  assert.equal(runner.advance(9 * second).rowCount, 0);
  runner.push(toInput([at(10)]));
  const block = runner.advance(10 * second);
  assert.deepEqual([...block.values], [3, 1, 1, 2, 0, 2]);
});

test("an entity that is idle for longer than every window is forgotten, unless a feature looks at all history", () => {
  const [forgetful, faithful] = [createFeatureRunner(windowsOnly), createFeatureRunner(definition)];
  for (const runner of [forgetful, faithful]) {
    for (let i = 0; i < 5000; i++) {
      runner.push(toInput([at(i, { ip_src_addr: `2001:db8::${i.toString(16)}`, ip_dst_addr: `h${i}` })]));
      runner.advance(i * second);
    }
  }
  assert.ok(forgetful.entityCount < 20, `${forgetful.entityCount} entities`);
  assert.equal(faithful.entityCount, 5000);
  assert.ok(forgetful.snapshot().length < 5000);
});

test("a column that is absent from a batch is null in it, and one of another type is refused", () => {
  const runner = createFeatureRunner(definition);
  const columns = new Map(toInput([at(1)]).columns);
  columns.delete("id_resp_p");
  runner.push({ length: 1, columns });
  assert.equal(runner.flush().values[2], 0);
  const other: FeatureInput = { length: 1, columns: new Map(columns).set("orig_bytes", columnOf("string", ["12"])) };
  assert.throws(() => runner.push(other), { code: "SOCLAB_SCHEMA_CONFLICT" });
});

test("a snapshot of a restored runner is the same bytes", () => {
  const runner = busy();
  const bytes = runner.snapshot().slice();
  const other = createFeatureRunner(definition);
  other.restore(bytes);
  assert.deepEqual(other.snapshot(), bytes);
  assert.equal(other.watermark, runner.watermark);
});

test("a snapshot that is cut, changed or of another definition is refused and leaves the runner as it was", () => {
  const bytes = busy().snapshot().slice();
  const runner = busy();
  const before = runner.snapshot().slice();
  const refused = (wrong: Uint8Array) =>
    assert.throws(
      () => runner.restore(wrong),
      (error: unknown) => error instanceof SoclabError && error.code === "SOCLAB_INVALID_FILE",
    );
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
      refused(bytes.subarray(0, place));
      const changed = bytes.slice();
      changed[place]! ^= change;
      refused(changed);
    }),
  );
  const other = createFeatureRunner(windowsOnly);
  assert.throws(() => other.restore(bytes), /belongs to definition/);
  assert.deepEqual(runner.snapshot(), before);
});

test("a forged snapshot with a right checksum is refused or read as one, and nothing else is thrown", () => {
  const bytes = busy().snapshot().slice();
  fc.assert(
    fc.property(fc.integer({ min: 36, max: bytes.length - 33 }), fc.uint8Array({ minLength: 1, maxLength: 8 }), (place, forged) => {
      const changed = bytes.slice();
      changed.set(forged.subarray(0, Math.min(forged.length, bytes.length - 32 - place)), place);
      changed.set(createHash("sha256").update(changed.subarray(0, -32)).digest(), bytes.length - 32);
      const runner = createFeatureRunner(definition);
      try {
        runner.restore(changed);
      } catch (error) {
        assert.ok(error instanceof SoclabError && error.code === "SOCLAB_INVALID_FILE", String(error));
        return;
      }
      runner.push(toInput([at(1e6)]));
      runner.flush();
    }),
    { numRuns: 2000 },
  );
});

function busy() {
  const runner = createFeatureRunner(definition);
  for (let i = 0; i < 40; i++) {
    const values = { ip_src_addr: `10.0.0.${i % 5}`, ip_dst_addr: `192.0.2.${i % 7}`, id_resp_p: i % 3, orig_bytes: BigInt(i * 37) };
    runner.push(toInput([at(i, values)]));
  }
  runner.flush();
  return runner;
}
