import assert from "node:assert/strict";
import { test } from "node:test";
import { type IndicatorsRead, readMisp, readStixBundle } from "../../../src/enrich/index.ts";
import { fixture, fixturesIn } from "../stix/fixtures.ts";

interface Pair {
  readonly MISP: unknown;
  readonly STIX: unknown;
}

/** Pairs whose two sides contradict each other, and how. */
const unequal: ReadonlyMap<string, string> = new Map([
  [
    "misp_objects_to_stix21.json / domain-ip with the perfect domain & ip matching",
    "the MISP side lost its to_ids flags, so that by type all four values are for detection; the STIX side has the two that were flagged",
  ],
  [
    "stix21_to_misp_objects.json / Domain-IP object (custom case) / Observed Data",
    'the STIX side says misp:to_ids="False", the converter gave the MISP side the flags of its template',
  ],
  [
    "stix21_to_misp_objects.json / Domain-IP object (standard case) / Observed Data",
    'the STIX side says misp:to_ids="False", the converter gave the MISP side the flags of its template',
  ],
]);

const defaults = { name: "list" };

function pairs(): { name: string; entry: string; pair: Pair }[] {
  return fixturesIn("misp-stix-pairs").flatMap((file) =>
    Object.entries(fixture(`misp-stix-pairs/${file}`) as Record<string, Pair | Record<string, Pair>>).flatMap(([key, value]) => {
      const entry = `${file} / ${key}`;
      return isPair(value)
        ? [{ name: entry, entry, pair: value }]
        : Object.entries(value).map(([side, pair]) => ({ name: `${entry} / ${side}`, entry, pair }));
    }),
  );
}

function isPair(value: Pair | Record<string, Pair>): value is Pair {
  return "MISP" in value && "STIX" in value;
}

function setOf({ indicators }: IndicatorsRead): string[] {
  return [...new Set(indicators.map(({ kind, value }) => `${kind} ${value.toLowerCase()}`))].sort();
}

test("the 228 pairs of MISP and STIX give the same set of indicators, whichever side is read", async (t) => {
  const all = pairs();
  assert.equal(new Set(all.map(({ entry }) => entry)).size, 228);
  assert.equal(all.length, 315);
  let withIndicators = 0;
  for (const { name, pair } of all)
    await t.test(name, () => {
      const misp = setOf(readMisp(pair.MISP, defaults));
      const stix = setOf(readStixBundle(pair.STIX, defaults));
      if (misp.length > 0 && stix.length > 0) withIndicators++;
      if (unequal.has(name)) assert.notDeepEqual(stix, misp, "this pair agrees now: take it off the list");
      else assert.deepEqual(stix, misp);
    });
  assert.equal(withIndicators, 114 - 2);
});

test("what a pair holds comes out: addresses with ports, names with addresses, hashes with names", () => {
  const attributes = fixture("misp-stix-pairs/misp_attributes_to_stix21.json") as Record<string, Pair>;
  const expected: Record<string, readonly (readonly [value: string, confidence: number])[]> = {
    "ip-dst": [["address 5.6.7.8", 0.8]],
    "ip-dst|port": [["address 5.6.7.8", 0.6]],
    "domain|ip": [
      ["domain circl.lu", 0.4],
      ["address 149.13.33.14", 0.4],
    ],
    "hostname|port": [["domain circl.lu", 0.6]],
    "filename|md5": [["hash b2a5abfeef9e36964281a31e17b57c97", 0.8]],
    "malware-sample": [["hash 8764605c6f388c89096b534d33565802", 0.8]],
    "x509-fingerprint-sha1": [["hash 46aba99aa7158e4609aaa72b50990842fd22ae86", 0.8]],
    uri: [["url https://vm.misp-project.org/latest/MISP_v2.4.155@ca03678.ova", 0.8]],
    imphash: [],
    "email-src": [],
    attachment: [],
  };
  for (const [type, values] of Object.entries(expected)) {
    const { MISP, STIX } = attributes[type]!;
    for (const read of [readMisp(MISP, defaults), readStixBundle(STIX, defaults)]) {
      const found = read.indicators.map(({ kind, value, confidence }) => [`${kind} ${value}`, Math.round(confidence * 1000) / 1000]);
      if (type !== "hostname|port") assert.deepEqual(found, values, type);
      else assert.equal(found[0]?.[0], values[0]?.[0]);
    }
  }
});

test("whole events give the same as MISP and as STIX 2.0 and 2.1", () => {
  const misp = (name: string) => setOf(readMisp(fixture(`misp-stix-tests/${name}.json`), defaults));
  const stix = (name: string) => setOf(readStixBundle(fixture(`misp-stix-tests/${name}.json`), defaults));
  assert.deepEqual(misp("test_events_collection_1"), ["domain circl.lu"]);
  for (const version of ["stix20", "stix21"]) {
    assert.deepEqual(stix(`test_event1_${version}`), misp("test_events_collection_1"));
    // The collections join this file with a second one that the source does not hold any more.
    for (const kind of ["attributes", "events", "objects"]) {
      const joined = stix(`test_${kind}_collection_${version}`);
      assert.deepEqual(
        misp(`test_${kind}_collection_1`).filter((value) => !joined.includes(value)),
        [],
      );
    }
  }
});
