import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { zeekLog } from "../ingest/parse.ts";
import { ndjson, soclab } from "./run.ts";

const folder = await mkdtemp(join(tmpdir(), "soclab-cli-"));
after(() => rm(folder, { recursive: true }));
const asa =
  "<166>Jan  5 09:52:35 10.22.8.12 %ASA-6-302016: Teardown UDP connection 17603649 for outside:206.111.72.2/161 to inside:10.22.8.48/63297 duration 0:02:01 bytes 209";

interface Field {
  name: string;
  value: unknown;
  at: [number, number] | null;
}

test("a pasted line is recognised and shown field by field, each with its place in the line", async () => {
  const { code, out } = await soclab(["parse", "--explain", "--line", asa, "--json"]);
  assert.equal(code, 0);
  const [shown] = ndjson(out);
  assert.equal(shown!.feed, "asa");
  assert.ok((shown!.otherFeeds as string[]).includes("syslog"));
  const fields = shown!.fields as Field[];
  assert.deepEqual(
    fields.slice(0, 6).map(({ name }) => name),
    ["timestamp", "ip_src_addr", "ip_src_port", "ip_dst_addr", "ip_dst_port", "protocol"],
  );
  const textOf = (name: string) => {
    const { at } = fields.find((field) => field.name === name)!;
    return (
      at &&
      Buffer.from(asa)
        .subarray(...at)
        .toString()
    );
  };
  assert.deepEqual(["ip_src_addr", "ip_src_port", "ip_dst_addr", "ip_dst_port", "protocol", "bytes"].map(textOf), [
    "206.111.72.2",
    "161",
    "10.22.8.48",
    "63297",
    "UDP",
    "209",
  ]);
  assert.equal(textOf("duration"), null, "121 seconds are written 0:02:01");
});

test("a person sees a table; a dead letter says its code and reason", async () => {
  const good = await soclab(["parse", "--explain", "--line", asa]);
  assert.match(good.out, /reads like asa; .*syslog would take it too/);
  assert.match(good.out, /ip_src_addr \* +206\.111\.72\.2 +string +92–104/);
  const bad = await soclab(["parse", "--explain", "--feed", "suricata", "--line", '{"timestamp":"x","event_type":"alert"}']);
  assert.match(bad.out, /dead letter: BAD_TIMESTAMP\n {2}ts is "x", expected ISO 8601/);
});

test("records of a file are explained in their order, header lines known", async () => {
  const log = join(folder, "conn.log");
  await writeFile(
    log,
    zeekLog("conn", { ts: "time", "id.orig_h": "addr" }, [
      ["1.5", "10.0.0.1"],
      ["x", "10.0.0.2"],
      ["2.5", "10.0.0.3"],
    ]),
  );
  const zeek = ndjson((await soclab(["parse", "--explain", "--feed", "zeek", "--json", log])).out);
  assert.deepEqual(
    zeek.map(({ table, deadLetter }) => [table, (deadLetter as { code: string } | undefined)?.code]),
    [
      ["conn", undefined],
      [null, "BAD_TIMESTAMP"],
      ["conn", undefined],
    ],
  );
});

test("--line is parsed as a file would be, and wrong use is refused", async () => {
  const [event] = ndjson((await soclab(["parse", "--feed", "asa", "--line", asa])).out);
  assert.equal(event!.ip_dst_port, 63297);
  assert.equal((await soclab(["parse", "--feed", "asa"])).code, 2);
  assert.equal((await soclab(["parse", "--line", asa])).code, 2);
  assert.equal((await soclab(["parse", "--feed", "asa", "--line", asa, "x.log"])).code, 2);
});

test("feeds lists what is read, the columns of a table, and the schema of a definition", async () => {
  const list = ndjson((await soclab(["feeds", "--json"])).out);
  assert.ok(list.some(({ feed }) => feed === "paloalto"));
  assert.match((await soclab(["feeds"])).out, /^squid +Squid access logs/m);
  const columns = ndjson((await soclab(["feeds", "conn", "--json"])).out);
  assert.ok(columns.some(({ column, type, standard }) => column === "orig_bytes" && type === "bigint" && standard === false));
  assert.match((await soclab(["feeds", "squit"])).err, /Did you mean "squid"\?/);
  assert.equal(typeof JSON.parse((await soclab(["feeds", "--schema"])).out), "object");
});
