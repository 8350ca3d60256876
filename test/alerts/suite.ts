import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Alert, type AlertIndex, explainRelevance, type IndexedAlert, type RelevancePatch } from "../../src/alerts/index.ts";
import { createRandom, SoclabError } from "../../src/core/index.ts";
import { sampleAlert, sampleAlerts } from "./alerts.ts";

/** What every alert index must do; `open` gives a new, empty one. */
export function alertIndexSuite(name: string, open: () => Promise<AlertIndex>): void {
  describe(name, () => {
    it("gives back an alert as it was written, without a verdict", async () => {
      await using index = await open();
      const alert = sampleAlert(7);
      assert.deepEqual(await index.upsert([alert]), { inserted: 1, updated: 0, unchanged: 0 });
      assert.deepEqual(await index.get(alert.id), { ...alert, verdict: null });
    });

    it("keeps bytes, control characters and markup of a hostile record", async () => {
      await using index = await open();
      const alert = sampleAlert(1, {
        original_string: "\u0000\u001b[31m</script><img onerror=alert(1)>\ud7ff\u{10ffff}",
        original_bytes: "/wD+",
        signature: "'); DROP TABLE alerts; --",
        enrichment: { __proto__: null, constructor: "x", src_country: "CZ" },
      });
      await index.upsert([alert]);
      const stored = await index.get(alert.id);
      assert.equal(stored?.original_string, alert.original_string);
      assert.equal(stored?.signature, alert.signature);
      assert.deepEqual({ ...stored?.enrichment }, { ...alert.enrichment });
    });

    it("takes the same document again as no change", async () => {
      await using index = await open();
      const alerts = sampleAlerts(20);
      await index.upsert(alerts);
      const before = await index.contentHash();
      assert.deepEqual(await index.upsert(alerts), { inserted: 0, updated: 0, unchanged: 20 });
      assert.equal(await index.contentHash(), before);
      assert.equal((await index.search()).total, 20);
    });

    it("takes an alert that occurs twice in one batch once", async () => {
      await using index = await open();
      assert.deepEqual(await index.upsert([sampleAlert(1), sampleAlert(1)]), { inserted: 1, updated: 0, unchanged: 1 });
    });

    it("keeps patched relevance and verdict when the document changes", async () => {
      await using index = await open();
      await index.upsert([sampleAlert(1)]);
      await index.patchRelevance([patch(1, 88)]);
      const verdict = { verdict: "true-positive", by: "ada", at: 1000, comment: "seen on the host" } as const;
      await index.setVerdict(sampleAlert(1).id, verdict);
      assert.deepEqual(await index.upsert([sampleAlert(1, { signature: "renamed rule" })]), { inserted: 0, updated: 1, unchanged: 0 });
      const stored = await index.get(sampleAlert(1).id);
      assert.equal(stored?.signature, "renamed rule");
      assert.equal(stored?.relevance, 88);
      assert.deepEqual(stored?.verdict, verdict);
      assert.equal((await index.search({ text: "renamed" })).total, 1);
      assert.equal((await index.search({ text: "unusual" })).total, 0);
      assert.equal((await index.search({ minRelevance: 88 })).total, 1);
    });

    it("writes nothing of a batch that holds a document that is no alert", async () => {
      await using index = await open();
      const wrong = { ...sampleAlert(2), relevance: 101 };
      await assert.rejects(index.upsert([sampleAlert(1), wrong]), isError("SOCLAB_INVALID_VALUE", /relevance is 101/));
      assert.equal((await index.search()).total, 0);
    });

    it("keeps the strongest patch whatever the order, and counts those without an alert", async () => {
      const patches = [patch(1, 40), patch(1, 90), patch(1, 70), patch(1, 10, 2), patch(1, 90)];
      const hashes = new Set<string>();
      for (const order of [patches, patches.toReversed(), [...patches.slice(2), ...patches.slice(0, 2)]]) {
        await using index = await open();
        await index.upsert([sampleAlert(1)]);
        for (const one of order) await index.patchRelevance([one]);
        assert.equal((await index.get(sampleAlert(1).id))?.relevance, 10, "the newer model version stays, though it says less");
        assert.deepEqual(await index.patchRelevance([patch(99, 50)]), { patched: 0, unchanged: 0, missing: 1 });
        hashes.add(await index.contentHash());
      }
      assert.equal(hashes.size, 1);
    });

    it("ends the same for every split into batches, order and repetition", async () => {
      const alerts = sampleAlerts(12);
      const patches = alerts.flatMap((_, i) => [patch(i, (i * 13) % 100), patch(i, (i * 29) % 100), patch(i, 50)]);
      await using whole = await open();
      await whole.upsert(alerts);
      await whole.patchRelevance(patches);
      const expected = await whole.contentHash();
      await fc.assert(
        fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 12 }), async (seed, size) => {
          await using index = await open();
          const shuffled = shuffle(alerts, seed);
          for (let at = 0; at < shuffled.length; at += size) {
            await index.upsert(shuffled.slice(Math.max(0, at - 2), at + size));
            const present = new Set(shuffled.slice(0, at + size).map((alert) => alert.id));
            await index.patchRelevance(
              shuffle(
                patches.filter(({ id }) => present.has(id)),
                seed + at,
              ),
            );
          }
          assert.equal(await index.contentHash(), expected);
        }),
        { numRuns: 15 },
      );
    });

    it("has another hash when one document differs", async () => {
      await using index = await open();
      await index.upsert(sampleAlerts(3));
      const before = await index.contentHash();
      await index.upsert([sampleAlert(2, { late: true })]);
      assert.notEqual(await index.contentHash(), before);
    });

    it("keeps verdicts apart, the last one counting, all of them kept", async () => {
      await using index = await open();
      await index.upsert(sampleAlerts(3));
      const before = await index.contentHash();
      const id = sampleAlert(0).id;
      await index.setVerdict(id, { verdict: "unsure", by: "ada", at: 1, comment: "" });
      await index.setVerdict(id, { verdict: "false-positive", by: "grace", at: 2, comment: "scanner of ours" });
      assert.equal((await index.get(id))?.verdict?.by, "grace");
      assert.deepEqual(
        (await index.verdicts(id)).map(({ verdict }) => verdict),
        ["unsure", "false-positive"],
      );
      assert.equal((await index.search({ filters: { verdict: "false-positive" } })).total, 1);
      assert.equal((await index.search({ filters: { verdict: null } })).total, 2);
      assert.equal(await index.contentHash(), before);
    });

    it("refuses a verdict on nothing, of no kind, or of nobody", async () => {
      await using index = await open();
      await index.upsert([sampleAlert(1)]);
      const verdict = { verdict: "benign", by: "ada", at: 1, comment: "" } as const;
      await assert.rejects(index.setVerdict("nothing", verdict), isError("SOCLAB_NOT_FOUND", /nothing/));
      await assert.rejects(index.setVerdict("'; --", verdict), isError("SOCLAB_NOT_FOUND", /'; --/));
      const wrong = JSON.parse('{"verdict":"true-positiv","by":"ada","at":1,"comment":""}');
      await assert.rejects(index.setVerdict(sampleAlert(1).id, wrong), isError("SOCLAB_INVALID_VALUE", /true-positiv/));
      await assert.rejects(index.setVerdict(sampleAlert(1).id, { ...verdict, by: " " }), isError("SOCLAB_INVALID_VALUE", /name/));
    });

    it("has no alert under an id that none can have", async () => {
      await using index = await open();
      for (const id of ["", "../../etc/passwd", "'", "a".repeat(100_000), "\u0000", "ünï"]) assert.equal(await index.get(id), null);
    });

    it("lists by relevance, highest first, in pages that do not overlap", async () => {
      await using index = await open();
      await index.upsert(sampleAlerts(50).map((alert, i) => ({ ...alert, ...explainRelevance({ model: i % 4 }) })));
      const whole = (await index.search({ limit: 50 })).alerts;
      assert.deepEqual(
        whole.map(({ relevance }) => relevance),
        whole.map(({ relevance }) => relevance).toSorted((a, b) => b - a),
      );
      const pages: IndexedAlert[] = [];
      for (let offset = 0; offset < 50; offset += 7) pages.push(...(await index.search({ limit: 7, offset })).alerts);
      assert.deepEqual(
        pages.map(({ id }) => id),
        whole.map(({ id }) => id),
      );
      const oldest = await index.search({ sort: { by: "timestamp", order: "asc" }, limit: 1 });
      assert.equal(oldest.alerts[0]?.id, sampleAlert(0).id);
      assert.equal(oldest.total, 50);
    });

    it("selects by time, relevance and fields together, null meaning none", async () => {
      await using index = await open();
      const alerts = sampleAlerts(30);
      await index.upsert(alerts);
      const selection = {
        from: alerts[10]!.timestamp!,
        until: alerts[25]!.timestamp!,
        minRelevance: 30,
        filters: { label: ["malicious", null] },
      };
      const expected = alerts.filter((alert, i) => i >= 10 && i < 25 && alert.relevance >= 30 && alert.label !== "benign");
      const found = await index.search({ ...selection, sort: { by: "timestamp", order: "asc" } });
      assert.deepEqual(
        found.alerts.map(({ id }) => id),
        expected.map(({ id }) => id),
      );
      assert.ok(expected.length > 3);
      assert.equal((await index.search({ filters: { source: [] } })).total, 0);
    });

    it("finds words of signatures and addresses, and beginnings with a star", async () => {
      await using index = await open();
      await index.upsert([
        sampleAlert(1, { signature: "ET SCAN Suspicious inbound to MSSQL port 1433" }),
        sampleAlert(2, { ip_src_addr: "10.0.0.1", ip_dst_addr: "2001:db8::7" }),
        sampleAlert(15, { ip_src_addr: "10.0.0.15", entity: "mallory" }),
      ]);
      const found = async (text: string) => (await index.search({ text })).total;
      assert.equal(await found("mssql inbound"), 1);
      assert.equal(await found("mssql outbound"), 0);
      assert.equal(await found("10.0.0.15"), 1);
      assert.equal(await found("10.0.0*"), 3);
      assert.equal(await found("2001:db8::7"), 1);
      assert.equal(await found("mallory"), 1);
      assert.equal(await found(""), 3);
    });

    it("takes any search text as text, never as a query", async () => {
      await using index = await open();
      await index.upsert(sampleAlerts(3));
      const hostile = [
        '"',
        "'",
        "*",
        "**",
        "a*b",
        "NEAR(",
        "signature:",
        "-x",
        "^",
        "a OR",
        "(",
        "{a b}",
        '" OR 1=1 --',
        "\u0000",
        "+",
        "AND NOT",
        "\ud800",
        "%",
        "\\",
      ];
      for (const text of hostile) await index.search({ text });
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: "binary", maxLength: 60 }), async (text) => {
          assert.ok((await index.search({ text })).total <= 3);
        }),
      );
      assert.equal((await index.search({ text: "unusual OR nothing" })).total, 0, "OR is a word");
      await assert.rejects(index.search({ text: "x".repeat(1_000_000) }), isError("SOCLAB_INVALID_VALUE", /1000000 characters/));
    });

    it("refuses limits, fields and numbers that make no sense", async () => {
      await using index = await open();
      for (const limit of [-1, 10_001, 1e300, Number.NaN, 1.5, Number.POSITIVE_INFINITY]) {
        await assert.rejects(index.search({ limit }), isError("SOCLAB_INVALID_VALUE", /limit/));
      }
      await assert.rejects(index.search({ offset: -1 }), isError("SOCLAB_INVALID_VALUE", /offset/));
      await assert.rejects(index.search({ from: Number.NaN }), isError("SOCLAB_INVALID_VALUE", /from/));
      const wrong = JSON.parse('{"filters":{"sorce":"model"}}');
      await assert.rejects(index.search(wrong), isError("SOCLAB_UNKNOWN_COLUMN", /sorce/));
      await assert.rejects(index.aggregate(JSON.parse('{"by":"body; DROP TABLE alerts"}')), isError("SOCLAB_UNKNOWN_COLUMN", /body/));
      await assert.rejects(index.aggregate({ by: { time: 0 } }), isError("SOCLAB_INVALID_VALUE", /width/));
      await assert.rejects(index.search(JSON.parse('{"filters":{"label":{"a":1}}}')), isError("SOCLAB_INVALID_VALUE", /filter/));
    });

    it("counts as a loop over all alerts would", async () => {
      await using index = await open();
      const alerts = sampleAlerts(200).map((alert, i) => (i % 5 === 0 ? { ...alert, entity: "10.9.9.9" } : alert));
      await index.upsert(alerts);
      const byEntity = await index.aggregate({ by: "entity", limit: 3 });
      assert.equal(byEntity.length, 3);
      assert.deepEqual([byEntity[0]?.key, byEntity[0]?.count], ["10.9.9.9", 40]);
      const hourMs = 60_000;
      const overTime = await index.aggregate({ by: { time: hourMs }, splitBy: "label" });
      assert.deepEqual(
        new Map(overTime.map((bucket) => [`${bucket.key} ${bucket.split}`, bucket.count])),
        countBy(alerts, (alert) => `${Math.floor(alert.timestamp! / hourMs) * hourMs} ${alert.label}`),
      );
      const byRelevance = await index.aggregate({ by: { relevance: 10 } });
      assert.deepEqual(
        new Map(byRelevance.map((bucket) => [bucket.key, bucket.count])),
        countBy(alerts, (alert) => Math.min(90, Math.floor(alert.relevance / 10) * 10)),
      );
      assert.equal(byRelevance.at(-1)?.maxRelevance, 100);
    });

    it("finds alerts of the same flow, whichever end is called the source, and of the same entity", async () => {
      await using index = await open();
      const rule = { source: "suricata", signature: "ET TROJAN", feed: "suricata" };
      await index.upsert([sampleAlert(5, rule), sampleAlert(6, rule), sampleAlert(7)]);
      const { flow_key } = sampleAlert(5).links;
      const linked = await index.findLinked({ flowKey: flow_key!, sources: ["suricata"] });
      assert.deepEqual(
        linked.map(({ id }) => id),
        [sampleAlert(5).id],
      );
      const both = await index.findLinked({ flowKey: [flow_key!, sampleAlert(6).links.flow_key!, "tcp none none"] });
      assert.equal(both.length, 2);
      assert.equal((await index.findLinked({ entity: sampleAlert(7).entity!, until: sampleAlert(7).timestamp! })).length, 0);
      assert.equal((await index.findLinked({ entity: sampleAlert(7).entity!, from: sampleAlert(7).timestamp! })).length, 1);
      await assert.rejects(index.findLinked({}), isError("SOCLAB_USAGE", /flowKey/));
    });

    it("tells a watcher what changes, in order, until it is told to stop", async () => {
      await using index = await open();
      await index.upsert([sampleAlert(0)]);
      const stop = new AbortController();
      const changes = index.watch({ signal: stop.signal })[Symbol.asyncIterator]();
      const first = changes.next();
      await index.upsert([sampleAlert(1), sampleAlert(2)]);
      const change = await first;
      assert.deepEqual(change.value?.ids.toSorted(), [sampleAlert(1).id, sampleAlert(2).id]);
      await index.patchRelevance([patch(0, 60)]);
      assert.deepEqual((await changes.next()).value?.ids, [sampleAlert(0).id]);
      const third = changes.next();
      stop.abort();
      assert.equal((await third).done, true);
      const again = index.watch({ since: change.value!.change })[Symbol.asyncIterator]();
      assert.deepEqual((await again.next()).value?.ids, [sampleAlert(0).id]);
      await again.return?.();
    });
  });
}

export function patch(number: number, relevance: number, version = 1): RelevancePatch {
  const { id, model, features } = sampleAlert(number);
  return { id, features, model: { ...model!, version }, ...explainRelevance({ model: relevance }) };
}

export function isError(code: string, message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof SoclabError && error.code === code && message.test(error.message);
}

function countBy<K>(alerts: readonly Alert[], key: (alert: Alert) => K): Map<K, number> {
  const counts = new Map<K, number>();
  for (const alert of alerts) counts.set(key(alert), (counts.get(key(alert)) ?? 0) + 1);
  return counts;
}

function shuffle<T>(items: readonly T[], seed: number): T[] {
  const random = createRandom(seed);
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}
