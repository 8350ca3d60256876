import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { ingestFiles, openLake, openLakeWriter, verifyLake } from "../../src/lake/index.ts";
import { connections, temporaryLake } from "./fixture.ts";

const everyMs = 7_200_000;

/** Three commits: events of several days, dead letters, a sidecar, and a file that stands for two others. */
async function smallLake(directory: string): Promise<void> {
  await using writer = await openLakeWriter(directory, {
    keepRemovedMs: 0,
    async buildSearch({ path }, _, sidecarPath) {
      writeFileSync(sidecarPath, `index of ${path}`);
      return true;
    },
  });
  await writer.append(connections(20, { everyMs }));
  await writer.appendDeadLetters([
    {
      feed: "conn",
      source: "conn.log",
      offset: 7,
      code: "BAD_ADDRESS",
      reason: "no",
      raw: Buffer.from("x"),
      sourceId: "00112233445566ff",
      context: { header: [] },
    },
  ]);
  await writer.commit();
  await writer.append(connections(10, { first: 20, everyMs }));
  await writer.commit();
  const [first, ...others] = writer.files("conn").filter(({ path }) => path.includes("2022-06-02"));
  assert.ok(first);
  await writer.replace({
    reason: "compaction",
    remove: [first, ...others],
    add: [
      {
        table: "conn",
        day: "2022-06-02",
        columns: first.columns,
        sources: [first, ...others].flatMap(({ sources }) => sources),
        sql: `SELECT * FROM read_parquet([${[first, ...others].map(({ path }) => `'${join(directory, path)}'`).join(", ")}], hive_partitioning = false)`,
      },
    ],
  });
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((path) => statSync(join(directory, path)).isFile());
}

test("a lake that nobody touched is as it was written, to each record", async (context) => {
  const directory = temporaryLake(context);
  await smallLake(directory);
  const progress: number[] = [];
  const report = await verifyLake(directory, { onProgress: ({ done, total }) => progress.push(done / total!) });
  assert.deepEqual(report.findings, []);
  assert.equal(report.commits, 3);
  assert.equal(report.rows, 31);
  assert.equal(report.unhashed, 0);
  assert.equal(progress.at(-1), 1);
  await using lake = openLake(directory);
  assert.equal(report.head, lake.head);
});

test("a flipped bit in any file is found, and the file is named", async (context) => {
  const original = temporaryLake(context);
  await smallLake(original);
  const files = filesBelow(original).filter((path) => path !== "_lock");
  assert.ok(files.some((path) => path.endsWith(".search")) && files.some((path) => path.startsWith("_commits")));
  const directory = temporaryLake(context);
  cpSync(original, directory, { recursive: true });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.nat(7),
      async (path, at, bit) => {
        const whole = readFileSync(join(original, path));
        const changed = Buffer.from(whole);
        const place = Math.floor(at * whole.length);
        changed[place]! ^= 1 << bit;
        writeFileSync(join(directory, path), changed);
        try {
          const { findings } = await verifyLake(directory);
          const about = findings.map((finding) => finding.path);
          assert.ok(about.includes(path), `${path} byte ${place} bit ${bit}: ${about.join(", ") || "nothing found"}`);
        } finally {
          writeFileSync(join(directory, path), whole);
        }
      },
    ),
    { numRuns: 150 },
  );
});

test("a missing file, a shorter one and a missing commit are found; a quick look sees sizes only", async (context) => {
  const original = temporaryLake(context);
  await smallLake(original);
  const [data] = filesBelow(original).filter((path) => path.endsWith(".parquet"));
  const findings = async (change: (directory: string) => void, isQuick = false) => {
    const directory = temporaryLake(context);
    cpSync(original, directory, { recursive: true });
    change(directory);
    return (await verifyLake(directory, { isQuick })).findings.map(({ kind, path }) => `${kind} ${path}`);
  };
  const file = (directory: string) => join(directory, data!);
  assert.deepEqual(await findings((directory) => rmSync(file(directory))), [`missing-file ${data}`]);
  const cut = (directory: string) => writeFileSync(file(directory), readFileSync(file(directory)).subarray(1));
  assert.deepEqual(await findings(cut, true), [`changed-file ${data}`]);
  const flip = (directory: string) => {
    const bytes = readFileSync(file(directory));
    bytes[9]! ^= 1;
    writeFileSync(file(directory), bytes);
  };
  assert.deepEqual(await findings(flip, true), []);
  assert.deepEqual(await findings(flip), [`changed-file ${data}`]);
  const missing = await findings((directory) => rmSync(join(directory, "_commits", "000000000002.json")));
  assert.equal(missing[0], "missing-commit _commits/000000000002.json");
});

test("a log that was written anew, each commit with a right checksum, does not hold a head that was noted before", async (context) => {
  const directory = temporaryLake(context);
  await smallLake(directory);
  const { head } = await verifyLake(directory);
  {
    await using writer = await openLakeWriter(directory);
    await writer.append(connections(5, { first: 30, everyMs }));
    await writer.commit();
  }
  const grown = await verifyLake(directory, { head: head.slice(0, 12) });
  assert.deepEqual([grown.headCommit, grown.findings], [3, []]);
  const forged = temporaryLake(context);
  {
    await using writer = await openLakeWriter(forged);
    await writer.append(connections(29, { everyMs }));
    await writer.commit();
  }
  const { findings } = await verifyLake(forged, { head });
  assert.deepEqual(
    findings.map(({ kind }) => kind),
    ["other-history"],
  );
  for (const wrong of ["", "12", "xyzxyzxy"])
    await assert.rejects(verifyLake(directory, { head: wrong }), { code: "SOCLAB_INVALID_VALUE" });
  await assert.rejects(verifyLake(join(directory, "nowhere")), { code: "SOCLAB_NOT_FOUND" });
});

test("a record that is not the one its id was made from is found, though the file's hash is right", async (context) => {
  const directory = temporaryLake(context);
  const log = join(directory, "gate.log");
  writeFileSync(log, Array.from({ length: 9 }, (_, i) => `<34>Oct 11 22:14:1${i} gate su: session ${i} opened\n`).join(""));
  await using writer = await openLakeWriter(directory);
  await ingestFiles(writer, { feed: "syslog", files: [log] });
  const verified = async () => (await verifyLake(directory, { withRecords: true })).findings;
  assert.deepEqual(await verified(), []);
  const [file] = writer.files("syslog");
  const { table, columns, sources, path } = file!;
  const forged =
    "CASE WHEN event_id[17:27] = '00000000000' THEN encode(replace(decode(original_string), 'opened', 'closed')) ELSE original_string END";
  const sql = `SELECT * REPLACE (${forged} AS original_string) FROM read_parquet('${join(directory, path)}', hive_partitioning = false)`;
  await writer.replace({ reason: "rewrite", remove: [file!], add: [{ table, day: path.slice(11, 21), columns, sources, sql }] });
  const findings = await verified();
  assert.deepEqual(
    findings.map(({ kind, table, eventId }) => [kind, table, eventId?.slice(16, 27)]),
    [["changed-record", "syslog", "00000000000"]],
  );
});
