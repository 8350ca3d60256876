import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ndjson, soclab } from "./run.ts";

const folder = await mkdtemp(join(tmpdir(), "soclab-cli-"));
after(() => rm(folder, { recursive: true }));
const list = join(folder, "our blocks.csv");
await writeFile(list, "value,valid_from,valid_until\n203.0.113.9,2026-01-01,2026-02-01\nevil.example,,\n10.0.0.1,,\n!,,\n");
const warning = join(folder, "private.json");
await writeFile(warning, JSON.stringify({ name: "private", type: "cidr", list: ["10.0.0.0/8"], matching_attributes: ["ip-src"] }));
const config = join(folder, "sources.json");
await writeFile(
  config,
  JSON.stringify({
    threatIntel: [{ name: "ours", format: "csv", path: list }],
    asOf: "valid",
    warningLists: { paths: ["private.json"], action: "drop" },
  }),
);

test("check says what lists hold, what was set aside, and what warning lists speak against", async () => {
  const { code, out } = await soclab(["intel", "check", "--format", "csv", list, "--warning-lists", warning]);
  assert.equal(code, 0);
  assert.match(out, /our-blocks\.csv +2 +1 +0 +0 +1/);
  assert.match(out, /1 set aside: a value that is no address, domain, URL or hash/);
  assert.match(out, /1 on the warning list "private"/);
  const [document] = ndjson((await soclab(["intel", "check", "--config", config, "--json"])).out);
  assert.deepEqual((document!.lists as Record<string, unknown>[])[0]!.warned, { private: 1 });
  assert.deepEqual(document!.values, { address: 1, domain: 1, url: 0, hash: 0 });
});

test("match says what the lists say of a value at a time", async () => {
  const match = async (...args: string[]) =>
    ndjson((await soclab(["intel", "match", "--config", config, "--json", ...args])).out).map(({ kind, lists }) => [kind, lists]);
  assert.deepEqual(await match("203.0.113.9", "www.evil.example", "10.0.0.1", "?"), [
    ["address", ["ours"]],
    ["domain", ["ours"]],
    ["address", []],
    [null, []],
  ]);
  assert.deepEqual(await match("203.0.113.9", "--at", "2026-03-01"), [["address", []]]);
});

test("wrong lists and wrong use are told with what would be right", async () => {
  const broken = join(folder, "broken.txt");
  await writeFile(broken, "203.0.113.9\n203.0.113.999\n");
  const wrong = await soclab(["intel", "check", "--format", "plain", broken]);
  assert.equal(wrong.code, 1);
  assert.match(wrong.err, /broken\.txt line 2: "203\.0\.113\.999" is no indicator/);
  assert.equal((await soclab(["intel", "check", broken])).code, 2);
  assert.match((await soclab(["intel", "check", "--format", "stxi", broken])).err, /Did you mean "stix"\?/);
  assert.equal((await soclab(["intel", "match", "x.example", "--as-of", "never"])).code, 2);
  await writeFile(config, JSON.stringify({ threatIntel: [], asOf: "sometime" }));
  assert.match(
    (await soclab(["intel", "match", "x.example", "--config", config])).err,
    /"asOf" is "sometime", expected one of valid, known, any/,
  );
});
