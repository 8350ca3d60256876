import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, test } from "node:test";
import { createEnricher, loadEnrichment, parseAddress, readAssets, readLeases } from "../../src/enrich/index.ts";
import { openLakeWriter, readReferenceTable } from "../../src/lake/index.ts";
import { DuckDb } from "../../src/table/index.ts";
import { batchOf } from "../enrich/batch-of.ts";

const folder = mkdtempSync(join(tmpdir(), "soclab-reference-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const context = { readTable: readReferenceTable };
const micros = (text: string) => Date.parse(text) * 1000;

const engine = new DuckDb({ threads: 1 });
after(() => engine.close());
const rows = `SELECT * FROM (VALUES
  ('192.0.2.1', 'old', 2, TIMESTAMP '2026-01-01', TIMESTAMP '2026-02-01'),
  ('192.0.2.1', 'new', 3, TIMESTAMP '2026-02-01', TIMESTAMP '9999-12-31'),
  ('10.0.0.0/8', NULL, NULL, NULL, NULL)) t(ip, name, criticality, valid_from, valid_until)`;

async function namesOf(source: Parameters<typeof readAssets>[0]) {
  const assets = await readAssets(source, context);
  const name = (time: string) => assets.find(parseAddress("192.0.2.1")!, micros(time))?.name;
  return [name("2025-12-31"), name("2026-01-31T23:59:59Z"), name("2026-02-01"), assets.find(parseAddress("192.0.2.1")!)?.criticality];
}
const expected = [undefined, "old", "new", 3];

test("a Parquet file is read with its own types", async () => {
  await engine.writeParquet(rows, at("assets.parquet"));
  assert.deepEqual(await namesOf(at("assets.parquet")), expected);
});

test("tables and views of a DuckDB file are read, and the file stays as it was", async () => {
  await engine.run(`ATTACH '${at("cmdb.duckdb")}' AS cmdb`);
  await engine.run(`CREATE TABLE cmdb.assets AS ${rows}`);
  await engine.run("CREATE SCHEMA cmdb.net");
  await engine.run(
    "CREATE VIEW cmdb.net.hosts AS SELECT ip AS address, name, criticality, valid_from, valid_until, 1 AS rack FROM cmdb.main.assets",
  );
  await engine.run("DETACH cmdb");
  assert.deepEqual(await namesOf({ database: at("cmdb.duckdb"), table: "Assets" }), expected);
  const columns = { ip: "address", name: "name", criticality: "criticality", valid_from: "valid_from", valid_until: "valid_until" };
  assert.deepEqual(await namesOf({ database: at("cmdb.duckdb"), table: "net.hosts", columns }), expected);
  await assert.rejects(namesOf({ database: at("cmdb.duckdb"), table: "asets" }), {
    code: "SOCLAB_UNKNOWN_TABLE",
    message: /cmdb\.duckdb has no table "asets"/,
    hint: 'Did you mean "assets"?',
  });
});

test("a table of a SQLite file is read", async () => {
  const database = new DatabaseSync(at("cmdb.sqlite"));
  database.exec("CREATE TABLE assets (ip TEXT, name TEXT, criticality INTEGER, valid_from TEXT, valid_until INTEGER)");
  database.exec(`INSERT INTO assets VALUES ('192.0.2.1', 'old', 2, '2026-01-01', ${micros("2026-02-01") / 1e6})`);
  database.exec("INSERT INTO assets VALUES ('192.0.2.1', 'new', 3, '2026-02-01 00:00:00', NULL)");
  database.close();
  assert.deepEqual(await namesOf({ database: at("cmdb.sqlite"), table: "assets" }), expected);
  await assert.rejects(namesOf({ database: at("cmdb.sqlite"), table: "hosts" }), {
    code: "SOCLAB_UNKNOWN_TABLE",
    hint: "Its tables are assets.",
  });
});

test("a table of a lake is a history of leases", async () => {
  {
    await using writer = await openLakeWriter(at("lake"));
    const timed = batchOf(["192.0.2.9"], [null], { mac: ["00155D000001"], begins: ["2026-01-01"], ends: ["2026-01-02"] }, "dhcp");
    await writer.append(timed);
    await writer.commit();
  }
  const columns = { ip: "ip_src_addr", mac: "mac", valid_from: "begins", valid_until: "ends" };
  const leases = await readLeases({ lake: at("lake"), table: "dhcp", columns }, context);
  assert.deepEqual(leases.find(parseAddress("192.0.2.9")!, micros("2026-01-01T12:00:00Z")), { mac: "00:15:5d:00:00:01", host: null });
  assert.equal(leases.find(parseAddress("192.0.2.9")!, micros("2026-01-03")), null);
  await assert.rejects(readLeases({ lake: at("lake"), table: "dhpc", columns }, context), { code: "SOCLAB_UNKNOWN_TABLE" });
});

test("what is no database, no Parquet, missing or of the wrong types is refused by its name", async () => {
  writeFileSync(at("text.db"), "this is no database at all");
  writeFileSync(at("text.parquet"), "this is no Parquet at all");
  writeFileSync(at("cut.sqlite"), "SQLite format 3\0 and nothing after it");
  writeFileSync(at("cut.duckdb"), "12345678DUCKand nothing after it, which is too short for it");
  await engine.writeParquet("SELECT ['192.0.2.1'] AS ip, 1.5 AS criticality", at("lists.parquet"));
  await engine.writeParquet("SELECT '192.0.2.1' AS ip, 1772323200000 AS valid_from", at("millis.parquet"));
  const cases = [
    [{ database: at("text.db"), table: "x" }, "SOCLAB_INVALID_FILE", /text\.db is no database/],
    [at("text.parquet"), "SOCLAB_INVALID_FILE", /text\.parquet cannot be read/],
    [{ database: at("cut.sqlite"), table: "x" }, "SOCLAB_INVALID_FILE", /cut\.sqlite cannot be read/],
    [{ database: at("cut.duckdb"), table: "x" }, "SOCLAB_INVALID_FILE", /cut\.duckdb cannot be read/],
    [at("absent.parquet"), "SOCLAB_NOT_FOUND", /no file .*absent\.parquet/],
    [{ database: at("absent.duckdb"), table: "x" }, "SOCLAB_NOT_FOUND", /no file .*absent\.duckdb/],
    [at("lists.parquet"), "SOCLAB_INVALID_FILE", /lists\.parquet row 1: "1\.5" is no criticality/],
    [at("millis.parquet"), "SOCLAB_INVALID_FILE", /row 1: valid_from "1772323200000" is no time/],
    [{ lake: at("nowhere"), table: "x" }, "SOCLAB_NOT_FOUND", /no lake/],
  ] as const;
  for (const [source, code, message] of cases) await assert.rejects(namesOf(source), { code, message });
  await assert.rejects(readAssets(at("assets.parquet")), { code: "SOCLAB_USAGE", message: /needs a database engine/ });
});

test("a configuration names tables and files, and every source has a version that changes with its content", async () => {
  writeFileSync(at("more.csv"), "ip,name\n192.0.2.5,more\n");
  const config = { assets: [{ database: "cmdb.sqlite", table: "assets" }, "more.csv", { path: "assets.parquet" }] };
  writeFileSync(at("enrichment.json"), JSON.stringify(config));
  const sources = await loadEnrichment(at("enrichment.json"), context);
  assert.equal(sources.assets?.size, 6);
  const { versions } = createEnricher(sources);
  assert.deepEqual(
    versions.map(({ kind, name, rows }) => [kind, name.slice(folder.length + 1), rows]),
    [
      ["assets", "cmdb.sqlite table assets", 2],
      ["assets", "more.csv", 1],
      ["assets", "assets.parquet", 3],
    ],
  );
  const again = await loadEnrichment(at("enrichment.json"), context);
  assert.deepEqual(again.versions, versions);
  const database = new DatabaseSync(at("cmdb.sqlite"));
  database.exec("UPDATE assets SET name = 'newer' WHERE name = 'new'");
  database.close();
  const changed = (await loadEnrichment(at("enrichment.json"), context)).versions!;
  assert.deepEqual(
    changed.map(({ version }, i) => version === versions[i]!.version),
    [false, true, true],
  );
});

test("a wrong source in a configuration is named with its key", async () => {
  const cases = [
    ['{"assets": 3}', /"assets" is 3, expected a path or an object/],
    ['{"assets": ["a.csv", 3]}', /"assets\[1\]" is 3, expected a path/],
    ['{"users": {"url": "file:///etc/passwd"}}', /"users\.url" is "file:\/\/\/etc\/passwd", expected an address like https/],
    ['{"users": {"url": "https://x", "format": "xml"}}', /"users\.format" is "xml", expected one of json, ndjson, csv/],
    ['{"users": {"url": "https://x", "timeoutSeconds": 0}}', /"users\.timeoutSeconds" is 0, expected a whole number from 1/],
    ['{"users": {"url": "https://x", "token": "abc"}}', /unknown key "users\.token"/],
    ['{"leases": {"database": "a", "lake": "b", "table": "t"}}', /expected either "database" or "lake"/],
    ['{"leases": {"database": "a"}}', /"leases\.table" is missing/],
    ['{"assets": {"path": "a.csv", "columns": ["ip"]}}', /"assets\.columns" is \["ip"\], expected an object/],
    ['{"knownAt": "yesterday"}', /"knownAt" is "yesterday", expected a time/],
  ] as const;
  for (const [content, message] of cases) {
    writeFileSync(at("wrong.json"), content);
    await assert.rejects(loadEnrichment(at("wrong.json"), context), { code: "SOCLAB_INVALID_FILE", message }, content);
  }
});
