import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { type Indicator, readMisp, readThreatList, ThreatIntelBuilder } from "../../../src/enrich/index.ts";
import { instantMicros } from "../../../src/enrich/misp/misp-time.ts";
import { fixture, fixturesIn } from "../stix/fixtures.ts";

const defaults = { name: "list" };
const micros = (text: string) => Date.parse(text) * 1000;

function attribute(type: string, value: unknown, more: object = {}): object {
  return { uuid: "u", type, value, category: "Network activity", to_ids: true, timestamp: "1700000000", ...more };
}

function only(document: unknown): Indicator | undefined {
  return readMisp(document, defaults).indicators[0];
}

function reasonsOf(document: unknown): string[] {
  return [...readMisp(document, defaults).setAside.keys()];
}

test("each type of attribute gives its values, or the reason why it has none", () => {
  const sha256 = "0123456789abcdef".repeat(4);
  const cases: readonly [type: string, value: string, expected: readonly string[] | string][] = [
    ["ip-src", "192.0.2.1", ["address 192.0.2.1 0.8"]],
    ["ip-dst", "2001:db8::/32", ["address 2001:db8::/32 0.8"]],
    ["ip-dst|port", "192.0.2.1|443", ["address 192.0.2.1 0.6"]],
    ["ip-src|port", "192.0.2.1:443", ["address 192.0.2.1 0.6"]],
    ["ip-dst|port", "2001:db8::1|443", ["address 2001:db8::1 0.6"]],
    ["domain", "a[.]example", ["domain a.example 0.8"]],
    ["hostname", "www.a.example", ["domain www.a.example 0.8"]],
    ["hostname|port", "www.a.example|8443", ["domain www.a.example 0.6"]],
    ["domain|ip", "a.example|192.0.2.1", ["domain a.example 0.4", "address 192.0.2.1 0.4"]],
    ["url", "hxxps://a.example/x", ["url https://a.example/x 0.8"]],
    ["uri", "/gate.php", "a part of a URL"],
    ["md5", sha256.slice(0, 32), [`hash ${sha256.slice(0, 32)} 0.8`]],
    ["filename|sha256", `a|b.exe|${sha256}`, [`hash ${sha256} 0.8`]],
    ["malware-sample", "a.exe", "a file without a hash"],
    ["x509-fingerprint-sha1", sha256.slice(0, 40), [`hash ${sha256.slice(0, 40)} 0.8`]],
    ["ssdeep", "3:a:b", "a fuzzy or partial hash"],
    ["filename|imphash", `a|${sha256.slice(0, 32)}`, "a fuzzy or partial hash"],
    ["filename", "a.exe", "a file without a hash"],
    ["email-src", "a@b.example", "an email"],
    ["regkey|value", "HKLM|x", "a registry key"],
    ["mutex", "x", "a mutex"],
    ["yara", "rule x {}", "a rule"],
    ["ja3-fingerprint-md5", sha256.slice(0, 32), "a fingerprint of a client or server"],
    ["AS", "AS1", "an autonomous system"],
    ["text", "192.0.2.1", "a type that is no indicator"],
    ["__proto__", "192.0.2.1", "a type that is no indicator"],
  ];
  for (const [type, value, expected] of cases) {
    const { indicators, setAside } = readMisp(attribute(type, value), defaults);
    if (typeof expected === "string") assert.deepEqual([...setAside], [[expected, 1]], type);
    else
      assert.deepEqual(
        indicators.map((one) => `${one.kind} ${one.value} ${Math.round(one.confidence * 100) / 100}`),
        expected,
        type,
      );
  }
});

test("an attribute is an indicator where MISP says it is for detection, and by its type where it says nothing", () => {
  for (const flag of [true, 1, "1", "true"])
    assert.equal(readMisp(attribute("domain", "a.example", { to_ids: flag }), defaults).indicators.length, 1);
  for (const flag of [false, 0, "0", "false", "", {}, []])
    assert.deepEqual(reasonsOf(attribute("domain", "a.example", { to_ids: flag })), ["not for detection (to_ids)"]);
  assert.equal(readMisp({ type: "domain", value: "a.example" }, defaults).indicators.length, 1);
  assert.deepEqual(reasonsOf({ type: "link", value: "http://a.example/" }), ["not for detection (to_ids)"]);
  assert.equal(only(attribute("link", "http://a.example/"))?.kind, "url");
});

test("deleted, disputed by a warning list, decayed and proposed attributes are set aside", () => {
  assert.deepEqual(reasonsOf(attribute("domain", "a.example", { deleted: true })), ["deleted"]);
  assert.deepEqual(reasonsOf(attribute("domain", "a.example", { warnings: [{ warninglist_name: "Top sites" }] })), ["on a warning list"]);
  assert.equal(only(attribute("domain", "a.example", { warnings: [{ warninglist_category: "known" }] }))?.value, "a.example");
  assert.deepEqual(reasonsOf(attribute("domain", "a.example", { decay_score: [{ score: 1, decayed: true }] })), ["decayed"]);
  assert.equal(only(attribute("domain", "a.example", { decay_score: [{ decayed: true }, { decayed: false }] }))?.value, "a.example");
  const proposed = {
    Event: {
      info: "x",
      Attribute: [attribute("text", "x", { ShadowAttribute: [{}] })],
      ShadowAttribute: [attribute("domain", "a.example")],
    },
  };
  assert.equal(readMisp(proposed, defaults).setAside.get("a proposal"), 2);
  const object = { name: "file", deleted: true, Attribute: [attribute("domain", "a.example")] };
  assert.deepEqual(reasonsOf({ Event: { Object: [object] } }), ["deleted"]);
});

test("an attribute gets times, tags and confidence from itself, its object and its event", () => {
  const event = {
    Event: {
      info: "x",
      timestamp: "1600000000",
      Tag: [{ name: "tlp:amber" }, { name: 'admiralty-scale:source-reliability="c"' }],
      Galaxy: [{ GalaxyCluster: [{ type: "threat-actor", value: "Sofacy", tag_name: 'misp-galaxy:threat-actor="Sofacy"' }] }],
      Attribute: [
        attribute("domain", "a.example", { Tag: [{ name: 'estimative-language:likelihood-probability="almost-certain"' }] }),
        { type: "domain", value: "b.example" },
      ],
      Object: [
        {
          name: "domain-ip",
          first_seen: "2023-01-01T00:00:00.123456+00:00",
          Attribute: [attribute("ip-dst", "192.0.2.1", { Sighting: [{ type: "2", date_sighting: "1700000001" }, { type: "0" }] })],
        },
      ],
    },
  };
  const [a, b, c] = readMisp(event, defaults).indicators;
  assert.deepEqual(
    [a?.confidence, b?.confidence, a?.knownAt, b?.knownAt, a?.validFrom, a?.id],
    [0.95, 0.5, 1700000000e6, 1600000000e6, null, "u"],
  );
  assert.deepEqual(b?.tags, ["tlp:amber", 'admiralty-scale:source-reliability="c"', 'misp-galaxy:threat-actor="Sofacy"']);
  assert.deepEqual([c?.validFrom, c?.validUntil], [micros("2023-01-01T00:00:00Z") + 123456, 1700000001e6]);
});

test("what was seen falsely more often than truly counts half", () => {
  const sightings = (...types: string[]) =>
    only(attribute("domain", "a.example", { Sighting: types.map((type) => ({ type })) }))?.confidence;
  assert.equal(sightings("1"), 0.4);
  assert.equal(sightings("1", "0"), 0.8);
  assert.equal(sightings("0", "1", "1"), 0.4);
});

test("times are read in all the forms of MISP", () => {
  assert.equal(instantMicros("1700000000"), 1700000000e6);
  assert.equal(instantMicros(1700000000), 1700000000e6);
  assert.equal(instantMicros("1603642920000000"), 1603642920000000);
  assert.equal(instantMicros("2020-10-25T16:22:00+02:00"), micros("2020-10-25T14:22:00Z"));
  assert.equal(instantMicros("2020-10-25T16:22:00.5Z"), micros("2020-10-25T16:22:00Z") + 500000);
  assert.equal(instantMicros("2020-10-25 16:22:00"), micros("2020-10-25T16:22:00Z"));
  assert.equal(instantMicros("2020-10-25"), micros("2020-10-25T00:00:00Z"));
  for (const none of ["0", "", "never", -1, 0, Number.NaN, null, {}, "2020-13-45T00:00:00Z", "99999999999999999999"])
    assert.equal(instantMicros(none), null);
});

test("an event is found in every wrapping that MISP gives it", () => {
  const event = { info: "x", Attribute: [attribute("domain", "a.example")] };
  for (const document of [
    event,
    { Event: event },
    [{ Event: event }],
    { response: [{ Event: event }] },
    { response: { Attribute: [attribute("domain", "a.example")] } },
    { response: [{ Object: { name: "x", Attribute: [attribute("domain", "a.example")] } }] },
    { Attribute: attribute("domain", "a.example") },
    [attribute("domain", "a.example")],
  ])
    assert.deepEqual(
      readMisp(document, defaults).indicators.map(({ value }) => value),
      ["a.example"],
      JSON.stringify(document),
    );
});

test("the events of PyMISP give every attribute for detection or count it with its reason", () => {
  const counts: Record<string, number> = {
    "57c4445b-c548-4654-af0b-4be3950d210f.json": 3,
    "mispevent_testfiles-existing_event.json": 68,
    "mispevent_testfiles-event_obj_attr_tag.json": 1,
    "reportlab_testfiles-galaxy_1.json": 4,
    "reportlab_testfiles-long_event.json": 250,
    "reportlab_testfiles-sighting_1.json": 5,
    "reportlab_testfiles-to_delete2.json": 113,
  };
  for (const file of fixturesIn("misp-events")) {
    const document = fixture(`misp-events/${file}`);
    const { indicators, setAside } = readMisp(document, defaults);
    const expected = counts[file];
    if (expected !== undefined) assert.equal(indicators.length, expected, file);
    // Every one of these files has an id on each attribute or no attribute that gives two values.
    const found = new Set(indicators.map(({ id, value }) => id ?? value)).size;
    const counted = [...setAside.values()].reduce((sum, n) => sum + n, 0);
    assert.equal(found + counted, attributesIn(document), file);
  }
});

/** Attributes and proposals of a document, without those of what it only refers to. */
function attributesIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one: unknown) => sum + attributesIn(one), 0);
  if (typeof value !== "object" || value === null) return 0;
  let count = "type" in value && "value" in value && "to_ids" in value ? 1 : 0;
  for (const [key, inner] of Object.entries(value))
    if (["Event", "Attribute", "Object", "ShadowAttribute", "response"].includes(key)) count += attributesIn(inner);
  return count;
}

test("no value in any place makes the reader throw", () => {
  const junk = fc.oneof(fc.constantFrom(null, true, 0, -1, "", "x", "__proto__", [], {}, [[]], [null]), fc.jsonValue({ maxDepth: 2 }));
  const keys =
    "type value to_ids deleted Tag Galaxy Sighting warnings decay_score timestamp first_seen Attribute Object Event response ShadowAttribute uuid category name".split(
      " ",
    );
  const change = fc.array(fc.tuple(fc.constantFrom(...keys), junk), { maxLength: 3 });
  const changed = (whole: object, changes: readonly (readonly [string, unknown])[]) => ({ ...whole, ...Object.fromEntries(changes) });
  fc.assert(
    fc.property(change, change, change, (a, b, c) => {
      const inner = changed(attribute("domain|ip", "a.example|192.0.2.1", { Tag: [{ name: "x" }] }), a);
      const object = changed({ name: "x", Attribute: [inner] }, b);
      const { indicators } = readMisp(changed({ Event: changed({ info: "x", Attribute: [inner], Object: [object] }, c) }, c), defaults);
      for (const one of indicators) {
        assert.ok(one.confidence >= 0 && one.confidence <= 1 && typeof one.value === "string");
        assert.ok(one.tags?.every((tag) => typeof tag === "string"));
      }
    }),
    { numRuns: 2000 },
  );
  let deep: unknown = attribute("domain", "a.example");
  for (let i = 0; i < 10_000; i++) deep = { response: deep };
  assert.deepEqual(reasonsOf(deep), ["nested too deeply"]);
});

// From files

async function listOf(files: Readonly<Record<string, string | Uint8Array>>, path = "") {
  const folder = await mkdtemp(join(tmpdir(), "soclab-misp-"));
  try {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(join(folder, name, ".."), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    const builder = new ThreatIntelBuilder();
    const summary = await readThreatList({ name: "list", format: "misp", path: join(folder, path) }, builder);
    return { ...summary, intel: builder.build() };
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("a feed's folder gives the events that its manifest names", async () => {
  const event = (value: string) => JSON.stringify({ Event: { info: "x", Attribute: [attribute("domain", value)] } });
  const files = {
    "manifest.json": JSON.stringify({ "uuid-1": { info: "x" }, "uuid-2": {}, "uuid-3": {} }),
    "uuid-1.json": event("a.example"),
    "uuid-2.json.gz": gzipSync(event("b.example")),
    "left-over.json": event("c.example"),
    "hashes.csv": "0123,uuid-1",
  };
  for (const path of ["", "manifest.json"]) {
    const { taken, setAside, intel } = await listOf(files, path);
    assert.equal(taken.domain, 2);
    assert.deepEqual([...setAside], [["an event of the manifest without its file", 1]]);
    assert.equal(intel.lookup("domain", "c.example"), null);
  }
  await assert.rejects(listOf({ "manifest.json": "[]", "a.json": "{}" }), { code: "SOCLAB_INVALID_FILE" });
  await assert.rejects(listOf({ "readme.txt": "x" }), { code: "SOCLAB_INVALID_FILE" });
});

test("an answer with many events is read one by one", async () => {
  const events = Array.from({ length: 50 }, (_, i) => ({ Event: { info: "x", Attribute: [attribute("domain", `a${i}.example`)] } }));
  assert.equal((await listOf({ "all.json": JSON.stringify({ response: events }) }, "all.json")).taken.domain, 50);
  assert.equal((await listOf({ "all.json": JSON.stringify(events) }, "all.json")).taken.domain, 50);
  const answer = { response: { Attribute: [attribute("domain", "a.example")] } };
  assert.equal((await listOf({ "all.json": JSON.stringify(answer) }, "all.json")).taken.domain, 1);
});

test("attributes as CSV and values as plain text are read", async () => {
  const csv = [
    "uuid,event_id,category,type,value,comment,to_ids,date,object_relation,attribute_tag",
    'u1,1,"Network activity","ip-dst","192.0.2.1","",1,1700000000,"","tlp:green,x"',
    'u2,1,"Network activity","domain","a.example","a, ""b""",0,1700000000,"",""',
    'u3,1,"Payload delivery","md5","0123456789abcdef0123456789abcdef","",1,1700000000,"",""',
  ].join("\n");
  const { taken, setAside, intel } = await listOf({ "export.csv": csv }, "export.csv");
  assert.deepEqual(taken, { address: 1, domain: 0, url: 0, hash: 1 });
  assert.deepEqual([...setAside], [["not for detection (to_ids)", 1]]);
  assert.equal(intel.lookup("address", "192.0.2.1")?.confidence, 0.8);
  const text =
    "# a feed\n192.0.2.1\n198.51.100.0/24\r\na[.]example\nhxxp://b.example/x\nc.example/y\n0123456789abcdef0123456789abcdef\nwhat is this\n";
  const plain = await listOf({ "feed.txt": gzipSync(text) }, "feed.txt");
  assert.deepEqual(plain.taken, { address: 2, domain: 1, url: 2, hash: 1 });
  assert.deepEqual([...plain.setAside], [["a value of no known type", 1]]);
});
