import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { displayBundle, json } from "../../src/index.ts";

test("Maps, Sets, bigints, dates, typed arrays, errors and toJSON have a JSON form", async () => {
  const value = {
    map: new Map([["a", 1]]),
    pairs: new Map([[1, "a"]]),
    set: new Set([1n, 2n ** 60n]),
    at: new Date(0),
    never: new Date(Number.NaN),
    floats: Float32Array.of(1.5, Number.NaN),
    error: Object.assign(new Error("x"), { code: 1 }),
    url: new URL("https://a.org/"),
    gone: undefined,
    call: () => 1,
    list: [undefined, () => 1, Number.POSITIVE_INFINITY],
  };
  assert.deepEqual((await displayBundle(json(value)))["application/json"], {
    map: { a: 1 },
    pairs: [[1, "a"]],
    set: [1, "1152921504606846976"],
    at: "1970-01-01T00:00:00.000Z",
    never: null,
    floats: [1.5, "NaN"],
    error: { name: "Error", message: "x", code: 1 },
    url: "https://a.org/",
    list: [null, null, "Infinity"],
  });
});

test("cycles, endless depth, throwing getters and __proto__ are data", () => {
  const cyclic: Record<string, unknown> = { n: 1 };
  cyclic.self = cyclic;
  assert.deepEqual(json(cyclic).data, { n: 1, self: "[Circular]" });
  let deep: unknown = 1;
  for (let level = 0; level < 10_000; level++) deep = [deep];
  assert.match(JSON.stringify(json(deep).data), /nested too deeply/);
  assert.deepEqual(
    json({
      get x() {
        throw new Error("broken");
      },
    }).data,
    "[broken]",
  );
  const { data } = json(JSON.parse('{"__proto__":{"polluted":1}}'));
  assert.equal(JSON.stringify(data), '{"__proto__":{"polluted":1}}');
  const shared = { a: 1 };
  assert.deepEqual(json([shared, shared]).data, [{ a: 1 }, { a: 1 }], "the same object twice is no cycle");
});

test("large data is cut, and whole with all", () => {
  const numbers = Array.from({ length: 100_000 }, (_, n) => n);
  const { data } = json(numbers);
  assert.ok(Array.isArray(data));
  assert.match(String(data.at(-1)), /^… 80,00\d more$/);
  assert.deepEqual(json(numbers, { all: true }).data, numbers);
});

test("whatever the value, its JSON can be written, read and saved as UTF-8", () => {
  fc.assert(
    fc.property(
      fc.anything({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withSet: true,
        withTypedArray: true,
        withNullPrototype: true,
        stringUnit: "binary",
      }),
      (value) => {
        const { data } = json(value);
        const written = JSON.stringify(data);
        assert.deepEqual(JSON.stringify(JSON.parse(written)), written);
        assert.ok(written.isWellFormed());
      },
    ),
  );
});
