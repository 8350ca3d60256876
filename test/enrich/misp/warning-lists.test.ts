import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import {
  type IndicatorKind,
  loadThreatIntel,
  parsePrefix,
  readWarningLists,
  WarningLists,
  warningListOf,
} from "../../../src/enrich/index.ts";
import { addressToBigint } from "../../../src/enrich/range-table.ts";

const folder = mkdtempSync(join(tmpdir(), "soclab-warning-"));
after(() => rmSync(folder, { recursive: true }));
/** A part of misp-warninglists, CC0. */
const fixtures = join(import.meta.dirname, "..", "fixtures", "misp-warninglists");

function listOf(type: string, list: readonly string[], attributes?: readonly string[]): WarningLists {
  return new WarningLists([warningListOf({ name: "w", type, list, matching_attributes: attributes }, "w.json")]);
}

describe("the five match types", () => {
  const cases: readonly [type: string, entries: string[], kind: IndicatorKind, hits: string[], misses: string[]][] = [
    ["string", ["Google.com"], "domain", ["google.com", " GOOGLE.COM"], ["www.google.com", "google.co"]],
    ["substring", ["update"], "url", ["http://x.example/UPDATE.exe"], ["http://x.example/up-date"]],
    ["hostname", [".bmw.de", "evil.example."], "domain", ["bmw.de", "www.BMW.de", "a.b.evil.example"], ["notbmw.de", "de", ""]],
    [
      "hostname",
      ["bit.ly"],
      "url",
      ["https://bit.ly", "http://user@x.bit.ly:8080/path?q", "bit.ly/x"],
      ["https://bit.lyx/", "https://x/bit.ly"],
    ],
    [
      "cidr",
      ["10.0.0.0/8", "2001:db8::/32", "192.0.2.1"],
      "address",
      ["10.1.2.3", "10.9.0.0/16", "2001:db8::1", "192.0.2.1", "::ffff:10.0.0.1"],
      ["11.0.0.1", "0.0.0.0/0", "2001::/16", "x"],
    ],
    ["regex", ["/^(?:www\\.)?safe\\d+\\.example$/i"], "domain", ["WWW.safe12.example"], ["safe.example", "xsafe1.example"]],
  ];
  for (const [type, entries, kind, hits, misses] of cases)
    test(`${type} of ${kind}: ${entries[0]}`, () => {
      const lists = listOf(type, entries);
      for (const value of hits) assert.deepEqual(lists.match(kind, value), ["w"], value);
      for (const value of misses) assert.deepEqual(lists.match(kind, value), [], value);
    });

  test("a network is held where all of it is, as arithmetic has it", () => {
    const octet = fc.constantFrom(0, 1, 128, 255);
    const network = fc
      .tuple(octet, octet, octet, octet, fc.integer({ min: 0, max: 32 }))
      .map(([a, b, c, d, bits]) => `${a}.${b}.${c}.${d}/${bits}`);
    fc.assert(
      fc.property(fc.array(network, { minLength: 1, maxLength: 8 }), network, (entries, value) => {
        const inner = parsePrefix(value)!;
        const bits = (text: string, length: number) => addressToBigint({ ...parsePrefix(text)!, text }) >> BigInt(32 - length);
        const expected = entries.some((entry) => {
          const { length } = parsePrefix(entry)!;
          return length <= inner.length && bits(entry, length) === bits(value, length);
        });
        assert.equal(listOf("cidr", entries).match("address", value).length > 0, expected);
      }),
    );
  });

  test("an expression that would stop a backtracking engine takes no time", () => {
    assert.deepEqual(listOf("regex", ["/^(a+)+$/"]).match("domain", `${"a".repeat(50_000)}!`), []);
  });
});

test("a list is about the kinds that its attributes name, and about all without any", () => {
  const lists = listOf("string", ["x.example"], ["domain|ip", "phone-number"]);
  assert.deepEqual(
    [lists.match("domain", "x.example"), lists.match("url", "x.example"), lists.match("hash", "x.example")],
    [["w"], [], []],
  );
  assert.deepEqual(listOf("string", ["x.example"]).match("url", "x.example"), ["w"]);
  assert.deepEqual(listOf("string", ["+1"], ["phone-number"]).match("domain", "+1"), []);
});

test("real lists load, each entry found by its own rule", async () => {
  const lists = await readWarningLists([fixtures]);
  assert.equal(lists.size, 6);
  assert.match(lists.match("address", "172.20.1.1").join(), /RFC 1918/);
  assert.match(lists.match("address", "224.0.0.1").join(), /multicast/i);
  assert.match(lists.match("domain", "www.lufthansa.com").join(), /dax30/);
  assert.deepEqual(lists.match("domain", "lufthansa.com.evil.example"), []);
});

test("what a warning list speaks against is weak or left out, and both are counted", async () => {
  const path = join(folder, "list.txt");
  writeFileSync(path, "10.0.0.9\n203.0.113.9\nhttps://www.bmw.de/\nhttps://www.bmw.de/files/evil.exe\n");
  const config = (action: "drop" | "weaken" | undefined) => ({
    threatIntel: [{ name: "l", format: "plain", path, confidence: 0.9 }] as const,
    warningLists: {
      paths: [join(fixtures, "rfc1918.json"), join(folder, "hosts.json")],
      action,
    },
  });
  writeFileSync(
    join(folder, "hosts.json"),
    JSON.stringify({ name: "cars", type: "hostname", list: ["bmw.de"], matching_attributes: ["url"] }),
  );
  const weak = (await loadThreatIntel(config(undefined)))!;
  const confidence = (kind: IndicatorKind, value: string) => weak.intel.lookup(kind, value)?.confidence;
  assert.deepEqual([confidence("address", "10.0.0.9"), confidence("address", "203.0.113.9")], [0.1, 0.9]);
  assert.deepEqual(
    [confidence("url", "www.bmw.de/"), confidence("url", "www.bmw.de/files/evil.exe")],
    [0.1, 0.9],
    "a file is more than its host",
  );
  assert.deepEqual(
    [...weak.lists[0]!.warned].map(([, n]) => n),
    [1, 1],
  );
  const dropped = (await loadThreatIntel(config("drop")))!;
  assert.equal(dropped.intel.lookup("address", "10.0.0.9"), null);
  assert.deepEqual([...dropped.lists[0]!.setAside], [["on a warning list", 2]]);
  assert.deepEqual(dropped.lists[0]!.taken, { address: 1, domain: 0, url: 1, hash: 0 });
});

test("what is no warning list is refused with the place", async () => {
  for (const [document, message] of [
    [[], /no warning list/],
    [{ type: "cidr", list: [] }, /"name" is missing/],
    [{ name: "w", type: "fuzzy", list: [] }, /"type" is "fuzzy", expected one of string/],
    [{ name: "w", list: [1] }, /"list" is no list of texts/],
    [{ name: "w", type: "cidr", list: ["x"] }, /w holds no network/],
    [{ name: "w", type: "regex", list: ["/(/"] }, /w has the expression "\/\(\/"/],
    [{ name: "w", type: "regex", list: ["/(?=a)/"] }, /w has the expression/],
  ] as const)
    assert.throws(() => new WarningLists([warningListOf(document, "w.json")]), { code: "SOCLAB_INVALID_FILE", message });
  await assert.rejects(readWarningLists([join(folder, "none.json")]), { code: "SOCLAB_NOT_FOUND" });
  writeFileSync(join(folder, "half.json"), '{"name": "w"');
  await assert.rejects(readWarningLists([join(folder, "half.json")]), /half\.json is no JSON/);
});
