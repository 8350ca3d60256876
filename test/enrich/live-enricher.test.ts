import assert from "node:assert/strict";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openLiveEnricher } from "../../src/enrich/index.ts";
import { rowAt } from "../../src/event/index.ts";
import { batchOf } from "./batch-of.ts";

const folder = mkdtempSync(join(tmpdir(), "soclab-live-"));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, "list.txt");

function write(text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

test("a list that changes is used whole from one batch to the next; a broken one leaves the old one in use and says so", async () => {
  write("203.0.113.1\n203.0.113.2\n");
  const warnings: string[] = [];
  const live = await openLiveEnricher({ threatIntel: [{ name: "l", format: "plain", path }] }, { warn: (text) => warnings.push(text) });
  const batch = batchOf(["203.0.113.1", "203.0.113.2", "203.0.113.3"], [null, null, null]);
  const hits = () => {
    const enriched = live.enrich(batch);
    return [0, 1, 2].map((row) => (rowAt(enriched, row).src_threat_lists === null ? 0 : 1)).join("");
  };
  const settled = async (reload: Promise<boolean>) => {
    // While it is read every batch sees the old list or the new one, and never none.
    const seen = new Set<string>();
    let isOver = false;
    const changed = reload.finally(() => {
      isOver = true;
    });
    while (!isOver) {
      seen.add(hits());
      await new Promise(setImmediate);
    }
    return { changed: await changed, seen: [...seen] };
  };
  assert.equal(hits(), "110");
  assert.equal(await live.reload(), false, "nothing changed");

  write("203.0.113.2\n203.0.113.3\n");
  const second = await settled(live.reload());
  assert.ok(second.changed && second.seen.every((each) => each === "110" || each === "011"), second.seen.join(" "));
  assert.equal(hits(), "011");

  write("203.0.113.1\nno indicator!\n");
  assert.equal(await live.reload(), false);
  assert.equal(hits(), "011");
  assert.match(warnings.join("\n"), /list\.txt line 2: "no indicator!".*what was read before stays in use/);
  rmSync(path);
  assert.equal(await live.reload(), false);
  assert.equal(hits(), "011");

  write("203.0.113.1\n");
  assert.equal(await live.reload(), true);
  assert.equal(hits(), "100");
  live.close();
});
