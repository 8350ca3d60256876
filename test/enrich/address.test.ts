import assert from "node:assert/strict";
import { isIP } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { parseAddress, parsePrefix, specialPurposeOf } from "../../src/enrich/index.ts";

test("an address is accepted exactly where node accepts it", () => {
  const almost = fc.array(fc.constantFrom("0", "1", "00", "255", "256", ".", ":", "::", "ffff", "%e", "g", " ", "-"), { maxLength: 12 });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.ipV4(),
        fc.ipV6(),
        almost.map((parts) => parts.join("")),
      ),
      (text) => {
        assert.equal(parseAddress(text) !== null, isIP(text) !== 0, text);
      },
    ),
    { numRuns: 2000 },
  );
});

test("an IPv4 address is one word, an IPv6 address four", () => {
  assert.deepEqual(parseAddress("192.0.2.1")?.words, [0xc0000201]);
  assert.deepEqual(parseAddress("255.255.255.255")?.words, [0xffffffff]);
  assert.deepEqual(parseAddress("2001:db8::1")?.words, [0x20010db8, 0, 0, 1]);
  assert.deepEqual(parseAddress("::")?.words, [0, 0, 0, 0]);
  assert.deepEqual(parseAddress("1:2:3:4:5:6:7:8")?.words, [0x10002, 0x30004, 0x50006, 0x70008]);
  assert.deepEqual(parseAddress("64:ff9b::192.0.2.33")?.words, [0x64ff9b, 0, 0, 0xc0000221]);
});

test("every way to write an IPv6 address means the same words", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }), (groups) => {
      const full = groups.map((group) => group.toString(16).padStart(4, "0")).join(":");
      const short = new URL(`http://[${full}]`).hostname.slice(1, -1);
      assert.deepEqual(parseAddress(short)?.words, parseAddress(full)?.words);
    }),
  );
});

test("an IPv4-mapped address is the IPv4 address, in either spelling", () => {
  for (const text of ["::ffff:8.8.8.8", "::ffff:808:808", "0:0:0:0:0:FFFF:8.8.8.8"])
    assert.deepEqual(parseAddress(text), { family: 4, words: [0x08080808], text: "8.8.8.8" });
});

test("a zone is no part of an address", () => {
  assert.deepEqual(parseAddress("fe80::1%eth0"), { family: 6, words: [0xfe800000, 0, 0, 1], text: "fe80::1" });
});

test("a prefix loses the bits after its length and refuses a length that cannot be", () => {
  assert.deepEqual(parsePrefix("192.0.2.77/24"), { family: 4, words: [0xc0000200], length: 24 });
  assert.deepEqual(parsePrefix("2001:db8:ffff::1/33"), { family: 6, words: [0x20010db8, 0x80000000, 0, 0], length: 33 });
  assert.deepEqual(parsePrefix("::ffff:10.1.2.3/104"), { family: 4, words: [0x0a000000], length: 8 });
  assert.deepEqual(parsePrefix("1.2.3.4/0")?.words, [0]);
  for (const text of ["1.2.3.4/33", "::/129", "1.2.3.4/", "1.2.3.4/08", "1.2.3.4/-1", "/8", "", "::ffff:1.2.3.4/8"])
    assert.equal(parsePrefix(text), null);
});

test("special-purpose blocks are known to their first and last address, and no further", () => {
  const cases = [
    ["10.0.0.0", "private"],
    ["10.255.255.255", "private"],
    ["11.0.0.0", null],
    ["100.63.255.255", null],
    ["100.64.0.0", "carrier-grade NAT"],
    ["100.127.255.255", "carrier-grade NAT"],
    ["127.0.0.1", "loopback"],
    ["169.254.1.1", "link-local"],
    ["172.15.255.255", null],
    ["172.31.255.255", "private"],
    ["172.32.0.0", null],
    ["192.0.2.1", "documentation"],
    ["192.168.1.1", "private"],
    ["203.0.113.9", "documentation"],
    ["223.255.255.255", null],
    ["239.255.255.250", "multicast"],
    ["255.255.255.255", "reserved"],
    ["::1", "loopback"],
    ["::ffff:10.0.0.1", "private"],
    ["fd2d:ab8c:225::1", "private"],
    ["fe80::1%eth0", "link-local"],
    ["ff02::1:3", "multicast"],
    ["2001:db8::1", "documentation"],
    ["2001:718::1", null],
  ] as const;
  for (const [text, purpose] of cases) assert.equal(specialPurposeOf(parseAddress(text)!), purpose, text);
});
