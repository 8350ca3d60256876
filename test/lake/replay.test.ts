import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { compileRules, parseRules } from "../../src/event/index.ts";
import { countDeadLetters, deadLetters, ingestFiles, openLake, openLakeWriter, replayDeadLetters } from "../../src/lake/index.ts";
import { zeekLog } from "../ingest/parse.ts";
import { temporaryLake } from "./fixture.ts";

const fields = { ts: "time", uid: "string", "id.orig_h": "addr", n: "count" };
const row = (i: number, n = String(i)) => [`${1655071198 + i}.5`, `C${i}`, `10.0.0.${i}`, n];
const strict = () => compileRules(parseRules({ rules: [{ name: "small", field: "n", range: { max: 4 }, action: "reject" }] }));

async function ingested(context: TestContext, log: string, rules = strict()) {
  const directory = temporaryLake(context);
  const file = join(directory, "..", `conn-${process.pid}-${Math.random()}.log`);
  writeFileSync(file, log);
  context.after(() => import("node:fs").then(({ rmSync }) => rmSync(file, { force: true })));
  const ingest = async (given: ReturnType<typeof strict> | undefined) => {
    await using writer = await openLakeWriter(directory);
    return await ingestFiles(writer, { feed: "zeek", files: [file], rules: given });
  };
  const counts = await ingest(rules);
  return { directory, ingest, counts };
}

async function contents(directory: string) {
  await using lake = openLake(directory);
  const events = await lake.table("conn").select("event_id", "original_string").orderBy("event_id").rows();
  const letters = await deadLetters(lake).rows();
  return { events: events.map(({ event_id, original_string }) => [event_id, Buffer.from(original_string!).toString()]), letters };
}

test("what a mended rule lets pass comes in under the id it would have had, and its letter goes", async (context) => {
  const log = zeekLog(
    "conn",
    fields,
    Array.from({ length: 9 }, (_, i) => row(i)),
  );
  const { directory } = await ingested(context, log);
  const { directory: whole } = await ingested(
    context,
    log,
    compileRules(parseRules({ rules: [{ name: "x", field: "n", range: { max: 99 }, action: "reject" }] })),
  );
  {
    await using writer = await openLakeWriter(directory);
    assert.deepEqual(await replayDeadLetters(writer, { rules: strict() }), {
      letters: 4,
      events: 0,
      duplicates: 0,
      stillDead: 4,
      setAside: 0,
    });
    assert.deepEqual(await replayDeadLetters(writer, { filter: { code: "BAD_NUMBER" } }), {
      letters: 0,
      events: 0,
      duplicates: 0,
      stillDead: 0,
      setAside: 0,
    });
    assert.deepEqual(await replayDeadLetters(writer), { letters: 4, events: 4, duplicates: 0, stillDead: 0, setAside: 0 });
    assert.deepEqual(await replayDeadLetters(writer), { letters: 0, events: 0, duplicates: 0, stillDead: 0, setAside: 0 });
  }
  assert.deepEqual(await contents(directory), await contents(whole));
});

test("a file that is ingested again with a mended parser leaves no letter of what is an event now", async (context) => {
  const { directory, ingest, counts } = await ingested(context, zeekLog("conn", fields, [row(1), row(9), row(2, "x"), row(8)]));
  assert.deepEqual({ ...counts, seconds: 0 }, { records: 4, events: 1, deadLetters: 3, duplicates: 0, seconds: 0 });
  assert.deepEqual({ ...(await ingest(undefined)), seconds: 0 }, { records: 4, events: 2, deadLetters: 0, duplicates: 2, seconds: 0 });
  const { events, letters } = await contents(directory);
  assert.equal(events.length, 3);
  assert.deepEqual(
    letters.map(({ code }) => code),
    ["BAD_NUMBER"],
  );
});

test("records without a header are events once they are given one", async (context) => {
  const log = zeekLog("conn", fields, [row(1), row(2)]);
  const orphans = log
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n");
  const { directory } = await ingested(context, orphans);
  await using writer = await openLakeWriter(directory);
  const header = log
    .split("\n")
    .filter((line) => line.startsWith("#"))
    .map((line) => Buffer.from(line));
  assert.deepEqual(await replayDeadLetters(writer, { header, filter: { code: "NO_HEADER" } }), {
    letters: 2,
    events: 2,
    duplicates: 0,
    stillDead: 0,
    setAside: 0,
  });
});

test("an over-long record comes back from its pieces when it is allowed to be so long", async (context) => {
  const long = [...row(1).slice(0, 1), "C".repeat(17 << 20), ...row(1).slice(2)];
  const { directory, counts } = await ingested(context, zeekLog("conn", fields, [row(0), long, row(2)]));
  assert.equal(counts.records, 3);
  await using writer = await openLakeWriter(directory);
  assert.deepEqual(await replayDeadLetters(writer), { letters: 2, events: 0, duplicates: 0, stillDead: 0, setAside: 2 });
  const { events, letters } = await replayDeadLetters(writer, { maxRecordBytes: 32 << 20 });
  assert.deepEqual([events, letters], [1, 1]);
});

test("letters are counted and found; what matches no letter is no error", async (context) => {
  const { directory } = await ingested(context, zeekLog("conn", fields, [row(1), row(9), row(2, "x"), row(8)]));
  await using lake = openLake(directory);
  const counted = await countDeadLetters(lake).rows();
  assert.deepEqual(
    counted.map(({ feed, code, letters }) => [feed, code, letters]),
    [
      ["zeek", "RULE_RANGE", 2n],
      ["zeek", "BAD_NUMBER", 1n],
    ],
  );
  const [first] = await deadLetters(lake, { code: "BAD_NUMBER" }).rows();
  assert.equal((await deadLetters(lake, { id: first!.id! }).rows()).length, 1);
  assert.equal((await deadLetters(lake, { source: "it's; DROP TABLE x" }).rows()).length, 0);
  assert.throws(() => deadLetters(lake, { id: "x' OR TRUE" }), { code: "SOCLAB_INVALID_VALUE" });
});

test("in any order of ingests and replays every record is an event or a letter, once", async (context) => {
  const log = zeekLog(
    "conn",
    fields,
    Array.from({ length: 12 }, (_, i) => (i % 5 === 2 ? row(i, "x") : row(i))),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("ingest strict", "ingest", "replay strict", "replay", "replay range"), { maxLength: 5 }),
      async (steps) => {
        const { directory, ingest } = await ingested(context, log);
        for (const step of steps) {
          if (step.startsWith("ingest")) await ingest(step === "ingest" ? undefined : strict());
          else {
            await using writer = await openLakeWriter(directory);
            await replayDeadLetters(writer, {
              rules: step === "replay strict" ? strict() : undefined,
              filter: step === "replay range" ? { code: "RULE_RANGE" } : {},
            });
          }
        }
        const { events, letters } = await contents(directory);
        const places = [...events.map(([id]) => String(id).slice(0, 27)), ...letters.map(({ id }) => id)];
        assert.equal(new Set(places).size, 12);
        // A rule that came later cannot make a letter of an event that is there.
        const doubled = places.length - 12;
        assert.equal(doubled, 0, steps.join());
      },
    ),
    { numRuns: 8 },
  );
});
