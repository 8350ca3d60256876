import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { SoclabError } from "../../../src/core/index.ts";
import { type IndicatorsRead, readStixBundle, readThreatList, ThreatIntelBuilder } from "../../../src/enrich/index.ts";
import { jsonElements } from "../../../src/enrich/json-elements.ts";
import { fixture, fixturesIn } from "./fixtures.ts";

const defaults = { name: "list" };
const created = "2024-01-01T00:00:00Z";

function indicator(pattern: string, more: object = {}): object {
  return {
    type: "indicator",
    spec_version: "2.1",
    id: "indicator--1",
    created,
    modified: created,
    pattern,
    pattern_type: "stix",
    valid_from: created,
    ...more,
  };
}

function read(...objects: unknown[]): IndicatorsRead {
  return readStixBundle({ type: "bundle", id: "bundle--1", objects }, defaults);
}

/** `kind value confidence` of what a pattern gives, with a confidence of 1 in the document. */
function valuesOf(pattern: string): string[] {
  return read(indicator(pattern, { confidence: 100 })).indicators.map(({ kind, value, confidence }) => `${kind} ${value} ${confidence}`);
}

test("alternatives count in full, things that must come together do not", () => {
  const md5 = "0123456789abcdef0123456789abcdef";
  const cases: readonly [pattern: string, values: readonly string[]][] = [
    ["[ipv4-addr:value = '192.0.2.1']", ["address 192.0.2.1 1"]],
    ["[ipv4-addr:value = '192.0.2.0/24']", ["address 192.0.2.0/24 1"]],
    ["[ipv6-addr:value ISSUBSET '2001:db8::/32']", ["address 2001:db8::/32 1"]],
    ["[ipv4-addr:value IN ('192.0.2.1', '192.0.2.2')]", ["address 192.0.2.1 1", "address 192.0.2.2 1"]],
    ["[domain-name:value = 'a.example' OR url:value = 'http://b.example/x']", ["domain a.example 1", "url http://b.example/x 1"]],
    ["[domain-name:value = 'a.example'] OR [ipv4-addr:value = '192.0.2.1']", ["domain a.example 1", "address 192.0.2.1 1"]],
    ["[domain-name:value LIKE '%.a.example']", ["domain a.example 1"]],
    ["[domain-name:value LIKE 'a%.example']", []],
    ["[domain-name:value = 'a.example'] AND [ipv4-addr:value = '192.0.2.1']", ["domain a.example 0.5", "address 192.0.2.1 0.5"]],
    ["[domain-name:value = 'a.example'] FOLLOWEDBY [ipv4-addr:value = '192.0.2.1']", ["domain a.example 0.5", "address 192.0.2.1 0.5"]],
    ["[ipv4-addr:value = '192.0.2.1'] REPEATS 5 TIMES WITHIN 60 SECONDS", ["address 192.0.2.1 0.5"]],
    ["[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '192.0.2.1']", ["address 192.0.2.1 1"]],
    ["[network-traffic:dst_ref.value = '192.0.2.1' AND network-traffic:dst_port = 443]", ["address 192.0.2.1 0.75"]],
    [
      "[network-traffic:dst_ref.value = 'a.example' AND network-traffic:src_ref.value = '192.0.2.1']",
      ["domain a.example 0.5", "address 192.0.2.1 0.5"],
    ],
    [`[file:hashes.MD5 = '${md5}' AND file:name = 'x.exe']`, [`hash ${md5} 1`]],
    [`[file:hashes.md5 = '${md5}' AND ipv4-addr:value = '192.0.2.1']`, [`hash ${md5} 1`, "address 192.0.2.1 0.5"]],
    ["[file:hashes.SSDEEP = '3:a:b']", []],
    ["[file:name = 'x.exe']", []],
    ["[domain-name:value != 'a.example']", []],
    ["[domain-name:value NOT IN ('a.example')]", []],
    ["[domain-name:value NOT LIKE 'a.example']", []],
    ["[ipv4-addr:value NOT ISSUBSET '192.0.2.0/24']", []],
    ["[ipv4-addr:value ISSUPERSET '192.0.2.0/24']", []],
    ["[domain-name:value MATCHES '^a']", []],
    ["[email-message:from_ref.value = 'a@b.example']", []],
    ["[email-addr:value = 'a@b.example']", []],
    ["[url:value = 'hxxp://evil[.]example/x']", ["url http://evil.example/x 1"]],
    ["[domain-name:value = 'evil[.]example']", ["domain evil.example 1"]],
    ["[network-traffic:extensions.'http-request-ext'.request_value = '/gate.php']", []],
    ["[network-traffic:extensions.'http-request-ext'.request_header.Host = 'a.example']", ["domain a.example 1"]],
    ["[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' = 'a.example']", []],
  ];
  for (const [pattern, values] of cases) assert.deepEqual(valuesOf(pattern), values, pattern);
});

test("an alternative that is no indicator is counted beside those that are", () => {
  const { indicators, setAside } = read(indicator("[ipv4-addr:value = '192.0.2.1' OR file:name = 'x' OR mutex:name = 'm']"));
  assert.equal(indicators.length, 1);
  assert.deepEqual(
    [...setAside],
    [
      ["a file without a hash", 1],
      ["a mutex", 1],
    ],
  );
});

test("validity, START and STOP bound an indicator in time", () => {
  const micros = (text: string) => Date.parse(text) * 1000;
  const pattern = "[ipv4-addr:value = '192.0.2.1'] START t'2024-02-01T00:00:00Z' STOP t'2024-03-01T00:00:00.5Z'";
  const [within] = read(indicator(pattern, { valid_until: "2024-02-15T00:00:00.000001Z" })).indicators;
  assert.equal(within?.validFrom, micros("2024-02-01T00:00:00Z"));
  assert.equal(within?.validUntil, micros("2024-02-15T00:00:00Z") + 1);
  const [open] = read(indicator("[ipv4-addr:value = '192.0.2.1']")).indicators;
  assert.deepEqual([open?.validFrom, open?.validUntil, open?.knownAt], [micros(created), null, micros(created)]);
  const never = read(indicator("[ipv4-addr:value = '192.0.2.1']", { valid_until: created }));
  assert.deepEqual([...never.setAside.keys()], ["valid for no time at all"]);
});

test("the latest version counts, in whatever order they come, and a revoked one is none", () => {
  const old = indicator("[ipv4-addr:value = '192.0.2.1']");
  const late = indicator("[ipv4-addr:value = '192.0.2.2']", { modified: "2024-06-01T00:00:00Z" });
  for (const objects of [
    [old, late],
    [late, old],
  ]) {
    const { indicators, setAside } = read(...objects);
    assert.deepEqual(
      indicators.map(({ value }) => value),
      ["192.0.2.2"],
    );
    assert.equal(indicators[0]?.knownAt, Date.parse("2024-06-01T00:00:00Z") * 1000);
    assert.deepEqual([...setAside], [["an older version", 1]]);
  }
  const revoked = { ...late, revoked: true };
  assert.deepEqual(read(revoked, old).indicators, []);
});

test("rules in other languages, benign indicators and mistakes are set aside with their reason", () => {
  const reasons = (object: object) => [...read(object).setAside.keys()];
  assert.deepEqual(reasons(indicator("alert tcp any any", { pattern_type: "snort" })), ["a snort rule"]);
  assert.deepEqual(reasons(indicator("x", { pattern_type: "x-own" })), ["a pattern in another language"]);
  assert.deepEqual(reasons(indicator("[ipv4-addr:value = '192.0.2.1']", { indicator_types: ["benign"] })), ["benign"]);
  assert.deepEqual(reasons(indicator("[ipv4-addr:value = ")), ["a pattern with a mistake"]);
  assert.deepEqual(reasons({ type: "indicator" }), ["no pattern"]);
});

test("confidence is what the document states, then its labels, then the list, then 0.8", () => {
  const pattern = "[ipv4-addr:value = '192.0.2.1']";
  const confidence = (more: object, list: object = {}) =>
    readStixBundle([indicator(pattern, more)], { ...defaults, ...list }).indicators[0]?.confidence;
  assert.equal(confidence({ confidence: 30 }), 0.3);
  assert.equal(confidence({ confidence: 0, labels: ['admiralty-scale:information-credibility="1"'] }), 0);
  assert.equal(
    confidence({ labels: ['misp:admiralty-scale:information-credibility="2"', 'misp:confidence-level="fairly-confident"'] }),
    0.5,
  );
  assert.equal(confidence({ labels: ['estimative-language:likelihood-probability="very-likely"'] }, { confidence: 0.1 }), 0.85);
  assert.equal(confidence({}, { confidence: 0.1 }), 0.1);
  assert.equal(confidence({ confidence: 101 }), 0.8);
  assert.equal(confidence({ confidence: "90" }), 0.8);
});

test("tags name what an indicator indicates, who said it, its phases and its marking", () => {
  const { indicators } = read(
    { type: "relationship", relationship_type: "indicates", source_ref: "indicator--1", target_ref: "malware--1" },
    { type: "relationship", relationship_type: "indicates", source_ref: "indicator--1", target_ref: "threat-actor--1" },
    indicator("[domain-name:value = 'a.example']", {
      indicator_types: ["malicious-activity"],
      labels: ["seen-here"],
      kill_chain_phases: [{ kill_chain_name: "lockheed-martin-cyber-kill-chain", phase_name: "delivery" }],
      object_marking_refs: ["marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", "marking-definition--own"],
      created_by_ref: "identity--1",
    }),
    { type: "malware", id: "malware--1", name: "Emotet" },
    { type: "threat-actor", id: "threat-actor--1", name: "The Joker" },
    { type: "identity", id: "identity--1", name: "CERT" },
    {
      type: "marking-definition",
      id: "marking-definition--own",
      definition_type: "statement",
      definition: { statement: 'misp-galaxy:tool="X"' },
    },
  );
  assert.deepEqual(indicators[0]?.tags, [
    "malicious-activity",
    "seen-here",
    "lockheed-martin-cyber-kill-chain:delivery",
    "malware:Emotet",
    "threat-actor:The Joker",
    "tlp:amber",
    'misp-galaxy:tool="X"',
    "identity:CERT",
  ]);
});

test("what was only observed is no indicator; samples of malware and the parts of attack infrastructure are", () => {
  const sha1 = "0123456789abcdef0123456789abcdef01234567";
  const objects = [
    { type: "ipv4-addr", id: "ipv4-addr--1", value: "192.0.2.1" },
    { type: "domain-name", id: "domain-name--1", value: "a.example" },
    { type: "file", id: "file--1", name: "x", hashes: { "SHA-1": sha1, SSDEEP: "3:a:b" } },
    { type: "infrastructure", id: "infrastructure--1", name: "C2", infrastructure_types: ["command-and-control"], modified: created },
    { type: "infrastructure", id: "infrastructure--2", name: "Lists", infrastructure_types: ["hosting-target-lists"] },
    { type: "malware", id: "malware--1", name: "Emotet", sample_refs: ["file--1"] },
    { type: "relationship", relationship_type: "consists-of", source_ref: "infrastructure--1", target_ref: "ipv4-addr--1" },
    { type: "relationship", relationship_type: "consists-of", source_ref: "infrastructure--2", target_ref: "domain-name--1" },
  ];
  const { indicators, setAside } = read(...objects);
  assert.deepEqual(
    indicators.map(({ value, tags }) => [value, tags]),
    [
      ["192.0.2.1", ["infrastructure:C2"]],
      [sha1, ["malware:Emotet"]],
    ],
  );
  assert.deepEqual([...setAside], [["observed only", 1]]);
  assert.equal(read(...objects.slice(0, 3)).indicators.length, 0);
});

test("the example bundles of OASIS give what their patterns name", () => {
  const counts: Record<string, readonly [indicators: number, setAside: number]> = {
    "apt1.json": [10, 2],
    "identifying-a-threat-actor-profile.json": [0, 0],
    "indicator-to-campaign-relationship.json": [1, 0],
    "indicators-for-C2-with-COA.json": [2, 0],
    "infrastructure.json": [1, 1],
    "malware-indicator-for-file-hash.json": [1, 0],
    "poisonivy.json": [65, 2],
    "sighting-of-observed-data.json": [0, 2],
    "using-granular-markings.json": [0, 1],
    "using-marking-definitions.json": [1, 0],
  };
  assert.deepEqual(Object.keys(counts), fixturesIn("stix-examples"));
  for (const [file, expected] of Object.entries(counts)) {
    const { indicators, setAside } = readStixBundle(fixture(`stix-examples/${file}`), defaults);
    assert.deepEqual([indicators.length, [...setAside.values()].reduce((sum, n) => sum + n, 0)], expected, file);
  }
});

test("no value in any place makes the reader throw, and all its indicators are well-formed", () => {
  const junk = fc.oneof(
    fc.constantFrom(null, true, 0, -1, Number.POSITIVE_INFINITY, "", "x", "__proto__", [], {}, [[]], [null], { __proto__: null, a: 1 }),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const keys =
    "type id created modified pattern pattern_type valid_from valid_until confidence labels indicator_types kill_chain_phases object_marking_refs created_by_ref revoked name value hashes sample_refs infrastructure_types source_ref target_ref relationship_type definition objects first_seen".split(
      " ",
    );
  const types = "indicator malware infrastructure relationship marking-definition ipv4-addr domain-name url file bundle identity x".split(
    " ",
  );
  const base = fc.constantFrom(...types).map((type) => ({
    ...indicator(
      "[ipv4-addr:value = '192.0.2.1' OR url:value = 'http://a.example/' OR file:hashes.MD5 = '0123456789abcdef0123456789abcdef']",
    ),
    type,
    id: `${type}--1`,
    value: "192.0.2.1",
    hashes: { MD5: "0123456789abcdef0123456789abcdef" },
    sample_refs: ["file--1"],
    infrastructure_types: ["botnet"],
    source_ref: "infrastructure--1",
    target_ref: "ipv4-addr--1",
    relationship_type: "consists-of",
  }));
  const object = fc.tuple(base, fc.array(fc.tuple(fc.constantFrom(...keys), junk), { maxLength: 3 })).map(([whole, changes]) => {
    const changed: Record<string, unknown> = { ...whole };
    for (const [key, value] of changes) changed[key] = value;
    return changed;
  });
  fc.assert(
    fc.property(fc.array(fc.oneof(object, junk), { maxLength: 6 }), (objects) => {
      for (const one of readStixBundle({ type: "bundle", objects }, defaults).indicators) {
        assert.ok(one.confidence >= 0 && one.confidence <= 1);
        assert.ok(typeof one.value === "string" && one.tags?.every((tag) => typeof tag === "string"));
        for (const time of [one.validFrom, one.validUntil, one.knownAt])
          assert.ok(time === null || time === undefined || Number.isFinite(time));
      }
    }),
    { numRuns: 1500 },
  );
  for (const document of [null, 7, "x", [], {}, [[[]]], { objects: 7 }])
    assert.deepEqual(readStixBundle(document, defaults).indicators, []);
});

test("ids like __proto__ and constructor are ids", () => {
  const { indicators } = read(
    indicator("[ipv4-addr:value = '192.0.2.1']", { id: "__proto__" }),
    { type: "relationship", relationship_type: "indicates", source_ref: "__proto__", target_ref: "constructor" },
    { type: "malware", id: "constructor", name: "toString" },
  );
  assert.deepEqual(indicators[0]?.tags, ["malware:toString"]);
});

// From files

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "soclab-stix-"));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("a list in the configuration's form reads a file, a gzip file and a folder", async () => {
  await inFolder(async (folder) => {
    const bundle = JSON.stringify({ type: "bundle", id: "bundle--1", objects: [indicator("[ipv4-addr:value ISSUBSET '192.0.2.0/24']")] });
    await writeFile(join(folder, "a.json"), `\uFEFF${bundle}`);
    await writeFile(
      join(folder, "b.json.gz"),
      gzipSync(JSON.stringify([indicator("[domain-name:value = 'a.example']", { id: "indicator--2" }), 7])),
    );
    const builder = new ThreatIntelBuilder();
    const { taken, setAside } = await readThreatList({ name: "list", format: "stix", path: folder }, builder);
    assert.deepEqual(taken, { address: 1, domain: 1, url: 0, hash: 0 });
    assert.deepEqual([...setAside], [["no STIX object", 1]]);
    const intel = builder.build();
    assert.equal(intel.lookup("address", "192.0.2.77")?.confidence, 0.8);
    assert.equal(intel.lookup("address", "192.0.2.77", { at: Date.parse("2023-12-31T00:00:00Z") * 1000 }), null);
    assert.notEqual(intel.lookup("domain", "www.a.example"), null);
  });
});

test("a damaged file ends in an error that says where", async () => {
  const whole = JSON.stringify({ type: "bundle", objects: [{ type: "a" }, { type: "b" }] });
  const cases: readonly [bytes: Uint8Array | string, message: RegExp][] = [
    [whole.slice(0, -10), /ends in the middle, at byte/],
    [whole.replace(",{", ",,{"), /comma without a value/],
    [whole.replace("},{", "}{"), /element 1 is no JSON|without a comma/],
    [whole.replace("}]", "},]"), /comma without a value after it/],
    [whole.replace('"b"', '"b'), /ends in the middle/],
    [whole.replace('"b"', "b"), /element 2 is no JSON/],
    [`${whole}]`, /closes what it never opened/],
    [`${"[".repeat(5000)}${"]".repeat(5000)}`, /nested deeper than 2000/],
    [Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), /is no JSON/],
    ["", /is no JSON/],
    [gzipSync(whole).subarray(0, 30), /damaged gzip/],
    [Buffer.concat([gzipSync(whole).subarray(0, 20), Buffer.alloc(200, 7)]), /damaged gzip/],
  ];
  await inFolder(async (folder) => {
    for (const [bytes, message] of cases) {
      const path = join(folder, "bundle.json");
      await writeFile(path, bytes);
      const builder = new ThreatIntelBuilder();
      await assert.rejects(
        readThreatList({ name: "list", format: "stix", path }, builder),
        (error) => error instanceof SoclabError && error.code === "SOCLAB_INVALID_FILE" && message.test(error.message),
        String(message),
      );
    }
    await assert.rejects(readThreatList({ name: "list", format: "stix", path: join(folder, "none") }, new ThreatIntelBuilder()), {
      code: "SOCLAB_NOT_FOUND",
    });
  });
});

test("a document that is read element by element is the document, wherever its bytes are cut", async () => {
  const { JsonSplitter } = await import("../../../src/enrich/json-elements.ts");
  const space = fc.constantFrom("", " ", "\n\t");
  const document = fc.record({ before: fc.jsonValue(), objects: fc.array(fc.jsonValue(), { maxLength: 5 }), after: fc.jsonValue() });
  fc.assert(
    fc.property(document, space, fc.array(fc.nat(400), { maxLength: 6 }), fc.boolean(), (value, gap, cuts, isList) => {
      const objects = JSON.parse(JSON.stringify(value.objects));
      const list = `[${gap}${objects.map((one: unknown) => JSON.stringify(one)).join(`${gap},${gap}`)}${gap}]`;
      const rest = `"b":${JSON.stringify(value.before)}${gap},"objects"${gap}:${gap}`;
      const text = Buffer.from(isList ? list : `{${rest}${list},"a":${JSON.stringify(value.after)}}${gap}`);
      const splitter = new JsonSplitter("x", ["objects"]);
      const elements: unknown[] = [];
      let from = 0;
      for (const cut of [...cuts.filter((at) => at < text.length).sort((a, b) => a - b), text.length]) {
        for (const part of splitter.push(text.subarray(from, cut))) if ("element" in part) elements.push(part.element);
        from = cut;
      }
      assert.deepEqual(elements, objects);
      const end = splitter.end();
      const expected = isList ? [] : JSON.parse(JSON.stringify({ b: value.before, objects: [], a: value.after }));
      assert.deepEqual("document" in end && end.document, expected);
    }),
    { numRuns: 1000 },
  );
});

test("elements come while the file is read, not after it", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "large.json");
    const element = JSON.stringify({ type: "x", text: "y".repeat(1000) });
    await writeFile(path, `{"objects":[${Array(2000).fill(element).join(",")}] damaged`);
    let count = 0;
    await assert.rejects(async () => {
      for await (const part of jsonElements(path, ["objects"])) if ("element" in part) count++;
    }, /ends in the middle|is no JSON/);
    assert.equal(count, 2000);
  });
});
