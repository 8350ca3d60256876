import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import {
  countryLookup,
  loadEnrichment,
  parseAddress,
  readAsn,
  readAssets,
  readCountries,
  readThreatList,
  readUsers,
  shippedEnrichment,
  type ThreatFormat,
  ThreatIntelBuilder,
} from "../../src/enrich/index.ts";
import { scratch } from "./scratch.ts";

const write = scratch();

async function intelOf(format: ThreatFormat, name: string, content: string | Uint8Array) {
  const builder = new ThreatIntelBuilder();
  const summary = await readThreatList({ name: "list", format, path: write(name, content) }, builder);
  const intel = builder.build();
  const hits = (text: string) => intel.sets.get(intel.hitsAt(intel.hostMatch(text), Number.NaN));
  return { summary, hits };
}

describe("threat lists", () => {
  test("a plain list holds addresses, networks and domains, with comments, a byte order mark and CRLF", async () => {
    const { summary, hits } = await intelOf(
      "plain",
      "plain.txt",
      "\uFEFF# ours\r\n8.8.8.8 # resolver\r\n\r\n9.0.0.0/8\r\nEvil.example.\r\n2001:db9::/32",
    );
    assert.deepEqual(summary, { name: "list", taken: { address: 3, domain: 1, url: 0, hash: 0 }, setAside: new Map(), warned: new Map() });
    for (const text of ["8.8.8.8", "9.9.9.9", "www.evil.example", "2001:db9::7", "[2001:db9::7]:443"])
      assert.deepEqual(hits(text)?.lists, ["list"], text);
    assert.equal(hits("8.8.8.9"), null);
  });

  test("an IPsum entry on n lists has confidence 1 - 0.5^n and the file's date", async () => {
    const { hits } = await intelOf(
      "ipsum",
      "ipsum.txt.gz",
      gzipSync("# Last update: Sat, 22 Aug 2026 03:00:29 +0200\n#\n9.9.9.9\t3\n9.9.9.8\t1\n9.9.9.9\t1\n"),
    );
    assert.equal(hits("9.9.9.9")?.confidence, 0.875);
    assert.equal(hits("9.9.9.8")?.confidence, 0.5);
    assert.equal(hits("9.9.9.8")?.strongest.knownAt, Date.UTC(2026, 7, 22, 1, 0, 29) * 1000);
  });

  test("maltrail's families are named after their files, and the strongest of them counts", async () => {
    const text =
      "#@ malware/emotet.txt\n9.9.9.9:8080\nevil.example\n/path.php\n^x[0-9]+\\.ru$\nhttp://9.9.9.8\n#@ suspicious/onion.txt\nevil.example\n";
    const { summary, hits } = await intelOf("maltrail", "maltrail.txt", text);
    assert.deepEqual(summary, {
      name: "list",
      taken: { address: 2, domain: 2, url: 0, hash: 0 },
      setAside: new Map([["neither address nor domain", 2]]),
      warned: new Map(),
    });
    assert.deepEqual(hits("a.evil.example")?.lists, ["list:emotet", "list:onion"]);
    assert.equal(hits("evil.example")?.confidence, 0.9);
    assert.equal(hits("9.9.9.9")?.confidence, 0.7);
    assert.equal(hits("9.9.9.8")?.confidence, 0.9);
  });

  test("a wrong line is named with its file, number and value", async () => {
    const cases = [
      ["plain", "8.8.8.8\n300.1.1.1 \n", /bad-plain\.txt line 2: "300\.1\.1\.1" is no indicator/],
      ["plain", "localhost", /line 1: "localhost"/],
      ["ipsum", "#\n8.8.8.8 3\n", /line 2: "8\.8\.8\.8 3" is no IPsum entry, expected an address, a tab/],
      ["ipsum", "8.8.8.8\t0\n", /line 1/],
      ["ipsum", "8.8.8.8\t-1\n", /line 1/],
      ["maltrail", "#@ nonsense/x.txt\n", /line 1: "nonsense" is no group of trails/],
    ] as const;
    for (const [format, content, message] of cases)
      await assert.rejects(intelOf(format, `bad-${format}.txt`, content), { code: "SOCLAB_INVALID_FILE", message });
  });

  test("a long wrong line is shown in part", async () => {
    await assert.rejects(intelOf("plain", "long.txt", "x".repeat(10_000_000)), (error: Error) => error.message.length < 400);
  });

  test("a missing file, a damaged gzip and text that is not UTF-8 are told apart", async () => {
    const builder = new ThreatIntelBuilder();
    await assert.rejects(readThreatList({ name: "x", format: "plain", path: "no-such-file" }, builder), { code: "SOCLAB_NOT_FOUND" });
    const gzip = gzipSync("8.8.8.8\n".repeat(1000));
    await assert.rejects(intelOf("plain", "cut.gz", gzip.subarray(0, gzip.length - 10)), {
      code: "SOCLAB_INVALID_FILE",
      message: /damaged gzip/,
    });
    await assert.rejects(intelOf("plain", "latin1.txt", Uint8Array.of(0xe9, 0x0a)), { code: "SOCLAB_INVALID_FILE", message: /not UTF-8/ });
  });
});

describe("assets and users", () => {
  test("columns come in any order, quoted or not, with a byte order mark and CRLF", async () => {
    const path = write("assets.csv", '\uFEFFrole,IP,name\r\n"web, ""main""",192.0.2.7,\r\n\r\n"two\nlines",192.0.2.0/24,net\r\n');
    const assets = await readAssets(path);
    assert.equal(assets.size, 2);
    assert.deepEqual(assets.find(parseAddress("192.0.2.7")!), { name: null, owner: null, role: 'web, "main"', criticality: null });
    assert.equal(assets.find(parseAddress("::ffff:192.0.2.8")!)?.role, "two\nlines");
    assert.equal(assets.find(parseAddress("192.0.3.1")!), null);
  });

  test("a wrong line is named with its file, number and value", async () => {
    const cases = [
      ["", /is empty, expected a header line ip,mac,host,name,owner,criticality,role,valid_from/],
      ["name,owner\n", /line 1: there is none of the columns ip, mac, host/],
      ["ip,critcality\n", /line 1: unknown column "critcality"/],
      ["ip,ip\n", /line 1: the column "ip" occurs twice/],
      ["ip,name\n192.0.2.1\n", /line 2: 1 fields, expected 2: ip, name/],
      ["ip,name\n192.0.2.256,x\n", /line 2: "192\.0\.2\.256" is no address/],
      ["ip,criticality\n192.0.2.1,6\n", /line 2: "6" is no criticality, expected a whole number from 1 to 5/],
      ["ip\n192.0.2.1\n192.0.2.2\n::ffff:192.0.2.1\n", /line 4: ::ffff:192\.0\.2\.1 occurs twice, first in line 2/],
      ['ip,name\n192.0.2.1,"open\n', /line 2: a quoted field is not closed/],
      ['ip,name\n192.0.2.1,"x"y\n', /line 2: "y\\n" follows a closing quote/],
    ] as const;
    for (const [content, message] of cases)
      await assert.rejects(readAssets(write("wrong.csv", content)), { code: "SOCLAB_INVALID_FILE", message }, content);
    await assert.rejects(readAssets(write("wrong.csv", "ip,critcality\n")), { hint: 'Did you mean "criticality"?' });
    await assert.rejects(readUsers(write("users.csv", "user,ip\n,192.0.2.1\n")), { message: /line 2: the user is empty/ });
  });
});

describe("MaxMind DB files", () => {
  const bytes = readFileSync(shippedEnrichment().country);

  test("the shipped country database answers, and says nothing about private addresses", async () => {
    const countries = await readCountries(shippedEnrichment().country);
    const country = (text: string) => countries.country(parseAddress(text)!);
    assert.deepEqual(["147.32.81.167", "8.8.8.8", "2001:718::1", "10.0.0.1", "fe80::1"].map(country), ["CZ", "US", "CZ", null, null]);
  });

  test("the record shapes of GeoLite2 are understood too", () => {
    const records: unknown[] = [
      { country: { iso_code: "SE" } },
      { registered_country: { iso_code: "CN" } },
      { country: {} },
      null,
      "x",
      { country_code: 7 },
    ];
    const answers = records.map((record) => countryLookup({ find: () => record }).country(parseAddress("8.8.8.8")!));
    assert.deepEqual(answers, ["SE", "CN", null, null, null, null]);
  });

  test("a database of another kind is refused when it is opened", async () => {
    await assert.rejects(readAsn(shippedEnrichment().country), { code: "SOCLAB_INVALID_FILE", message: /holds no autonomous systems/ });
  });

  test("a damaged file is refused when it is opened, wherever the damage is", async () => {
    const damaged: [string, Uint8Array][] = [
      ["empty", new Uint8Array(0)],
      ["text", Buffer.from("this is no database")],
      ["no metadata", bytes.subarray(0, bytes.length - 400)],
      ["no tree", bytes.subarray(bytes.length - 300)],
      ["tree cut", Buffer.concat([bytes.subarray(0, 100_000), bytes.subarray(200_000)])],
      ["wild pointers", Buffer.from(bytes).fill(0xff, 3000, 3300)],
    ];
    for (const [name, content] of damaged)
      await assert.rejects(
        readCountries(write(`${name}.mmdb`, content)),
        { code: "SOCLAB_INVALID_FILE", message: /no sound MaxMind DB file/ },
        name,
      );
  });
});

describe("the configuration", () => {
  test("paths are relative to the file and an absent part is left out", async () => {
    write("mine.csv", "ip,name\n192.0.2.1,mine\n");
    write("mine.txt", "9.9.9.9\n");
    const config = { assets: "mine.csv", threatIntel: [{ name: "mine", format: "plain", path: "mine.txt", confidence: 0.3 }] };
    const sources = await loadEnrichment(write("config.json", JSON.stringify(config)));
    assert.equal(sources.assets?.find(parseAddress("192.0.2.1")!)?.name, "mine");
    assert.equal(sources.threatIntel?.lookup("address", "9.9.9.9")?.confidence, 0.3);
    assert.deepEqual([sources.geo, sources.asn, sources.users], [undefined, undefined, undefined]);
  });

  test("a wrong value is named with its key and what was expected", async () => {
    const cases = [
      ["{", /is no JSON/],
      ["[]", /the file is \[\], expected an object with country/],
      ['{"asets": "x"}', /unknown key "asets"/],
      ['{"assets": 3}', /"assets" is 3, expected a path or an object with "path", "url" or "table"/],
      ['{"threatIntel": "x"}', /"threatIntel" is "x", expected a list/],
      ['{"threatIntel": [{"name": "a", "format": "plan", "path": "x"}]}', /"threatIntel\[0\]\.format" is "plan", expected one of plain/],
      ['{"threatIntel": [{"name": "a b", "format": "plain", "path": "x"}]}', /"threatIntel\[0\]\.name" is "a b"/],
      ['{"threatIntel": [{"name": "a", "format": "plain"}]}', /"threatIntel\[0\]\.path" is missing/],
      ['{"threatIntel": [{"name": "a", "format": "plain", "path": "x", "knownAt": "soon"}]}', /"threatIntel\[0\]\.knownAt" is "soon"/],
      ['{"labels": {"minConfidence": 2}}', /"labels\.minConfidence" is 2, expected a number from 0 to 1/],
    ] as const;
    for (const [content, message] of cases)
      await assert.rejects(loadEnrichment(write("config.json", content)), { code: "SOCLAB_INVALID_FILE", message }, content);
    await assert.rejects(loadEnrichment(write("config.json", '{"asets": "x"}')), { hint: 'Did you mean "assets"?' });
    await assert.rejects(loadEnrichment(write("config.json", '{"assets": "absent.csv"}')), { code: "SOCLAB_NOT_FOUND" });
  });
});
