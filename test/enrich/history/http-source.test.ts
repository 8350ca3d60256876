import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { openLiveEnricher, parseAddress, type ReferenceContext, readAssets } from "../../../src/enrich/index.ts";
import { rowAt } from "../../../src/event/index.ts";
import { batchOf } from "../batch-of.ts";
import { scratch } from "../scratch.ts";

const write = scratch();
let answer: RequestListener = () => undefined;
const seen: { url: string; authorization: string | undefined }[] = [];
const server = createServer((request, response) => {
  seen.push({ url: request.url ?? "", authorization: request.headers.authorization });
  answer(request, response);
});
await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
after(() => server.close());

const text =
  (body: string, status = 200, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    response.writeHead(status, headers).end(body);
const pauses: number[] = [];
const context: ReferenceContext = { pause: async (milliseconds) => pauses.push(milliseconds), environment: { CMDB_TOKEN: "s3cret" } };
const nameAt = (assets: Awaited<ReturnType<typeof readAssets>>, ip = "192.0.2.1") => assets.find(parseAddress(ip)!)?.name;

test("a JSON array, a list below a key, an object a line and CSV are read", async () => {
  answer = text('[{"ip":"192.0.2.1","name":"web","criticality":3},{"ip":"192.0.2.2","criticality":null}]');
  const assets = await readAssets({ url: `${base}/assets` }, context);
  assert.deepEqual(assets.find(parseAddress("192.0.2.1")!), { name: "web", owner: null, role: null, criticality: 3 });
  assert.equal(assets.size, 2);
  answer = text('{"result":[{"address":"192.0.2.1","fqdn":"web","rack":7}],"next":null}');
  assert.equal(nameAt(await readAssets({ url: base, rows: "result", columns: { ip: "address", name: "fqdn" } }, context)), "web");
  answer = text('{"ip":"192.0.2.1","name":"web"}\n\n{"ip":"192.0.2.2"}\n');
  assert.equal(nameAt(await readAssets({ url: base, format: "ndjson" }, context)), "web");
  answer = text("ip,name\n192.0.2.1,web\n");
  assert.equal(nameAt(await readAssets({ url: base, format: "csv" }, context)), "web");
});

test("the token comes from the environment, goes to the endpoint and to no message", async () => {
  answer = text("[]");
  await readAssets({ url: base, tokenFrom: "CMDB_TOKEN" }, context);
  assert.equal(seen.at(-1)?.authorization, "Bearer s3cret");
  await assert.rejects(readAssets({ url: base, tokenFrom: "ABSENT" }, context), {
    code: "SOCLAB_INVALID_VALUE",
    message: /environment variable ABSENT is not set/,
  });
  answer = text("no", 403);
  const url = `${base.replace("//", "//user:pass@")}/assets?key=hidden`;
  await assert.rejects(
    readAssets({ url, tokenFrom: "CMDB_TOKEN" }, { ...context, fetch: (_, init) => fetch(base, init) }),
    (error: Error) => {
      assert.match(error.message, /SOCLAB_IO: http:\/\/127\.0\.0\.1:\d+\/assets\?… answered 403/);
      assert.doesNotMatch(error.message, /s3cret|hidden|pass/);
      return true;
    },
  );
});

test("a server that fails is asked four times with growing pauses, one that refuses once", async () => {
  let count = 0;
  answer = (request, response) => (++count < 4 ? text("later", 503) : text('[{"ip":"192.0.2.1","name":"web"}]'))(request, response);
  pauses.length = 0;
  assert.equal(nameAt(await readAssets({ url: base }, context)), "web");
  assert.deepEqual(pauses, [500, 1000, 2000]);
  count = 0;
  answer = (request, response) => {
    count++;
    text("no", 500)(request, response);
  };
  await assert.rejects(readAssets({ url: base }, context), { code: "SOCLAB_IO", message: /answered 500/ });
  assert.equal(count, 4);
  count = 0;
  answer = (request, response) => {
    count++;
    text("no", 404)(request, response);
  };
  await assert.rejects(readAssets({ url: base }, context), { code: "SOCLAB_IO", message: /answered 404/ });
  assert.equal(count, 1);
});

test("what is huge, slow, no JSON, no list, no UTF-8 or leads to a file is refused with the address", async () => {
  const cases: [RequestListener, RegExp][] = [
    [text(`[${" ".repeat(5000)}]`), /answered more than 4096 bytes/],
    [text("<html>Sign in</html>"), /is no JSON: it begins "<html>Sign in/],
    [text('{"error":"x"}'), /holds no list, expected \[\{"ip"/],
    [text("[1]"), /row 1: "1" is no object/],
    [text('[{"ip":"192.0.2.1","name":{"a":1},"criticality":[1]}]'), /row 1: "\[1\]" is no criticality/],
    [text('[{"ip":"192.0.2.1","__proto__":{"name":"x"}}]'), /unknown column "__proto__"/],
    [text('[{"ip":"192.0.2.1","valid_from":"2026-02-30"}]'), /row 1: valid_from "2026-02-30" is no time/],
    [(_, response) => response.writeHead(200).end(Uint8Array.of(0x5b, 0xff, 0x5d)), /not UTF-8/],
    [text("", 302, { location: "file:///etc/passwd" }), /cannot be reached/],
    [text("", 302, { location: "/again" }), /cannot be reached: redirect count exceeded/],
    [(_, response) => response.writeHead(200).write("["), /did not answer within 1 s/],
  ];
  for (const [listener, message] of cases) {
    answer = listener;
    await assert.rejects(readAssets({ url: base, maxBytes: 4096, timeoutSeconds: 1 }, context), (error: Error) => {
      assert.match(error.message, message);
      assert.ok(error.message.includes(base), error.message);
      return true;
    });
  }
  server.closeAllConnections();
});

test("an answer that has not changed is not sent again, and the last good one counts while the endpoint is down", async () => {
  const cache = write("copy.json", "");
  writeFileSync(cache, "damaged");
  const warnings: string[] = [];
  const warning: ReferenceContext = { ...context, warn: (message) => warnings.push(message) };
  answer = (request, response) =>
    request.headers["if-none-match"] === '"v1"'
      ? response.writeHead(304).end()
      : response.writeHead(200, { etag: '"v1"' }).end('[{"ip":"192.0.2.1","name":"web"}]');
  assert.equal(nameAt(await readAssets({ url: base, cache }, warning)), "web");
  assert.match(warnings.shift()!, /copy\.json cannot be read/);
  const kept = readFileSync(cache, "utf8");
  assert.equal(nameAt(await readAssets({ url: base, cache }, warning)), "web");
  assert.equal(readFileSync(cache, "utf8"), kept);
  assert.deepEqual(warnings, []);

  for (const broken of [text("no", 500), text("<html>")]) {
    answer = broken;
    assert.equal(nameAt(await readAssets({ url: base, cache }, warning)), "web");
    assert.match(warnings.shift()!, /answered 500|no JSON.*; the answer of 20.* is used instead/);
  }
  answer = text('[{"ip":"nonsense"}]');
  await assert.rejects(readAssets({ url: base, cache }, warning), { message: /row 1: "nonsense" is no address/ });
  assert.equal(readFileSync(cache, "utf8"), kept, "rows that are wrong are no good copy");
  assert.ok(!existsSync(`${cache}.${process.pid}.tmp`));
});

test("a reload changes whole batches, and a source that fails leaves the old ones in place", async () => {
  const warnings: string[] = [];
  answer = text('[{"ip":"192.0.2.1","name":"old"}]');
  const users = write("users.csv", "user,ip\nann,192.0.2.1\n");
  const live = await openLiveEnricher(
    { assets: { url: base, refreshSeconds: 3600 }, users },
    { ...context, warn: (m) => warnings.push(m) },
  );
  const seenNow = () => {
    const row = rowAt(live.enrich(batchOf(["192.0.2.1"], ["192.0.2.1"])), 0);
    return [row.src_asset_name, row.dst_asset_name, row.src_user];
  };
  assert.deepEqual(seenNow(), ["old", "old", "ann"]);
  const [before] = live.versions;
  assert.equal(await live.reload(), false);

  answer = text('[{"ip":"192.0.2.1","name":"new"}]');
  writeFileSync(users, "user,ip\nbob,192.0.2.1\n");
  const reading = live.reload();
  assert.deepEqual(seenNow(), ["old", "old", "ann"]);
  assert.equal(await reading, true);
  assert.deepEqual(seenNow(), ["new", "new", "bob"]);
  assert.match(before!.version, /^[0-9a-f]{16}$/);
  assert.notEqual(live.versions[0]!.version, before!.version);

  answer = text('[{"ip":"192.0.2.1","name":"newest"}]');
  writeFileSync(users, "user,ip\n,192.0.2.1\n");
  assert.equal(await live.reload(), false);
  assert.match(warnings.at(-1)!, /the user is empty; what was read before stays in use/);
  assert.deepEqual(seenNow(), ["new", "new", "bob"]);
  live.close();
});
