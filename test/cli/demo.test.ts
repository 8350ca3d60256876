import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openAlertIndex } from "../../src/alerts/index.ts";
import { soclab } from "./run.ts";

const folder = await mkdtemp(join(tmpdir(), "soclab-demo-"));
after(() => rm(folder, { recursive: true }));

interface DemoResult {
  readonly ledger: {
    readonly in: number;
    readonly scored: number;
    readonly filtered: number;
    readonly deadLetters: number;
    readonly closed: boolean;
  };
  readonly suricata: { readonly closed: boolean };
  readonly metrics: { readonly later: { readonly auc: number; readonly rows: number; readonly baseRate: number } };
  readonly models: readonly string[];
  readonly page: string;
}

test("the demo runs the loop on the shipped data, twice with the same alerts, and says how far its figures go", async () => {
  const runs: { result: DemoResult; hash: string }[] = [];
  for (const name of ["first", "second"]) {
    const { code, out, err } = await soclab(["demo", "--once", "--dir", join(folder, name), "--json"]);
    assert.equal(code, 0, err);
    await using index = openAlertIndex(join(folder, name, "alerts"), { readOnly: true });
    runs.push({ result: JSON.parse(out) as DemoResult, hash: await index.contentHash() });
  }
  const [{ result, hash }, second] = runs as [(typeof runs)[number], (typeof runs)[number]];
  assert.equal(second.hash, hash);
  const { ledger, suricata, metrics, models, page } = result;
  assert.equal(ledger.in, 6730);
  assert.equal(ledger.in, ledger.scored + ledger.filtered + ledger.deadLetters);
  assert.ok(ledger.closed && suricata.closed);
  assert.deepEqual(models, ["conn-source@1", "suricata-flow@1"]);
  assert.equal(metrics.later.rows, 5347);
  assert.ok(metrics.later.auc > 0.9, `AUC ${metrics.later.auc}`);
  const html = await readFile(page, "utf8");
  assert.match(html, /a base rate of 63\.1\s%/);
  assert.match(html, /The labels follow the direction of a flow/);
});
