import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type AsnLookup, type CountryLookup, createEnricher, loadEnrichment, ThreatIntelBuilder } from "../../src/enrich/index.ts";
import { columnOf, type EventBatch, enrichmentColumns, labelColumns, rowAt, withColumns } from "../../src/event/index.ts";
import { batchOf } from "./batch-of.ts";

const shipped = createEnricher(await loadEnrichment());

function rows(batch: EventBatch): Record<string, unknown>[] {
  return Array.from({ length: batch.length }, (_, row) => ({ ...rowAt(batch, row) }));
}

test("the shipped sources add every enrichment and label column with its declared type", () => {
  const enriched = shipped.enrich(batchOf(["147.32.81.167"], ["8.8.8.8"]));
  for (const [name, type] of Object.entries({ ...enrichmentColumns, ...labelColumns })) {
    if (/_(host|mac)$/.test(name)) continue; // No leases are shipped.
    const column = enriched.columns.get(name);
    assert.equal(column?.type, type, name);
    assert.equal(column?.length, 1, name);
  }
});

test("both sides of a real connection are described", () => {
  const [row] = rows(shipped.enrich(batchOf(["147.32.81.167"], ["8.8.8.8"])));
  assert.equal(row!.src_country, "CZ");
  assert.equal(row!.src_user, "mnovak");
  assert.equal(row!.src_user_department, "Finance");
  assert.equal(row!.src_asset_criticality, 4);
  assert.equal(row!.dst_asn, 15169n);
  assert.match(String(row!.dst_as_org), /Google/);
  assert.equal(row!.dst_user, null);
});

test("private and other special addresses have no country and no AS, in IPv4, IPv6 and mapped spelling", () => {
  const special = [
    "10.8.0.61",
    "127.0.0.1",
    "169.254.1.1",
    "100.64.0.1",
    "224.0.0.252",
    "203.0.113.1",
    "::ffff:10.0.0.1",
    "fe80::1%eth0",
    "ff02::1:3",
  ];
  for (const row of rows(shipped.enrich(batchOf(special, special)))) {
    assert.deepEqual([row.src_country, row.dst_country, row.src_asn, row.dst_as_org], [null, null, null, null]);
  }
});

test("an IPv4-mapped address is described as the IPv4 address, an IPv6 address as itself", () => {
  const [mapped, plain, v6] = rows(shipped.enrich(batchOf(["::ffff:147.32.81.167", "147.32.81.167", "2001:718::1"], [null, null, null])));
  assert.deepEqual({ ...mapped, event_id: 0, ip_src_addr: 0 }, { ...plain, event_id: 0, ip_src_addr: 0 });
  assert.equal(v6!.src_country, "CZ");
  assert.equal(v6!.src_asn, 2852n);
});

test("a null address and a text that is none are null everywhere", () => {
  for (const row of rows(shipped.enrich(batchOf([null, "not an address"], ["", null]))))
    for (const name of Object.keys(enrichmentColumns)) assert.equal(row[name] ?? null, null, name);
});

test("a source that is absent adds no columns", () => {
  const enriched = createEnricher({}).enrich(batchOf(["8.8.8.8"], ["8.8.4.4"]));
  assert.deepEqual([...enriched.columns.keys()].sort(), ["ip_dst_addr", "ip_src_addr", ...Object.keys(labelColumns)].sort());
});

test("an AS number past 2^31 keeps its value", () => {
  const asn: AsnLookup = { find: () => ({ number: 4294967295, organisation: null }) };
  const [row] = rows(createEnricher({ asn }).enrich(batchOf(["8.8.8.8"], ["8.8.8.8"])));
  assert.equal(row!.src_asn, 4294967295n);
  assert.equal(row!.src_as_org, null);
});

test("every row gets what its own address has, whatever came in the batches before", () => {
  const geo: CountryLookup = { country: ({ words }) => (words[0]! % 3 === 0 ? null : `C${words[0]! % 7}`) };
  const enricher = createEnricher({ geo });
  const address = fc.option(fc.integer({ min: 1, max: 40 }).map((n) => `8.8.8.${n}`));
  fc.assert(
    fc.property(fc.array(fc.tuple(address, address), { maxLength: 40 }), (pairs) => {
      const enriched = enricher.enrich(
        batchOf(
          pairs.map(([from]) => from),
          pairs.map(([, to]) => to),
        ),
      );
      const expected = (text: string | null) => {
        const word = text === null ? 0 : 0x08080800 + Number(text.slice(6));
        return word % 3 === 0 ? null : `C${word % 7}`;
      };
      for (const [i, row] of rows(enriched).entries())
        assert.deepEqual([row.src_country, row.dst_country], [expected(pairs[i]![0]), expected(pairs[i]![1])]);
    }),
  );
});

const intel = new ThreatIntelBuilder();
const weak = { list: "weak", feed: "weak", confidence: 0.5, knownAt: null };
const strong = { list: "strong", feed: "strong", confidence: 0.9, knownAt: Date.UTC(2022, 5, 1) * 1000 };
intel.add({ ...weak, kind: "address", value: "198.0.0.0/8" });
intel.add({ ...strong, kind: "address", value: "198.1.1.1" });
intel.add({ ...strong, kind: "domain", value: "evil.example" });
intel.add({ ...weak, kind: "domain", value: "sub.evil.example" });
const threats = createEnricher({ threatIntel: intel.build() });

test("hits of a network and of an address in it come together with the doubts multiplied", () => {
  const [both, network, none] = rows(threats.enrich(batchOf(["198.1.1.1", "198.1.1.2", "8.8.8.8"], [null, "198.1.1.1", null])));
  assert.deepEqual(both!.src_threat_lists, ["strong", "weak"]);
  assert.ok(Math.abs((both!.src_threat_confidence as number) - 0.95) < 1e-12);
  assert.deepEqual(network!.src_threat_lists, ["weak"]);
  assert.deepEqual(network!.dst_threat_lists, ["strong", "weak"]);
  assert.deepEqual([none!.src_threat_lists, none!.src_threat_confidence], [null, null]);
});

test("a domain hit, or one of a parent, lands on the destination beside the address's own", () => {
  const hosts = ["a.evil.example", "x.sub.EVIL.example.", "notevil.example", null, "198.1.1.2"];
  const [parent, both, alike, none, address] = rows(
    threats.enrich(batchOf(Array(5).fill("8.8.8.8"), ["8.8.8.8", "198.2.2.2", "8.8.8.8", "8.8.8.8", "8.8.8.8"], { query: hosts }, "dns")),
  );
  assert.deepEqual([parent!.src_threat_lists, parent!.dst_threat_lists], [null, ["strong"]]);
  assert.deepEqual(both!.dst_threat_lists, ["strong", "weak"]);
  assert.deepEqual([alike!.dst_threat_lists, none!.dst_threat_lists], [null, null]);
  assert.deepEqual(address!.dst_threat_lists, ["weak"]);
});

test("an HTTP host loses its port before it is looked up, and Suricata's sensor name is no host", () => {
  const [port] = rows(threats.enrich(batchOf(["8.8.8.8"], ["8.8.8.8"], { host: ["evil.example:8080"] }, "http")));
  assert.deepEqual(port!.dst_threat_lists, ["strong"]);
  const [sensor] = rows(threats.enrich(batchOf(["8.8.8.8"], ["8.8.8.8"], { host: ["evil.example"] }, "suricata")));
  assert.equal(sensor!.dst_threat_lists, null);
  const [sni] = rows(threats.enrich(batchOf(["8.8.8.8"], ["8.8.8.8"], { tls_sni: ["evil.example"] }, "suricata")));
  assert.deepEqual(sni!.dst_threat_lists, ["strong"]);
});

test("the source's label comes before threat intelligence, and a weak hit makes no label", () => {
  const zeek = ["Benign", "MALICIOUS", "background", "Normal", "(empty)", null, "Unknown", "-"];
  const from = ["198.1.1.1", "8.8.8.8", "198.1.1.1", "8.8.8.8", "198.1.1.1", "198.1.1.2", "8.8.8.8", "8.8.8.8"];
  const labelled = rows(threats.enrich(batchOf(from, Array(8).fill(null), { zeek_label: zeek })));
  assert.deepEqual(
    labelled.map(({ label, label_source }) => [label, label_source]),
    [
      ["benign", "zeek"],
      ["malicious", "zeek"],
      ["background", "zeek"],
      ["benign", "zeek"],
      ["malicious", "threat-intel:strong"],
      [null, null],
      [null, null],
      [null, null],
    ],
  );
  assert.deepEqual(labelled.map(({ label_known_at }) => label_known_at).filter(Boolean), [new Date("2022-06-01T00:00:00Z")]);
  assert.equal(labelled[0]!.label_confidence, 1);
  assert.ok(Math.abs((labelled[4]!.label_confidence as number) - 0.95) < 1e-12);
});

test("labels that a batch already has are kept", () => {
  const batch = withColumns(batchOf(["198.1.1.1"], [null], { zeek_label: ["Benign"] }), [["label", columnOf("string", ["background"])]]);
  const [row] = rows(threats.enrich(batch));
  assert.equal(row!.label, "background");
  assert.equal(row!.label_source, undefined);
});

test("an empty batch is enriched too", () => {
  assert.equal(shipped.enrich(batchOf([], [])).columns.get("src_threat_lists")?.length, 0);
});

test("enrichment changes nothing that was there", () => {
  const batch = batchOf(["8.8.8.8"], ["147.32.81.167"]);
  const before = new Map(batch.columns);
  const enriched = shipped.enrich(batch);
  assert.deepEqual(batch.columns, before);
  for (const [name, column] of before) assert.equal(enriched.columns.get(name), column);
});

test("a label threshold out of range is refused before any work", () => {
  assert.throws(() => createEnricher({ labels: { minConfidence: 1.5 } }), {
    code: "SOCLAB_INVALID_VALUE",
    message: /1\.5, expected 0 to 1/,
  });
});

test("URLs and hashes of files are looked up where a feed names them", () => {
  const named = new ThreatIntelBuilder();
  const statement = { feed: "f", confidence: 0.9, knownAt: null };
  const md5 = "0123456789abcdef0123456789abcdef";
  for (const [kind, value, list] of [
    ["url", "http://evil.example/gate.php", "page"],
    ["url", "/shell.php", "path"],
    ["hash", md5, "file"],
    ["domain", "cc.example", "name"],
  ] as const)
    assert.ok(named.add({ ...statement, kind, value, list }));
  const enricher = createEnricher({ threatIntel: named.build() });
  const listsOf = (feed: string, texts: Record<string, (string | null)[]>) => {
    const { length } = Object.values(texts)[0]!;
    return rows(enricher.enrich(batchOf(Array(length).fill(null), Array(length).fill(null), texts, feed))).map(
      (row) => row.dst_threat_lists,
    );
  };
  const http = {
    host: ["evil.example", "EVIL.example:80", "evil.example", "other.example", null],
    uri: ["/gate.php?x=1", "/gate.php", "/", "/a/shell.php", null],
  };
  assert.deepEqual(listsOf("http", http), [["page"], ["page"], null, ["path"], null]);
  assert.deepEqual(
    listsOf("suricata", { http_hostname: ["evil.example", "x.example"], http_url: ["/gate.php", "http://evil.example/gate.php"] }),
    [["page"], ["page"]],
  );
  assert.deepEqual(listsOf("squid", { url: ["http://evil.example/gate.php", "evil.example:443", null] }), [["page"], null, null]);
  assert.deepEqual(listsOf("files", { md5: [md5.toUpperCase(), "00", null] }), [["file"], null, null]);
  assert.deepEqual(listsOf("suricata", { fileinfo_md5: [md5] }), [["file"]]);
  assert.deepEqual(listsOf("windows", { hash_md5: [md5, null], QueryName: [null, "www.cc.example"] }), [["file"], ["name"]]);
  assert.deepEqual(listsOf("conn", { md5: [md5], host: ["cc.example"] }), [null]);
});
