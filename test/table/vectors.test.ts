import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { type Column, type ColumnValue, columnOf, type ScalarType, type ScalarValue, valueAt } from "../../src/event/index.ts";
import { DuckDb, type ResultColumn, resultValue, type VectorSource } from "../../src/table/index.ts";

const scalars: Record<ScalarType, fc.Arbitrary<ScalarValue>> = {
  string: fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 30 }),
    fc.constantFrom("", "a\0b", "twelve bytes", "thirteen bytes", "é".repeat(7)),
  ),
  double: fc.double(),
  bigint: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  integer: fc.integer(),
  boolean: fc.boolean(),
  timestamp: fc.date({ min: new Date("1700-01-01"), max: new Date("2250-01-01"), noInvalidDate: true }),
};

function engineFor(context: TestContext): DuckDb {
  const engine = new DuckDb({ threads: 2 });
  context.after(() => engine.close());
  return engine;
}

let tableNumber = 0;

async function roundTrip(
  engine: DuckDb,
  sources: readonly VectorSource[],
  types: readonly Column["type"][],
  length: number,
): Promise<ResultColumn[]> {
  const name = `t${tableNumber++}`;
  const table = await engine.createTable(
    name,
    types.map((type, i) => ({ name: `c${i}`, type })),
  );
  await table.append(sources, length);
  table.flush();
  const { columns } = await engine.query(`SELECT * FROM ${name} ORDER BY rowid`);
  await table.drop();
  return [...columns.values()];
}

/** Repeats rows until they fill more than one vector of DuckDB (2048 rows). */
function repeated<T>(rows: readonly T[], length: number): T[] {
  return Array.from({ length }, (_, i) => rows[i % rows.length]!);
}

function assertSame(actual: ResultColumn, expected: readonly (ColumnValue | null)[]): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) assert.deepEqual(resultValue(actual, i), expected[i], `row ${i}`);
}

for (const type of Object.keys(scalars) as ScalarType[]) {
  test(`any ${type} column comes back from DuckDB as it went in, nulls included`, async (context) => {
    const engine = engineFor(context);
    const rows = fc.array(fc.option(scalars[type], { nil: null }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom(1, 7, 2047, 2048, 2049, 5000), async (some, length) => {
        const values = repeated(some, length);
        const column = columnOf(type, values);
        const [back] = await roundTrip(engine, [{ kind: "column", column }], [type], length);
        assertSame(
          back!,
          values.map((_, i) => valueAt(column, i)),
        );
      }),
      { numRuns: 25 },
    );
  });
}

test("any list column comes back, whatever its lengths, null lists and null elements", async (context) => {
  const engine = engineFor(context);
  const rows = fc.array(fc.option(fc.array(fc.option(scalars.string, { nil: null }), { maxLength: 5 }), { nil: null }), {
    minLength: 1,
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(rows, fc.constantFrom(1, 2048, 4100), async (some, length) => {
      const lists = repeated(some, length);
      const offsets = new Int32Array(length + 1);
      const validity = new Uint8Array((length + 7) >> 3);
      const elements: (ScalarValue | null)[] = [];
      for (const [i, list] of lists.entries()) {
        if (list) {
          validity[i >> 3]! |= 1 << (i & 7);
          elements.push(...list);
        }
        offsets[i + 1] = elements.length;
      }
      const column: Column = { type: "string[]", length, validity, offsets, child: columnOf("string", elements) };
      const [back] = await roundTrip(engine, [{ kind: "column", column }], ["string[]"], length);
      assertSame(
        back!,
        lists.map((_, i) => valueAt(column, i)),
      );
    }),
    { numRuns: 25 },
  );
});

test("slices of the raw bytes come back decoded, escapes and broken UTF-8 included", async (context) => {
  const engine = engineFor(context);
  const decode = (bytes: Uint8Array, start: number, end: number) =>
    Buffer.from(bytes.subarray(start, end)).toString("utf8").replaceAll("\\x41", "A");
  const text = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    scalars.string.map((value) => Buffer.from(`${value}\\x41`)),
    fc.constant(Buffer.from("plain ascii that is long")),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 30 }), fc.constantFrom(1, 2048, 2500), async (some, length) => {
      const records = repeated(some, length);
      const bytes = Buffer.concat(records);
      const ends = new Int32Array(length);
      let end = 0;
      for (const [i, record] of records.entries()) {
        end += record.length;
        ends[i] = end;
      }
      const starts = Int32Array.from(records, (record, i) => ends[i]! - record.length);
      const column: Column = { type: "string", encoding: "slice", length, validity: undefined, bytes, starts, ends, decode };
      const raw: VectorSource = { kind: "raw", raw: { bytes, starts, ends } };
      const name = `t${tableNumber++}`;
      const table = await engine.createTable(name, [
        { name: "text", type: "string" },
        { name: "raw", type: "bytes" },
      ]);
      await table.append([{ kind: "column", column }, raw], length);
      table.flush();
      const { columns } = await engine.query(`SELECT * FROM ${name} ORDER BY rowid`);
      await table.drop();
      assertSame(
        columns.get("text")!,
        records.map((_, i) => valueAt(column, i)),
      );
      for (const [i, record] of records.entries())
        assert.ok(Buffer.from(resultValue(columns.get("raw")!, i) as Uint8Array).equals(record), `raw ${i}`);
    }),
    { numRuns: 25 },
  );
});

test("a dictionary that grows between batches keeps its codes, and batches do not disturb each other", async (context) => {
  const engine = engineFor(context);
  const values: string[] = [];
  const dictionary = { values };
  const table = await engine.createTable("grown", [{ name: "c", type: "string" }]);
  const expected: string[] = [];
  for (let batch = 0; batch < 50; batch++) {
    for (let i = 0; i < 100; i++) values.push(`value number ${values.length}`.slice(i % 2 === 0 ? 0 : 9));
    const codes = Int32Array.from({ length: 300 }, (_, i) => (i * 31 + batch) % values.length);
    for (const code of codes) expected.push(values[code]!);
    await table.append(
      [{ kind: "column", column: { type: "string", encoding: "dictionary", length: 300, validity: undefined, codes, dictionary } }],
      300,
    );
  }
  table.flush();
  const { columns } = await engine.query("SELECT c FROM grown ORDER BY rowid");
  assertSame(columns.get("c")!, expected);
});

test("DuckDB's other types become the nearest column, and what has none its text", async (context) => {
  const engine = engineFor(context);
  const { schema, columns } = await engine.query(
    `SELECT 7::UTINYINT AS a, 1.25::DECIMAL(9, 2) AS b, 2::HUGEINT AS c, DATE '2022-06-01' AS d, {'x': 1} AS e, [3, NULL, 4] AS f,
     TIMESTAMP_MS '1969-12-31 23:59:59.999' AS g, NULL AS h, 1.5::FLOAT AS i, list_reverse([1, 2, 3]) AS j, INTERVAL 1 DAY AS k`,
  );
  assert.deepEqual(
    [...columns.values()].map((column) => resultValue(column, 0)),
    [7, 1.25, 2n, "2022-06-01", "{'x': 1}", [3, 4], new Date(-1), null, 1.5, [3, 2, 1], "1 day"],
  );
  assert.equal(schema.f, "integer[]");
  await assert.rejects(engine.query("SELECT 170141183460469231731687303715884105727::HUGEINT"), {
    code: "SOCLAB_QUERY",
    message: /no 64-bit integer/,
  });
});

test("a stream gives every row once, in pieces, and lets go when it is left early", async (context) => {
  const engine = engineFor(context);
  const pieces: number[] = [];
  let total = 0n;
  for await (const { length, columns } of engine.stream("SELECT range AS i FROM range(200000)")) {
    pieces.push(length);
    const i = columns.get("i");
    if (i?.type === "bigint") for (const value of i.values) total += value;
  }
  assert.ok(pieces.length > 2);
  assert.equal(total, 19_999_900_000n);
  for await (const { length } of engine.stream("SELECT * FROM range(10000000)")) {
    assert.ok(length > 0);
    break;
  }
  const empty = await engine.query("SELECT 1 AS a WHERE false");
  assert.deepEqual([empty.length, empty.schema], [0, { a: "integer" }]);
});

test("queries run side by side do not disturb each other", async (context) => {
  const engine = engineFor(context);
  const sums = await Promise.all(Array.from({ length: 8 }, (_, i) => engine.query(`SELECT sum(range + ${i}) AS s FROM range(10000)`)));
  assert.deepEqual(
    sums.map(({ columns }) => resultValue(columns.get("s")!, 0)),
    Array.from({ length: 8 }, (_, i) => 49_995_000n + BigInt(i) * 10_000n),
  );
});
