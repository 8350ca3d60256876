import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { datasetsDir } from "../../src/core/index.ts";
import { DuckDb } from "../../src/table/index.ts";
import { zeekLog } from "../ingest/parse.ts";
import { ndjson, soclab } from "./run.ts";

const folder = await mkdtemp(join(tmpdir(), "soclab-cli-"));
after(() => rm(folder, { recursive: true }));
const place = (name: string) => join(folder, name);

const zeek = (host: string, day: string, log: string) => join(datasetsDir(), "zeek", host, day, log);
const earlier = [zeek("147.32.81.167", "2022-06-13", "conn.log.labeled.gz"), zeek("147.32.83.165", "2022-06-13", "conn.log.labeled.gz")];
const later = zeek("147.32.83.234", "2022-06-14", "conn.log.labeled.gz");

test("parse gives events on stdout, counts as the last line on stderr, dead letters in a file", async () => {
  const log = zeekLog("conn", { ts: "time", "id.orig_h": "addr" }, [
    ["1.5", "10.0.0.1"],
    ["x", "10.0.0.2"],
    ["2.5", "10.0.0.3"],
  ]);
  const { code, out, err } = await soclab(["parse", "--feed", "zeek", "-", "--dead-letters", place("dead.ndjson")], log);
  assert.equal(code, 0);
  assert.deepEqual(
    ndjson(out).map(({ ip_src_addr, timestamp }) => [ip_src_addr, timestamp]),
    [
      ["10.0.0.1", 1500],
      ["10.0.0.3", 2500],
    ],
  );
  assert.deepEqual(JSON.parse(err.trimEnd().split("\n").at(-1)!), { records: 3, events: 2, deadLetters: 1 });
  const [letter] = ndjson(await readFile(place("dead.ndjson"), "utf8"));
  assert.equal(letter!.code, "BAD_TIMESTAMP");
  assert.equal(Buffer.from(String(letter!.raw_base64), "base64").toString(), "x\t10.0.0.2");
});

test("wrong use exits 2 and says what would be right; a failure exits 1", async () => {
  const unknown = await soclab(["parse", "--feed", "zek", "x"]);
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /Did you mean "zeek"\?/);
  assert.equal((await soclab(["pars"])).code, 2);
  assert.equal((await soclab(["parse", "x"])).code, 2);
  const missing = await soclab(["parse", "--feed", "zeek", place("none.log")]);
  assert.equal(missing.code, 1);
  assert.match(missing.err, /SOCLAB_NOT_FOUND/);
  const json = await soclab(["sql", "--lake", place("nowhere"), "SELECT 1", "--json"]);
  assert.equal(json.code, 1);
  assert.equal(json.out, "");
  assert.equal(JSON.parse(json.err).error.code, "SOCLAB_NOT_FOUND");
});

test("every command has a help with an example", async () => {
  const { code, out } = await soclab(["--help"]);
  assert.equal(code, 0);
  const commands = [...out.matchAll(/^ {2}([a-z][a-z-]*) /gm)].map(([, name]) => name!).filter((name) => name !== "help");
  assert.deepEqual(commands.sort(), [
    "alerts",
    "datasets",
    "dead-letters",
    "demo",
    "detect",
    "doctor",
    "enrich",
    "features",
    "feeds",
    "ingest",
    "intel",
    "kernel",
    "labels",
    "lake",
    "parse",
    "publish",
    "run",
    "score",
    "search",
    "sql",
    "train",
  ]);
  // What the kernel's own program says is its own business.
  for (const name of commands.filter((each) => each !== "kernel" && each !== "run")) {
    const help = await soclab([name, "--help"]);
    assert.equal(help.code, 0, name);
    assert.match(help.out, /Example:\n {2}soclab /, name);
    assert.match(help.out, /--json/, name);
  }
});

test("the loop by commands: ingest, sql, features, train, score, alerts, publish", async () => {
  const lake = place("lake");
  const spec = join(datasetsDir(), "definitions", "conn-source.json");
  const ingest = await soclab(["ingest", "--lake", lake, "--feed", "zeek", ...earlier, "--json"]);
  assert.equal(ingest.code, 0, ingest.err);
  const { seconds, ...counts } = JSON.parse(ingest.out) as Record<string, number>;
  assert.deepEqual(counts, { records: 14711, events: 14711, deadLetters: 0, duplicates: 0 });
  assert.ok(seconds! > 0);

  const sql = await soclab(["sql", "--lake", lake, "SELECT label, count(*) AS n FROM conn GROUP BY ALL ORDER BY n DESC", "--json"]);
  assert.deepEqual(ndjson(sql.out), [
    { label: "malicious", n: 8152 },
    { label: "benign", n: 6173 },
    { label: "background", n: 386 },
  ]);
  const typo = await soclab(["sql", "--lake", lake, "SELECT id_orig_host FROM conn"]);
  assert.equal(typo.code, 2);
  assert.match(typo.err, /id_orig_h/);
  const write = await soclab(["sql", "--lake", lake, `COPY conn TO '${place("stolen.csv")}'`]);
  assert.equal(write.code, 1);

  const matrix = await soclab(["features", "--lake", lake, "--spec", spec, "--out", place("matrix.parquet"), "--json"]);
  const features = JSON.parse(matrix.out) as { rows: number; features: string[] };
  assert.equal(features.rows, 14711);
  assert.ok(features.features.includes("conns_1h"));

  const train = await soclab([
    "train",
    "--lake",
    lake,
    "--spec",
    spec,
    "--detector",
    "isolation-forest",
    "--registry",
    place("models"),
    "--name",
    "conn",
    "--until",
    "2022-06-13T22:00:00Z",
    "--json",
  ]);
  assert.equal(train.code, 0, train.err);
  assert.equal((JSON.parse(train.out) as { model: string }).model, "conn@1");

  const index = place("alerts");
  const score = await soclab([
    "score",
    "--model",
    "conn@1",
    "--registry",
    place("models"),
    "--lake",
    lake,
    "--index",
    index,
    "--follow",
    later,
    "--idle-exit",
    "0",
    "--json",
  ]);
  const ledger = JSON.parse(score.out) as Record<string, number>;
  assert.equal(score.code, 0, score.err);
  assert.equal(ledger.in, 5347);
  assert.equal(ledger.in, ledger.scored! + ledger.filtered! + ledger.deadLetters!);

  const list = await soclab(["alerts", "list", "--index", index, "--limit", "3", "--json"]);
  const alerts = ndjson(list.out);
  assert.equal(alerts.length, 3);
  assert.ok(Number(alerts[0]!.relevance) >= Number(alerts[2]!.relevance));
  const id = String(alerts[0]!.id);
  const show = await soclab(["alerts", "show", id, "--index", index]);
  assert.match(show.out, /Raw record:\n {2}\d+\.\d+→/);
  const verdict = await soclab(["alerts", "verdict", id, "true-positive", "--by", "ada", "--index", index]);
  assert.equal(verdict.code, 0, verdict.err);
  assert.match((await soclab(["alerts", "list", "--index", index, "--limit", "1"])).out, /true-positive/);
  assert.equal((await soclab(["alerts", "verdict", id, "maybe", "--by", "ada", "--index", index])).code, 2);

  const publish = await soclab(["publish", "--index", index, "--lake", lake, "--out", place("page.html"), "--json"]);
  assert.equal(publish.code, 0, publish.err);
  assert.match(await readFile(place("page.html"), "utf8"), /^<!doctype html>/i);
});

test("detect finds the odd row, the same with the same seed, and names what is wrong", async () => {
  const rows = Array.from(
    { length: 200 },
    (_, i) => `SELECT ${Math.sin(i * 12.9898) * 43.7} AS a, ${i === 7 ? 900 : (i * 37) % 61} AS b, ${i === 7 ? 1 : 0} AS label`,
  );
  {
    await using engine = new DuckDb();
    await engine.writeParquet(rows.join(" UNION ALL "), place("table.parquet"));
  }
  const run = (...more: string[]) =>
    soclab(["detect", "--detector", "isolation-forest", "--label", "label", place("table.parquet"), "--seed", "3", "--json", ...more]);
  const [first, second] = await Promise.all([run("--scores", place("scores.parquet")), run()]);
  const figures = JSON.parse(first.out) as Record<string, unknown>;
  assert.deepEqual([figures.detector, figures.rows, figures.auc], ["isolation-forest", 200, 1]);
  assert.equal((JSON.parse(second.out) as Record<string, unknown>).ap, figures.ap);
  const wrong = await soclab(["detect", "--detector", "isolation-forest", "--label", "labl", place("table.parquet")]);
  assert.equal(wrong.code, 2);
  const none = await soclab(["detect", "--detector", "isolation-forst", place("table.parquet")]);
  assert.match(none.err, /isolation-forest/);
});

test("a model file that was tampered with is refused", async () => {
  await writeFile(
    place("models/conn/2.safetensors"),
    Buffer.concat([await readFile(place("models/conn/1.safetensors")), Buffer.from("x")]),
  );
  const { code, err } = await soclab([
    "score",
    "--model",
    "conn@2",
    "--registry",
    place("models"),
    "--lake",
    place("lake"),
    "--index",
    place("other"),
  ]);
  assert.equal(code, 1);
  assert.match(err, /SOCLAB_ARTEFACT/);
});
