import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseCompactAsn } from "../../src/enrich/asn-compact.ts";
import { asnOfTable, formatCompactAsn, parseAddress, parseAsnCsv, parsePrefix, readAsnRanges } from "../../src/enrich/index.ts";
import { normaliseDomain } from "../../src/enrich/intel/domain-name.ts";
import { DomainTable } from "../../src/enrich/intel/domain-table.ts";
import { PrefixTableBuilder } from "../../src/enrich/prefix-table.ts";
import { addressToBigint } from "../../src/enrich/range-table.ts";

// Few distinct bits, so that prefixes nest and addresses hit.
const octet = fc.constantFrom(0, 1, 128, 255);
const v4 = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join("."));
const v6 = fc.tuple(octet, octet, octet).map(([a, b, c]) => `2001:db8:${a.toString(16)}::${b.toString(16)}:${c.toString(16)}`);
const prefix = fc.oneof(
  fc.tuple(v4, fc.integer({ min: 0, max: 32 })).map(([address, length]) => `${address}/${length}`),
  fc.tuple(v6, fc.integer({ min: 0, max: 128 })).map(([address, length]) => `${address}/${length}`),
);

test("a prefix table finds what comparing bit by bit finds, most specific first", () => {
  fc.assert(
    fc.property(fc.array(prefix, { maxLength: 30 }), fc.oneof(v4, v6), (prefixes, text) => {
      const builder = new PrefixTableBuilder();
      for (const [value, spelled] of prefixes.entries()) builder.add(parsePrefix(spelled)!, value);
      const address = parseAddress(text)!;
      const bits = address.family === 4 ? 32n : 128n;
      const holds = (spelled: string) => {
        const { family, words, length } = parsePrefix(spelled)!;
        const shift = bits - BigInt(length);
        return family === address.family && addressToBigint({ family, words, text }) >> shift === addressToBigint(address) >> shift;
      };
      const expected = prefixes
        .map((spelled, value) => ({ value, length: parsePrefix(spelled)!.length, hit: holds(spelled) }))
        .filter(({ hit }) => hit)
        .filter(({ length }, i, all) => all.findIndex((other) => other.length === length) === i)
        .sort((a, b) => b.length - a.length)
        .map(({ value }) => value);
      const table = builder.build();
      assert.deepEqual([...table.findAll(address)], expected);
      assert.equal(table.find(address), expected[0] ?? -1);
    }),
  );
});

test("a domain table finds a name and every parent of it, and nothing that merely ends alike", () => {
  const label = fc.constantFrom("a", "b", "ab", "evil", "com", "x-y");
  const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => `${labels.join(".")}.com`);
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 40 }), name, (names, asked) => {
      const table = new DomainTable();
      for (const [value, known] of names.entries()) table.update(known, false, () => value);
      const expected = names.flatMap((known, value) => (asked === known || asked.endsWith(`.${known}`) ? [value] : []));
      assert.deepEqual([...table.findAll(asked)].sort(), expected.sort());
    }),
  );
});

test("a domain name is compared in lower case, without its final dot, in punycode", () => {
  assert.equal(normaliseDomain("EVIL.Example."), "evil.example");
  assert.equal(normaliseDomain("bücher.example"), "xn--bcher-kva.example");
  assert.equal(normaliseDomain("_dmarc.example.com"), "_dmarc.example.com");
  for (const text of ["localhost", "", ".", "a..b", "a b.com", "/path", "1.2.3.4/24", `${"a".repeat(64)}.com`, "-a.com"])
    assert.equal(normaliseDomain(text), null, text);
});

const csv = `1.0.0.0,1.0.0.255,13335,"Cloudflare, Inc."
1.0.4.0,1.0.7.255,38803,Gtelecom Pty Ltd
1.0.6.0,1.0.6.255,64500,
2001:200::,2001:200:1b9:ffff:ffff:ffff:ffff:ffff,2500,WIDE Project
255.0.0.0,255.255.255.255,4294967295,Last
`;

test("an AS table answers the same before and after it was made compact", () => {
  const ranges = readAsnRanges(csv, "asn.csv");
  const tables = [parseAsnCsv(csv, "asn.csv"), parseCompactAsn(formatCompactAsn(ranges, ["a comment"]), "asn.txt")];
  for (const table of tables) {
    const lookup = asnOfTable(table);
    const number = (text: string) => lookup.find(parseAddress(text)!)?.number ?? null;
    assert.deepEqual(lookup.find(parseAddress("1.0.0.255")!), { number: 13335, organisation: "Cloudflare, Inc." });
    assert.deepEqual(lookup.find(parseAddress("1.0.6.1")!), { number: 64500, organisation: null });
    assert.deepEqual(["0.255.255.255", "1.0.1.0", "1.0.5.255", "2001:200:1b9::1", "2001:200:1ba::", "::ffff:1.0.0.1"].map(number), [
      null,
      null,
      38803,
      2500,
      null,
      13335,
    ]);
    assert.equal(number("255.255.255.255"), null, "a reserved address has no AS, whatever the table says");
  }
});

test("AS ranges survive the compact format for any disjoint ranges", () => {
  const bound = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });
  fc.assert(
    fc.property(fc.uniqueArray(bound, { minLength: 2, maxLength: 20 }), (bounds) => {
      const sorted = bounds.sort((a, b) => (a < b ? -1 : 1));
      const v6 = sorted.slice(0, -1).map((start, i) => ({ start, end: sorted[i + 1]! - 1n, value: i % 2 }));
      const systems = [
        { number: 1, organisation: "A" },
        { number: 2, organisation: null },
      ];
      const table = parseCompactAsn(formatCompactAsn({ systems, v4: [], v6 }, []), "asn.txt");
      for (const { start, end, value } of v6)
        for (const at of [start, end]) {
          const words = [96n, 64n, 32n, 0n].map((shift) => Number((at >> shift) & 0xffffffffn));
          assert.equal(table.v6.find({ family: 6, words, text: "" }), value);
        }
    }),
  );
});

test("a broken AS table is refused with its line", () => {
  const broken = [
    ["1.0.0.0,1.0.0.255,13335", /line 1: 3 fields, expected 4/],
    ["1.0.0.0,1.0.0.255,AS1,x", /line 1: "AS1" is no AS number/],
    ["\n1.0.0.9,1.0.0.1,1,x", /line 2: the range ends at 1\.0\.0\.1, before/],
    ["1.0.0.0,::1,1,x", /"::1" is no IPv4 address/],
    ['"1.0.0.0,1', /line 1: a quoted field is not closed/],
  ] as const;
  for (const [text, message] of broken) assert.throws(() => parseAsnCsv(text, "asn.csv"), { code: "SOCLAB_INVALID_FILE", message });
  const good = formatCompactAsn(readAsnRanges(csv, "asn.csv"), []);
  for (let cut = 1; cut < good.length; cut++)
    assert.throws(() => parseCompactAsn(good.slice(0, cut - 1), "asn.txt"), { code: "SOCLAB_INVALID_FILE" }, `cut after ${cut - 1}`);
  assert.throws(() => parseCompactAsn(good.replace("v4 4", "v4 999999999"), "asn.txt"), { message: /asn\.txt line \d+/ });
  assert.throws(() => parseCompactAsn(good.replace("v4 4", "v4 3"), "asn.txt"), { message: /"v6" and a number of lines/ });
});
