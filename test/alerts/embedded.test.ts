import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { openAlertIndex } from "../../src/alerts/index.ts";
import { sampleAlert, sampleAlerts } from "./alerts.ts";
import { alertIndexSuite, isError, patch } from "./suite.ts";

const root = mkdtempSync(join(tmpdir(), "soclab-alerts-"));
after(() => rmSync(root, { recursive: true, force: true }));
const newDir = () => mkdtempSync(join(root, "index-"));

alertIndexSuite("the embedded alert index", async () => openAlertIndex(newDir()));

describe("the embedded alert index on disk", () => {
  it("has everything again after it was closed", async () => {
    const dir = newDir();
    const first = openAlertIndex(dir);
    await first.upsert(sampleAlerts(10));
    await first.patchRelevance([patch(3, 99)]);
    await first.setVerdict(sampleAlert(3).id, { verdict: "benign", by: "ada", at: 5, comment: "" });
    const hash = await first.contentHash();
    await first.close();
    await using second = openAlertIndex(dir, { readOnly: true });
    assert.equal(await second.contentHash(), hash);
    assert.equal((await second.get(sampleAlert(3).id))?.verdict?.by, "ada");
    await assert.rejects(second.upsert([sampleAlert(11)]), isError("SOCLAB_USAGE", /read-only/));
  });

  it("shows one process's writes to a watcher in another", async () => {
    const dir = newDir();
    await using writer = openAlertIndex(dir);
    await using reader = openAlertIndex(dir, { readOnly: true });
    const changes = reader.watch()[Symbol.asyncIterator]();
    const next = changes.next();
    await writer.upsert([sampleAlert(1)]);
    assert.deepEqual((await next).value?.ids, [sampleAlert(1).id]);
    await changes.return?.();
  });

  it("holds whole batches, and all that were reported, after its writer was killed", async () => {
    const dir = newDir();
    const writer = spawn(process.execPath, [fileURLToPath(new URL("./endless-writer.ts", import.meta.url)), dir], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let reported = 0;
    for await (const line of createInterface({ input: writer.stdout })) {
      reported = Number(line);
      if (reported >= 300) writer.kill("SIGKILL");
    }
    await using index = openAlertIndex(dir);
    const { total } = await index.search({ limit: 0 });
    assert.ok(reported >= 300 && total >= reported, `${total} alerts, ${reported} reported`);
    assert.equal(total % 100, 0);
    assert.equal((await index.search({ text: "unusual", limit: 0 })).total, total);
  });

  it("says that a file is no alert index", () => {
    const dir = newDir();
    writeFileSync(join(dir, "alerts.db"), "this is a text file, long enough to be read as a header".repeat(50));
    assert.throws(() => openAlertIndex(dir), isError("SOCLAB_INVALID_FILE", /is no alert index/));
  });

  it("says that a database is another program's, and leaves it alone", () => {
    const dir = newDir();
    const other = new DatabaseSync(join(dir, "alerts.db"));
    other.exec("CREATE TABLE bookmarks (url TEXT)");
    other.close();
    assert.throws(() => openAlertIndex(dir), isError("SOCLAB_INVALID_FILE", /not an alert index/));
  });

  it("says that an index of a later layout is not for this version", () => {
    const dir = newDir();
    void openAlertIndex(dir).close();
    const db = new DatabaseSync(join(dir, "alerts.db"));
    db.exec("PRAGMA user_version = 99");
    db.close();
    assert.throws(() => openAlertIndex(dir), isError("SOCLAB_INVALID_FILE", /layout 99/));
  });

  it("says that a damaged file is damaged", async () => {
    const dir = newDir();
    const index = openAlertIndex(dir);
    await index.upsert(sampleAlerts(500));
    await index.close();
    const path = join(dir, "alerts.db");
    const bytes = readFileSync(path);
    bytes.fill(0xa5, bytes.length >> 1);
    writeFileSync(path, bytes);
    await using damaged = openAlertIndex(dir);
    await assert.rejects(damaged.contentHash(), isError("SOCLAB_INVALID_FILE", /damaged/));
  });

  it("says that a directory is missing when it only reads", () => {
    assert.throws(() => openAlertIndex(join(root, "nowhere"), { readOnly: true }), isError("SOCLAB_IO", /nowhere/));
    writeFileSync(join(root, "a-file"), "");
    assert.throws(() => openAlertIndex(join(root, "a-file")), isError("SOCLAB_IO", /a-file/));
  });

  it("says that it is closed, and closes twice in peace", async () => {
    const index = openAlertIndex(newDir());
    await index.close();
    await index.close();
    await assert.rejects(index.get(sampleAlert(1).id), isError("SOCLAB_USAGE", /closed/));
  });
});
