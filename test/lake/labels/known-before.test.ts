import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openAlertIndex, verdictLabels } from "../../../src/alerts/index.ts";
import { type LabelAssertion, readLabelFile } from "../../../src/enrich/index.ts";
import { createParser } from "../../../src/ingest/index.ts";
import { addLabels, assertionsKnownBefore, countWhere, labelsKnownBefore, openLake, openLakeWriter } from "../../../src/lake/index.ts";
import { sampleAlert } from "../../alerts/alerts.ts";
import { batchOf, connections, temporaryLake } from "../fixture.ts";

const day = (n: number, time = "00:00:00") => new Date(`2022-06-${String(n).padStart(2, "0")}T${time}Z`);
const all = null;

/** Four connections, a minute apart, on 1 June 2022. */
async function lakeOf(context: Parameters<typeof temporaryLake>[0], assertions: readonly LabelAssertion[] = [], extra: string[] = []) {
  const directory = temporaryLake(context);
  await using writer = await openLakeWriter(directory);
  const minute = (i: number) => new Date(day(1).getTime() + i * 60_000);
  await writer.append(
    batchOf({
      ts: ["timestamp", [0, 1, 2, 3].map(minute)],
      id_orig_h: ["string", ["10.0.0.1", "10.0.0.2", "10.0.0.1", "10.0.0.9"]],
      id_orig_p: ["integer", [1000, 1001, 1002, 1003]],
      id_resp_h: ["string", ["192.0.2.1", "192.0.2.1", "192.0.2.2", "10.0.0.2"]],
      id_resp_p: ["integer", [80, 80, 443, 445]],
      proto: ["string", ["tcp", "tcp", "tcp", "tcp"]],
      orig_bytes: ["bigint", [1n, 20_000n, 3n, 4n]],
      label: ["string", [null, "malicious", "benign", null]],
      label_source: ["string", [null, "threat-intel:ipsum", "zeek", null]],
      label_confidence: ["double", [null, 0.9, 1, null]],
      label_known_at: ["timestamp", [null, day(10), null, null]],
    }),
  );
  await writer.commit();
  for (const line of extra) {
    const parser = createParser("suricata", { source: "eve.json" });
    for (const { batches } of [parser.push(Buffer.from(`${line}\n`)), parser.end()])
      for (const batch of batches) await writer.append(batch);
    await writer.commit();
  }
  if (assertions.length > 0) await addLabels(writer, assertions, { name: "labels.csv" });
  return directory;
}

async function labelsOf(directory: string, time: Date | null) {
  await using lake = openLake(directory);
  const table = await labelsKnownBefore(lake, "conn", time);
  const rows = await table.orderBy("ts").select("label", "label_source", "tags").rows();
  return rows.map(({ label, label_source, tags }) => [label, label_source, tags?.join() ?? null]);
}

const idsOf = async (directory: string) => {
  await using lake = openLake(directory);
  return (await lake.table("conn").orderBy("ts").select("event_id").rows()).map(({ event_id }) => event_id!);
};

test("the stored labels count from the time they became known, a record's own from its own time", async (context) => {
  const directory = await lakeOf(context);
  assert.deepEqual(await labelsOf(directory, all), [
    [null, null, null],
    ["malicious", "threat-intel:ipsum", null],
    ["benign", "zeek", null],
    [null, null, null],
  ]);
  assert.deepEqual(await labelsOf(directory, day(10)), [
    [null, null, null],
    [null, null, null],
    ["benign", "zeek", null],
    [null, null, null],
  ]);
  assert.deepEqual(await labelsOf(directory, day(1)), [
    [null, null, null],
    [null, null, null],
    [null, null, null],
    [null, null, null],
  ]);
});

test("an event, a flow from either end, an entity and a condition are labelled and tagged", async (context) => {
  const known_at = day(5).toISOString();
  const [from, until] = [day(1, "00:00:30").toISOString(), day(2).toISOString()];
  const directory = await lakeOf(context);
  const ids = await idsOf(directory);
  await using writer = await openLakeWriter(directory);
  await addLabels(
    writer,
    [
      { about: "event", event_id: ids[0]!, label: "malicious", source: "label-file:a", known_at },
      {
        about: "flow",
        src: "192.0.2.2",
        src_port: 443,
        dst: "10.0.0.1",
        from,
        until,
        label: "malicious",
        source: "label-file:a",
        known_at,
      },
      { about: "entity", column: "address", value: "10.0.0.2", from, until, tag: "scanner", source: "tag:ada", known_at },
      { about: "entity", column: "id_orig_h", value: "10.0.0.9", label: "background", source: "label-file:a", known_at },
      { about: "query", table: "conn", where: "orig_bytes > 10000 -- large", tag: "exfiltration", source: "tag:ada", known_at },
      {
        about: "query",
        table: "conn",
        where: "TRUE",
        column: "address",
        value: "10.0.0.1",
        until: from,
        tag: "early",
        source: "tag:ada",
        known_at,
      },
    ],
    { name: "a" },
  );
  assert.deepEqual(await labelsOf(directory, all), [
    ["malicious", "label-file:a", "early"],
    ["malicious", "threat-intel:ipsum", "exfiltration,scanner"],
    ["malicious", "label-file:a", null],
    ["background", "label-file:a", "scanner"],
  ]);
  assert.deepEqual(await labelsOf(directory, day(5)), await labelsOf(await lakeOf(context), day(5)));
  await using lake = openLake(directory);
  const said = await (await assertionsKnownBefore(lake, "conn", all)).orderBy("event_id", "source", "tag").rows();
  assert.equal(said.length, 7);
});

test("the better source wins, then the surer, then the later", async (context) => {
  const directory = await lakeOf(context);
  const [first, second] = await idsOf(directory);
  await using writer = await openLakeWriter(directory);
  const about = (event_id: string, label: "malicious" | "benign", source: string, at: number, confidence?: number): LabelAssertion => ({
    about: "event",
    event_id,
    label,
    source,
    known_at: day(at).toISOString(),
    ...(confidence === undefined ? {} : { confidence }),
  });
  await addLabels(
    writer,
    [
      about(first!, "malicious", "label-file:a", 3, 0.9),
      about(first!, "benign", "label-file:b", 4, 0.5),
      about(first!, "benign", "verdict:ada", 6),
      about(first!, "malicious", "verdict:ben", 7),
      about(second!, "benign", "verdict:ada", 12),
    ],
    { name: "a" },
  );
  const labels = async (n: number) => (await labelsOf(directory, day(n))).map(([label, source]) => `${label} ${source}`).slice(0, 2);
  assert.deepEqual(await labels(5), ["malicious label-file:a", "null null"]);
  assert.deepEqual(await labels(7), ["benign verdict:ada", "null null"]);
  assert.deepEqual(await labels(11), ["malicious verdict:ben", "malicious threat-intel:ipsum"]);
  assert.deepEqual(await labels(13), ["malicious verdict:ben", "benign verdict:ada"]);
});

test("a Suricata alert labels the same flow, whichever end it calls the source, from the time of the alert", async (context) => {
  const alert = (severity: number, srcPort: number, sid: number) =>
    JSON.stringify({
      timestamp: "2022-06-01T00:00:10.000000+0000",
      event_type: "alert",
      src_ip: "192.0.2.1",
      src_port: 80,
      dest_ip: "10.0.0.1",
      dest_port: srcPort,
      proto: "TCP",
      alert: { signature_id: sid, signature: "x", severity },
    });
  const directory = await lakeOf(context, [], [alert(1, 1000, 7), alert(3, 1000, 8), alert(1, 999, 9)]);
  assert.deepEqual((await labelsOf(directory, all))[0], ["malicious", "suricata:7", null]);
  assert.deepEqual((await labelsOf(directory, day(1, "00:00:10")))[0], [null, null, null]);
  assert.deepEqual((await labelsOf(directory, day(1, "00:00:11")))[0], ["malicious", "suricata:7", null]);
});

test("verdicts of the alert index become labels with their own time, and again nothing twice", async (context) => {
  const directory = await lakeOf(context);
  const [first] = await idsOf(directory);
  const folder = temporaryLake(context);
  await using index = openAlertIndex(folder);
  await index.upsert([sampleAlert(1, { id: first!, feed: "conn" })]);
  await index.setVerdict(first!, { verdict: "true-positive", by: "ada", at: day(3).getTime(), comment: "seen before" });
  await index.setVerdict(first!, { verdict: "benign", by: "ben", at: day(6).getTime(), comment: "" });
  await using writer = await openLakeWriter(directory);
  const labels = await verdictLabels(index);
  assert.deepEqual(await addLabels(writer, labels, { name: "alerts", each: true }), { labels: 2, duplicates: 0 });
  await index.setVerdict(first!, { verdict: "unsure", by: "ben", at: day(7).getTime(), comment: "" });
  assert.deepEqual(await addLabels(writer, labels, { name: "alerts", each: true }), { labels: 0, duplicates: 2 });
  assert.deepEqual((await labelsOf(directory, day(5)))[0], ["malicious", "verdict:ada", null]);
  assert.deepEqual((await labelsOf(directory, all))[0], ["benign", "verdict:ben", null]);
});

test("a label file says what each line is about; the same file is stored once", async (context) => {
  const directory = await lakeOf(context);
  const path = join(directory, "..", `labels-${process.pid}.csv`);
  writeFileSync(path, "src,dst,from,until,label,confidence\n10.0.0.1,192.0.2.1,2022-06-01T00:00:00Z,2022-06-02T00:00:00Z,malicious,0.7\n");
  const labels = await readLabelFile(path, { knownAt: "2022-07-01T00:00:00Z", source: "label-file:exercise" });
  await using writer = await openLakeWriter(directory);
  assert.deepEqual(await addLabels(writer, labels, { name: path }), { labels: 1, duplicates: 0 });
  assert.deepEqual(await addLabels(writer, labels, { name: path }), { labels: 0, duplicates: 1 });
  assert.deepEqual((await labelsOf(directory, all))[0], ["malicious", "label-file:exercise", null]);
  const wrong: [string, RegExp][] = [
    ["src,dst,label\n10.0.0.1,10.0.0.2,malicious\n", /does not say when it became known/],
    ["lable\nmalicious\n", /unknown column "lable".*/],
    ["label,known_at\nmalicious,2022-01-01\n", /names no event_id/],
    ["event_id,label,known_at,confidence\na,malicious,2022-01-01T00:00:00Z,high\n", /confidence is "high"/],
    ['{"event_id":\n', /is no JSON/],
  ];
  for (const [text, expected] of wrong) {
    writeFileSync(path, text);
    await assert.rejects(readLabelFile(path), { code: "SOCLAB_INVALID_FILE", message: expected });
  }
});

test("an assertion that cannot hold is refused before anything is stored", async (context) => {
  const directory = await lakeOf(context);
  await using writer = await openLakeWriter(directory);
  const known_at = day(5).toISOString();
  const good: LabelAssertion = { about: "event", event_id: "a", label: "benign", source: "x", known_at };
  const wrong: [object, RegExp][] = [
    [{ ...good, label: "bad" }, /label is "bad", expected malicious/],
    [{ ...good, about: "host" }, /about is "host"/],
    [{ ...good, event_id: undefined }, /needs "event_id"/],
    [{ ...good, confidence: 2 }, /confidence is 2/],
    [{ ...good, label: undefined }, /needs a "label", a "tag" or both/],
    [{ ...good, known_at: "yesterday" }, /yesterday/],
    [{ ...good, flow: 1 }, /"flow" is nothing/],
    [
      { about: "flow", src: "host", dst: "10.0.0.1", from: known_at, until: known_at, tag: "t", source: "x", known_at },
      /flow_src is "host"/,
    ],
  ];
  for (const [assertion, expected] of wrong) {
    await assert.rejects(addLabels(writer, [good, assertion as LabelAssertion], { name: "x" }), {
      code: "SOCLAB_INVALID_VALUE",
      message: expected,
    });
  }
  await using lake = openLake(directory);
  assert.deepEqual(lake.tables(), ["conn"]);
});

test("a condition that does more than ask is refused", async (context) => {
  const directory = await lakeOf(context);
  await using lake = openLake(directory);
  assert.equal(await countWhere(lake, "conn", "orig_bytes > 3"), 2);
  for (const where of ["1=1); DROP VIEW conn; --", "no_such = 1", "1 =", ""])
    await assert.rejects(countWhere(lake, "conn", where), /SOCLAB_/);
  await using writer = await openLakeWriter(directory);
  await addLabels(
    writer,
    [{ about: "query", table: "conn", where: "1=1); COPY (SELECT 1) TO 'x'; --", tag: "t", source: "x", known_at: day(1).toISOString() }],
    { name: "x" },
  );
  await assert.rejects(labelsKnownBefore(lake, "conn", all), { code: "SOCLAB_QUERY" });
});

test("a table of some thousand rows keeps every row, each once", async (context) => {
  const directory = temporaryLake(context);
  await using writer = await openLakeWriter(directory);
  await writer.append(connections(3_000));
  await writer.commit();
  const known_at = day(1).toISOString();
  const same = Array.from(
    { length: 5 },
    (_, i): LabelAssertion => ({
      about: "entity",
      column: "address",
      value: "10.0.0.1",
      label: "malicious",
      tag: `t${i}`,
      source: `f:${i}`,
      known_at,
    }),
  );
  await addLabels(writer, same, { name: "x" });
  await using lake = openLake(directory);
  const table = await labelsKnownBefore(lake, "conn", all);
  assert.equal(await table.count(), 3_000);
  assert.deepEqual(
    await table.select("event_id").orderBy("event_id").rows(),
    await lake.table("conn").select("event_id").orderBy("event_id").rows(),
  );
});
