import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { openAlertIndex } from "../../src/alerts/index.ts";
import { collectDashboard, renderDashboard } from "../../src/dashboards/index.ts";
import { createParser } from "../../src/ingest/index.ts";
import { openLake, openLakeWriter } from "../../src/lake/index.ts";
import { sampleAlerts } from "../alerts/alerts.ts";

const root = mkdtempSync(join(tmpdir(), "soclab-collect-"));
after(() => rmSync(root, { recursive: true, force: true }));

const httpLog = [
  "#separator \\x09",
  "#set_separator\t,",
  "#empty_field\t(empty)",
  "#unset_field\t-",
  "#path\thttp",
  "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tmethod\thost\turi\tstatus_code",
  "#types\ttime\tstring\taddr\tport\taddr\tport\tstring\tstring\tstring\tcount",
  ...[
    ["pico.eset.com", "404"],
    ["pico.eset.com", "404"],
    ["pico.eset.com", "200"],
    ["emdl.ws.microsoft.com", "404"],
    ["ocsp.digicert.com", "200"],
    ["-", "-"],
  ].map(([host, status], i) => `165519270${i}.85\tC${i}\t10.0.0.1\t${50_000 + i}\t13.107.4.52\t80\tGET\t${host}\t/\t${status}`),
  "",
].join("\n");

async function httpLake(): Promise<string> {
  const dir = mkdtempSync(join(root, "lake-"));
  const writer = await openLakeWriter(dir);
  const parser = createParser("zeek", { source: "http.log" });
  for (const { batches } of [parser.push(Buffer.from(httpLog)), parser.end()]) for (const batch of batches) await writer.append(batch);
  await writer.commit();
  await writer.close();
  return dir;
}

describe("collecting a dashboard", () => {
  it("counts HTTP calls that ended in 404 by host, most first", async () => {
    await using lake = openLake(await httpLake());
    await using index = openAlertIndex(mkdtempSync(join(root, "index-")));
    const { httpFailures } = await collectDashboard({ index, lake });
    assert.deepEqual(httpFailures, {
      status: 404,
      requests: 6,
      failures: 3,
      statuses: [
        { status: 404, count: 3 },
        { status: 200, count: 2 },
        { status: null, count: 1 },
      ],
      hosts: [
        { host: "pico.eset.com", failures: 2, requests: 3 },
        { host: "emdl.ws.microsoft.com", failures: 1, requests: 1 },
      ],
    });
  });

  it("adds up to the index", async () => {
    await using index = openAlertIndex(mkdtempSync(join(root, "index-")));
    await index.upsert(sampleAlerts(300));
    const data = await collectDashboard({ index });
    const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
    assert.equal(data.alerts.total, 300);
    assert.equal(sum(data.volume.rows.map((row) => row.count)), 300);
    assert.equal(sum(data.distribution!.series.flatMap(({ counts }) => [...counts])), 300);
    assert.equal(data.distribution!.of, "alerts");
    assert.equal(data.topAlerts.length, 25);
    assert.equal(data.topAlerts[0]!.relevance, 100);
    assert.deepEqual(data, JSON.parse(JSON.stringify(data)), "plain JSON");
    assert.match(renderDashboard(data), /The 25 highest of 300 by relevance/);
  });

  it("makes a page of an empty index, without a lake or a model", async () => {
    await using index = openAlertIndex(mkdtempSync(join(root, "index-")));
    const data = await collectDashboard({ index });
    assert.equal(data.period, null);
    assert.match(renderDashboard(data), /No alert was raised/);
  });
});
