import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { loadThreatIntel, type ThreatListSource } from "../../../src/enrich/index.ts";

const folder = mkdtempSync(join(tmpdir(), "soclab-csv-"));
after(() => rmSync(folder, { recursive: true }));

async function load(text: string, source: Partial<ThreatListSource> = {}) {
  const path = join(folder, "list.csv");
  writeFileSync(path, text);
  const { intel, lists } = (await loadThreatIntel({ threatIntel: [{ name: "list", format: "csv", path, ...source }] }))!;
  return { intel, summary: lists[0]! };
}

test("values of all kinds, with what a row says of itself and what the list says otherwise", async () => {
  const { intel, summary } = await load(
    "value,kind,confidence,valid_from,valid_until,known_at,tags,id\n" +
      "203.0.113.9,,0.9,2026-01-01,2026-02-01,,a;b,x1\n" +
      "evil[.]example,domain,70,,,,,\n" +
      "hxxp://evil[.]example/gate.php,,,,,,,\n" +
      "d41d8cd98f00b204e9800998ecf8427e,,1,,,,,\n" +
      "!,,,,,,,\n,,,,,,,\n",
    { confidence: 0.5, tags: ["list"] },
  );
  assert.deepEqual(summary.taken, { address: 1, domain: 1, url: 1, hash: 1 });
  assert.deepEqual(Object.fromEntries(summary.setAside), { "a value that is no address, domain, URL or hash": 1, "an empty value": 1 });
  const at = (text: string) => Date.parse(text) * 1000;
  assert.equal(intel.lookup("address", "203.0.113.9", { at: at("2026-01-15") })?.confidence, 0.9);
  assert.equal(intel.lookup("address", "203.0.113.9", { at: at("2026-02-01") }), null);
  assert.equal(intel.lookup("domain", "www.evil.example")?.confidence, 0.7);
  assert.equal(intel.lookup("url", "https://evil.example/gate.php")?.confidence, 0.5);
  assert.equal(intel.lookup("hash", "D41D8CD98F00B204E9800998ECF8427E")?.confidence, 1);
});

test("a file as abuse.ch writes it: the header is the last comment, columns have names of their own", async () => {
  const text =
    '################\n# URLhaus #\n# id,dateadded,url,url_status,tags\n"1","2026-01-02 03:04:05","http://203.0.113.9:81/i","online","elf,mirai"\n';
  const columns = { value: "url", known_at: "dateadded", tags: "tags" };
  const { intel, summary } = await load(text, { columns });
  assert.equal(summary.taken.url, 1);
  assert.ok(intel.lookup("url", "203.0.113.9:81/i"));
});

test("a wrong column, kind, time or confidence is an error that names the line", async () => {
  for (const [text, message] of [
    ["indicator\nx.example\n", /line 1: unknown column "indicator"/],
    ["value,kind\nx.example,ip\n", /line 2: "ip" is no kind, expected address, domain, url, hash/],
    ["value,valid_from\nx.example,soon\n", /line 2: valid_from "soon" is no time/],
    ["value,confidence\nx.example,101\n", /line 2: confidence 101/],
    ["value,kind\nx.example\n", /line 2: 1 fields, expected 2/],
    ['value\n"x.example\n', /line 2: a quoted field is not closed/],
    ["", /is empty/],
  ] as const)
    await assert.rejects(load(text), { code: "SOCLAB_INVALID_FILE", message });
});
