import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ThreatIntelBuilder } from "../../../src/enrich/index.ts";
import { normaliseUrl, UrlParts } from "../../../src/enrich/intel/url-text.ts";

function hits(indicator: string, exact = false) {
  const builder = new ThreatIntelBuilder();
  assert.ok(builder.add({ kind: "url", value: indicator, exact, list: "l", feed: "l", confidence: 1, knownAt: null }), indicator);
  const intel = builder.build();
  return (url: string) => intel.lookup("url", url) !== null;
}

test("ways to write a URL that mean the same are one", () => {
  const same = [
    "http://evil.example/a/b.php?x=1",
    "HTTP://EVIL.example/a/b.php?x=1",
    "https://evil.example:443/a/b.php?x=1",
    "http://evil.example:80/a/b.php?x=1#top",
    "evil.example/a/b.php?x=1",
    "//evil.example/a/b.php?x=1",
    "http://user:secret@evil.example./a/b.php?x=1",
    "http://evil.example/a/./c/../b.php?x=1",
    "http://evil.example/%61/b%2Ephp?x=%31",
    "http://evil.example\\a\\b.php?x=1",
    "  http://evil.example/a/b.php?x=1\r\n",
  ];
  for (const url of same) assert.equal(normaliseUrl(url), "evil.example/a/b.php?x=1", url);
});

test("parts that matter are kept apart", () => {
  const cases = [
    ["http://evil.example", "evil.example/"],
    ["http://evil.example?", "evil.example/"],
    ["http://evil.example?q", "evil.example/?q"],
    ["http://evil.example:8080/", "evil.example:8080/"],
    ["https://evil.example:80/", "evil.example:80/"],
    ["http://evil.example:0080/x", "evil.example:80/x"],
    ["ftp://evil.example/x", "ftp://evil.example/x"],
    ["http://[2001:DB8::1]:8000/x", "[2001:db8:0:0:0:0:0:1]:8000/x"],
    ["http://[::ffff:192.0.2.1]/x", "192.0.2.1/x"],
    ["http://bücher.example/ü", "xn--bcher-kva.example/%C3%BC"],
    ["http://evil.example/a%2fb", "evil.example/a%2Fb"],
    ["http://evil.example/A", "evil.example/A"],
    ["http://evil.example/a b", "evil.example/a%20b"],
    ["http://evil.example/100%", "evil.example/100%"],
    ["http://evil.example/../../x/..", "evil.example/"],
    ["/gate.php?id=", "/gate.php?id="],
    ["/a/../b", "/b"],
    ["localhost/x", "localhost/x"],
  ] as const;
  for (const [url, expected] of cases) assert.equal(normaliseUrl(url), expected, url);
});

test("what has no host that can be is no URL", () => {
  for (const text of [
    "",
    "http://",
    "http:///x",
    "http://a b/x",
    "http://[::1/x",
    "http://[nonsense]/",
    "http://x:y/",
    "http://x:123456/",
    "mailto:a@b",
  ])
    assert.equal(normaliseUrl(text), null, text);
});

test("an entry without a query matches any query, one with a query that query", () => {
  const any = hits("evil.example/gate.php");
  assert.ok(["http://evil.example/gate.php", "https://evil.example/gate.php?id=1&x=/y/", "evil.example/gate.php?"].every(any));
  for (const url of [
    "http://evil.example/gate.ph",
    "http://evil.example/gate.php/x",
    "http://www.evil.example/gate.php",
    "http://evil.example:81/gate.php",
  ])
    assert.ok(!any(url), url);
  const one = hits("evil.example/gate.php?id=1");
  assert.deepEqual(
    ["evil.example/gate.php?id=1", "evil.example/gate.php", "evil.example/gate.php?id=12", "evil.example/gate.php?ID=1"].map(one),
    [true, false, false, false],
  );
});

test("an entry that ends in a slash matches what is below it, but not all of a host", () => {
  const folder = hits("evil.example/a/b/");
  assert.deepEqual(
    ["evil.example/a/b/", "evil.example/a/b/c/d?x=1", "evil.example/a/b?x=/a/b/c", "evil.example/a/", "evil.example/x/a/b/"].map(folder),
    [true, true, false, false, false],
  );
  const root = hits("http://evil.example/");
  assert.deepEqual(["evil.example", "evil.example/?x", "evil.example/x"].map(root), [true, true, false]);
});

test("an entry that ends in its first equals sign matches any value there", () => {
  const open = hits("/mk/p0.php?a=");
  assert.deepEqual(
    ["http://any.example/mk/p0.php?a=1", "http://any.example/mk/p0.php?a=", "/mk/p0.php?a=1&b=2", "/mk/p0.php?b=1&a=1", "/mk/p0.php"].map(
      open,
    ),
    [true, true, true, false, false],
  );
});

test("a path on any host matches from the root on, and a single segment also at the end of a longer path", () => {
  const segment = hits("/gate.php");
  assert.deepEqual(
    ["http://a.example/gate.php?x", "b.example:8080/x/y/gate.php?z=/q", "/gate.php", "a.example/gate.php/x", "a.example/xgate.php"].map(
      segment,
    ),
    [true, true, true, false, false],
  );
  const path = hits("/panel/gate.php");
  assert.deepEqual(["a.example/panel/gate.php", "a.example/x/panel/gate.php"].map(path), [true, false]);
});

test("an exact entry matches itself and nothing else", () => {
  const exact = hits("http://evil.example/a/", true);
  assert.deepEqual(["https://evil.example/a/", "evil.example/a/?x", "evil.example/a/b"].map(exact), [true, false, false]);
});

const part = fc.string({ unit: fc.constantFrom(..."aB0./?=&%#:@~-_é \\|[]".split("")), maxLength: 20 });

test("a URL that is read in place has the same parts as one that is written anew", () => {
  fc.assert(
    fc.property(fc.constantFrom("", "http://", "https://", "ftp://", "//", "/"), part, part, (scheme, host, path) => {
      const url = `${scheme}${host}/${path}`;
      const normal = normaliseUrl(url);
      const parts = new UrlParts();
      assert.equal(parts.read(url), normal !== null, url);
      if (normal === null) return;
      assert.equal(parts.text.slice(parts.start), normal);
      assert.equal(parts.text[parts.pathStart], "/");
      assert.equal(
        parts.text.indexOf("?", parts.pathStart) < 0 ? parts.text.length : parts.text.indexOf("?", parts.pathStart),
        parts.queryStart,
      );
    }),
    { numRuns: 5000 },
  );
});

test("every URL matches itself as an indicator", () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), fc.boolean(), (url, exact) => {
      assert.ok(hits(url, exact)(url));
    }),
  );
});

test("a hostile URL is read in time that grows with its length", () => {
  const builder = new ThreatIntelBuilder();
  for (const value of ["/a/", "evil.example/a/", "/x?a="])
    builder.add({ kind: "url", value, list: "l", feed: "l", confidence: 1, knownAt: null });
  const intel = builder.build();
  for (const unit of ["/", "/a", "/..", "%", "%2", "?=", "\\", "é", "@", "[", "."])
    for (const start of ["http://evil.example/", "/", ""]) intel.match("url", start + unit.repeat(200_000));
});
