import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { datasetsDir, SoclabError } from "../../../src/core/index.ts";
import { ingestFiles, type Lake, openLake, openLakeWriter, type SearchBuilder } from "../../../src/lake/index.ts";
import { buildIndex } from "../../../src/lake/search/index/build-index.ts";
import { parseQuery } from "../../../src/lake/search/parse-query.ts";
import { DuckDb } from "../../../src/table/index.ts";
import { isHit, type Row } from "./naive-search.ts";

let folder: string;
let lake: Lake;
let rows: Row[];

/** The head of a shipped log. */
function headOf(path: string, lines: number): string {
  return gunzipSync(readFileSync(path)).toString("latin1").split("\n").slice(0, lines).join("\n").concat("\n");
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "soclab-search-"));
  const logs = (readdirSync(join(datasetsDir(), "zeek"), { recursive: true }) as string[]).filter((path) =>
    /(conn|dns|http)\.log.*\.gz$/.test(path),
  );
  assert.ok(logs.length > 3);
  const engine = new DuckDb({ threads: 1 });
  let files = 0;
  // Of three files two have an index, of many small blocks.
  const buildSearch: SearchBuilder = async (file, dataPath, indexPath) => {
    if (files++ % 3 === 0) return false;
    await buildIndex(engine, file.columns, dataPath, indexPath, 16);
    return true;
  };
  await using writer = await openLakeWriter(join(folder, "lake"), { threads: 2, rowsPerFile: 150, buildSearch });
  for (const [i, log] of logs.sort().entries()) {
    const path = join(folder, `${i}.log`);
    await writeFile(path, headOf(join(datasetsDir(), "zeek", log), 130), "latin1");
    await ingestFiles(writer, { feed: "zeek", files: [path] });
  }
  const eve = join(folder, "eve.json");
  await writeFile(eve, headOf(join(datasetsDir(), "suricata", "eve.json.gz"), 200), "latin1");
  await ingestFiles(writer, { feed: "suricata", files: [eve] });
  await writer.close();
  await engine.close();
  lake = openLake(join(folder, "lake"), { threads: 2 });
  rows = [];
  for (const table of lake.tables()) rows.push(...(await lake.table(table).rows()));
  assert.ok(rows.length > 500);
});

after(async () => {
  await lake.close();
  await rm(folder, { recursive: true });
});

const key = (row: Row) => (row.timestamp === null ? Number.NEGATIVE_INFINITY : (row.timestamp as Date).getTime());

async function checkAgainstTwin(query: string): Promise<number> {
  const node = parseQuery(query);
  const expected = rows.filter((row) => isHit(node, row));
  const found = await lake.search(query).rows();
  assert.deepEqual(found.map((row) => row.event_id).sort(), expected.map((row) => row.event_id).sort(), query);
  for (let i = 1; i < found.length; i++) assert.ok(key(found[i]!) <= key(found[i - 1]!), `${query}: newest first`);
  assert.equal(await lake.search(query, { limit: 1 }).count(), expected.length, `${query}: count`);
  return expected.length;
}

test("the words of the guide find what a look at every event finds", async () => {
  const queries = [
    "",
    "dns",
    "tcp NOT ssl",
    "147.32.0.0/16",
    "dst:147.32.80.9",
    "port:[1 TO 1024]",
    "service:d* OR proto:udp",
    "NOT service:dns",
  ];
  queries.push("_exists_:service", "NOT _exists_:service", "ip:fe80::/10", "orig_bytes:>500 -conn_state:SF", '"GET"', "com", "*.com");
  queries.push("timestamp:>=2022-06-13T10", "timestamp:[2022-06-13 TO 2022-06-13T12:00]", "local_orig:true", "feed:dns", "history:*D?*");
  for (const query of queries) await checkAgainstTwin(query);
});

/** Words and values that the rows have, some of them changed. */
function terms(): fc.Arbitrary<string> {
  const quotedText = (text: string) => `"${text.replace(/["\\]/g, "\\$&")}"`;
  return fc.integer({ min: 0, max: 1e9 }).chain((seed) => {
    const row = rows[seed % rows.length]!;
    const names = Object.keys(row).filter((name) => row[name] !== null && name !== "original_string" && !name.startsWith("label_known"));
    const text = Buffer.from(row.original_string as Uint8Array).toString("utf8");
    const words = text.split(/[^0-9A-Za-z_.-]+/).filter((word) => /^\w/.test(word) && /\w$/.test(word));
    const word = fc.constantFrom(...words.slice(0, 40));
    const field = fc.constantFrom(...names).map((name) => {
      const value = [row[name]].flat()[0];
      if (value === undefined) return `_exists_:${name}`;
      return value instanceof Date ? `${name}:${value.toISOString()}` : `${name}:${quotedText(String(value))}`;
    });
    const address = fc.constantFrom(...[row.ip_src_addr, row.ip_dst_addr].filter((value) => value !== null && value !== undefined));
    return fc.oneof(
      word.map((text) => quotedText(text)),
      word.map((text) => text.replace(/^-+/, "").toUpperCase()).filter((text) => !["AND", "OR", "NOT", "TO", ""].includes(text)),
      word
        .filter((text) => /^[A-Za-z][\w.]{2,}$/.test(text))
        .chain((text) => fc.integer({ min: 1, max: text.length - 1 }).map((n) => `${text.slice(0, n)}*`)),
      field,
      address.map(String),
      fc.tuple(address, fc.integer({ min: 0, max: 32 })).map(([text, bits]) => `${text}/${bits}`),
      fc
        .constantFrom("ip_dst_port", "ip_src_port", "orig_bytes")
        .chain((name) =>
          fc.tuple(fc.integer({ min: 0, max: 70_000 }), fc.constantFrom(">", "<", ">=", "<=")).map(([n, sign]) => `${name}:${sign}${n}`),
        ),
    );
  });
}

test("a search finds what a look at every event finds, newest first", async () => {
  const query = fc.letrec<{ node: string; term: string }>((tie) => ({
    term: fc.constant(null).chain(terms),
    node: fc.oneof(
      { maxDepth: 3, depthIdentifier: "query" },
      tie("term"),
      fc.array(tie("node"), { minLength: 2, maxLength: 3, depthIdentifier: "query" }).map((parts) => `(${parts.join(" ")})`),
      fc.array(tie("node"), { minLength: 2, maxLength: 3, depthIdentifier: "query" }).map((parts) => `(${parts.join(" OR ")})`),
      tie("node").map((part) => `NOT ${part}`),
    ),
  })).node;
  let hits = 0;
  await fc.assert(
    fc.asyncProperty(query, async (text) => {
      hits += await checkAgainstTwin(text);
    }),
    { numRuns: 120, examples: [["(NOT NOT 192.168.1.132/0 34.96.130.3)"]] },
  );
  assert.ok(hits > 0);
});

test("pages follow each other without a gap or a repeat, while data arrives", async () => {
  const own = join(folder, "growing");
  const logs = (readdirSync(join(datasetsDir(), "zeek"), { recursive: true }) as string[])
    .filter((path) => /conn\.log.*\.gz$/.test(path))
    .sort();
  const ingest = async (i: number) => {
    const path = join(folder, `growing-${i}.log`);
    await writeFile(path, headOf(join(datasetsDir(), "zeek", logs[i]!), 300), "latin1");
    await using writer = await openLakeWriter(own, { threads: 2 });
    await ingestFiles(writer, { feed: "zeek", files: [path] });
  };
  await ingest(0);
  await using growing = openLake(own, { threads: 2 });
  const known = new Set((await growing.search("tcp").rows()).map((row) => row.event_id));
  const seen: string[] = [];
  let after: string | undefined;
  for (let page = 0; ; page++) {
    let hits = 0;
    for await (const hit of growing.search("tcp", { limit: 37, after }).hits()) {
      hits++;
      seen.push(hit.event.event_id!);
      after = hit.cursor;
    }
    if (hits < 37) break;
    if (page === 1) await ingest(1);
  }
  assert.equal(new Set(seen).size, seen.length, "no event twice");
  for (const id of known) assert.ok(seen.includes(id as string), "no event left out");
});

test("hostile searches end in hits or a mistake, and are never SQL", async () => {
  const hostile = [
    "'; DROP TABLE conn; --",
    '"\'; SELECT 1; --"',
    'service:"\' OR 1=1 --"',
    '") OR (1=1"',
    "$1 $2 ?",
    `service:${"*a".repeat(200)}*`,
    `${"a*".repeat(300)}b`,
    "(a+)+$",
    "service:(.*)+",
    "[[[[",
    "\u0000",
    '"\u0000"',
    "日本語 Ünïcödé 🦆",
    "\ud800",
    "__proto__:x",
    "constructor:x",
    "_exists_:__proto__",
    "ip_dst_port:99999999999999999999999",
    "ip_dst_port:1e400",
    "ip_dst_port:NaN",
    "orig_bytes:>-1e308",
    "timestamp:>=0000-01-01",
    "timestamp:<9999-12-31T23:59:59",
    "%_\\",
    "a".repeat(50_000),
    Array.from({ length: 10_000 }, (_, i) => `dst:10.0.${i >> 8}.${i & 255}`).join(" OR "),
    Array.from({ length: 300 }, (_, i) => `word${i}`).join(" OR "),
  ];
  for (const query of hostile) {
    try {
      await lake.search(query, { limit: 5 }).rows();
    } catch (error) {
      assert.ok(error instanceof SoclabError, `${query.slice(0, 80)}: ${error}`);
      assert.ok(
        ["SOCLAB_QUERY", "SOCLAB_UNKNOWN_COLUMN", "SOCLAB_INVALID_VALUE"].includes(error.code),
        `${query.slice(0, 80)}: ${error.message}`,
      );
      assert.ok(error.position !== undefined, `${query.slice(0, 80)}: ${error.message.slice(0, 300)}`);
    }
  }
  assert.equal(await lake.search("").count(), rows.length);
});

test("a mistake names what is near", async () => {
  await assert.rejects(lake.search("ip_dst_adr:10.0.0.1").rows(), (error: SoclabError) => {
    assert.equal(error.code, "SOCLAB_UNKNOWN_COLUMN");
    assert.match(error.message, /Did you mean "ip_dst_addr"\?/);
    return error.position === 0;
  });
  await assert.rejects(lake.search("a port:many").rows(), { code: "SOCLAB_INVALID_VALUE", position: 2 });
  await assert.rejects(lake.search("a", { tables: ["con"] }).rows(), { code: "SOCLAB_UNKNOWN_TABLE" });
  await assert.rejects(lake.search("a", { after: "nonsense" }).rows(), { code: "SOCLAB_INVALID_VALUE" });
  assert.throws(() => lake.search("a", { limit: -1 }), { code: "SOCLAB_INVALID_VALUE" });
});

test("a hit says where the search found what", async () => {
  const [row] = await lake.search("service:dns", { limit: 1, tables: ["conn"] }).rows();
  const query = `DNS dst:${row!.ip_dst_addr}`;
  for await (const hit of lake.search(query, { limit: 1 }).hits()) {
    const raw = Buffer.from(hit.event.original_string!).toString();
    const fields = hit.highlights.map(({ field, from, to }) => [
      field,
      (field === "original_string" ? raw : (hit.event[field] as string)).slice(from, to),
    ]);
    assert.ok(fields.some(([field, text]) => field === "original_string" && text!.toLowerCase() === "dns"));
    assert.ok(fields.some(([field, text]) => field === "ip_dst_addr" && text === row!.ip_dst_addr));
  }
});
