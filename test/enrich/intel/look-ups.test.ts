import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type Indicator, type IndicatorKind, parseAddress, parsePrefix, ThreatIntelBuilder } from "../../../src/enrich/index.ts";
import { addressToBigint } from "../../../src/enrich/range-table.ts";

function intelOf(kind: IndicatorKind, values: readonly (string | { value: string; exact: boolean })[]) {
  const builder = new ThreatIntelBuilder();
  for (const [i, given] of values.entries()) {
    const { value, exact } = typeof given === "string" ? { value: given, exact: false } : given;
    const indicator: Indicator = { kind, value, exact, list: `l${i}`, feed: "feed", confidence: 0.8, knownAt: null };
    assert.ok(builder.add(indicator), value);
  }
  const intel = builder.build();
  return { intel, lists: (text: string) => intel.lookup(kind, text)?.lists ?? [] };
}

describe("addresses", () => {
  // Few distinct bits, so that networks nest and addresses hit.
  const octet = fc.constantFrom(0, 1, 128, 255);
  const v4 = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join("."));
  const group = fc.constantFrom(0, 1, 0x8000, 0xffff);
  const v6 = fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.map((word) => word.toString(16)).join(":"));
  const network = fc
    .oneof(
      fc.tuple(v4, fc.integer({ min: 0, max: 32 })).map(([address, length]) => `${address}/${length}`),
      fc.tuple(v6, fc.integer({ min: 0, max: 128 })).map(([address, length]) => `${address}/${length}`),
      // An IPv4-mapped address with fewer than 96 bits is no network, see parsePrefix.
    )
    .filter((spelled) => parsePrefix(spelled) !== null);

  const holds = (spelled: string, text: string) => {
    const address = parseAddress(text)!;
    const { family, words, length } = parsePrefix(spelled)!;
    const shift = (address.family === 4 ? 32n : 128n) - BigInt(length);
    return family === address.family && addressToBigint({ family, words, text }) >> shift === addressToBigint(address) >> shift;
  };

  test("every network over an address is found, and no other", () => {
    fc.assert(
      fc.property(fc.array(network, { maxLength: 40 }), fc.array(fc.oneof(v4, v6)), (networks, texts) => {
        const { lists } = intelOf("address", networks);
        for (const text of texts) {
          const expected = networks.flatMap((spelled, i) => (holds(spelled, text) ? [`l${i}`] : []));
          assert.deepEqual(lists(text), expected.sort(), text);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("many networks side by side are found to their first and last address", () => {
    const { lists } = intelOf(
      "address",
      Array.from({ length: 1000 }, (_, i) => `${10 + (i >> 8)}.${i & 255}.4.0/23`),
    );
    for (const i of [0, 1, 255, 256, 999]) {
      const prefix = `${10 + (i >> 8)}.${i & 255}`;
      assert.deepEqual([`${prefix}.3.255`, `${prefix}.4.0`, `${prefix}.5.255`, `${prefix}.6.0`].map(lists), [[], [`l${i}`], [`l${i}`], []]);
    }
  });

  test("the ends of the address space are in their networks", () => {
    const { lists } = intelOf("address", ["0.0.0.0/0", "255.255.255.0/24", "::/0", "ffff::/16"]);
    assert.deepEqual(["0.0.0.0", "255.255.255.255", "::", "ffff:ffff::"].map(lists), [["l0"], ["l0", "l1"], ["l2"], ["l2", "l3"]]);
  });

  test("an IPv4-mapped address is the IPv4 address", () => {
    const { lists } = intelOf("address", ["::ffff:192.0.2.1", "192.0.2.0/24"]);
    assert.deepEqual(lists("192.0.2.1"), ["l0", "l1"]);
    assert.deepEqual(lists("::ffff:192.0.2.7"), ["l1"]);
  });
});

describe("domains", () => {
  test("a name stands for all names below it, an exact one for itself", () => {
    const { lists } = intelOf("domain", ["evil.example", { value: "www.evil.example", exact: true }, "a.b.evil.example"]);
    assert.deepEqual(lists("EVIL.example."), ["l0"]);
    assert.deepEqual(lists("www.evil.example"), ["l0", "l1"]);
    assert.deepEqual(lists("x.www.evil.example"), ["l0"]);
    assert.deepEqual(lists("z.A.B.evil.example"), ["l0", "l2"]);
    for (const text of ["notevil.example", "example", "", ".", "evil.example.org", `${"a".repeat(100_000)}.evil.example`])
      assert.deepEqual(lists(text), [], text.slice(0, 40));
  });

  test("a name in any script is its punycode", () => {
    const { lists } = intelOf("domain", ["bücher.example"]);
    for (const text of ["xn--bcher-kva.example", "BÜCHER.example", "www.bücher.example"]) assert.deepEqual(lists(text), ["l0"], text);
    assert.deepEqual(lists("\u{1F4A9}\uD800.example"), []);
  });
});

describe("hashes", () => {
  const hex = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 32, maxLength: 128 });

  test("a digest of any of the six lengths is found in either case, and only whole", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(fc.constantFrom(32, 40, 56, 64, 96, 128), hex), { maxLength: 12 }), (drawn) => {
        const digests = [...new Set(drawn.map(([length, digits]) => digits.padEnd(length, "0").slice(0, length)))];
        const { lists, intel } = intelOf("hash", digests);
        assert.equal(intel.counts.hash, digests.length);
        for (const [i, digest] of digests.entries()) {
          assert.deepEqual(lists(digest.toUpperCase()), [`l${i}`]);
          assert.deepEqual(lists(`${digest.slice(0, -1)}g`), []);
          assert.deepEqual(lists(digest.slice(0, -8)).includes(`l${i}`), false);
        }
      }),
    );
  });

  test("what is no digest is not taken", () => {
    const builder = new ThreatIntelBuilder();
    const add = (value: string) => builder.add({ kind: "hash", value, list: "l", feed: "l", confidence: 1, knownAt: null });
    assert.deepEqual(["", "abc", "x".repeat(32), "é".repeat(32), "0".repeat(34), "0".repeat(1_000_000)].map(add), Array(6).fill(false));
    assert.ok(add("D41D8CD98F00B204E9800998ECF8427E"));
  });
});

test("what a value of one kind looks like to another kind is nothing", () => {
  const { intel } = intelOf("domain", ["evil.example"]);
  for (const kind of ["address", "url", "hash"] as const) assert.equal(intel.lookup(kind, "evil.example"), null);
});

test("a value said bad ten thousand times, each time for a while, is looked up as of any time", () => {
  const builder = new ThreatIntelBuilder();
  for (let i = 0; i < 10_000; i++) {
    const validFrom = (i * 7919) % 10_000;
    const times = { validFrom, validUntil: validFrom + 50, knownAt: null };
    builder.add({
      kind: "domain",
      value: "evil.example",
      list: "l",
      feed: "l",
      confidence: (validFrom % 100) / 100,
      ...times,
      id: `i${i}`,
    });
  }
  const intel = builder.build();
  for (const at of [49, 99, 149, 5049, 9999]) {
    const strongest = Math.max(...Array.from({ length: 50 }, (_, back) => (at - back) % 100)) / 100;
    assert.equal(intel.lookup("domain", "evil.example", { at })?.confidence, strongest, `at ${at}`);
  }
  assert.equal(intel.lookup("domain", "evil.example", { at: 20_000 }), null);
});
