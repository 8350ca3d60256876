import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { RingReader, RingWriter, recordKind } from "../../src/session/ring.ts";
import { createShared } from "../../src/session/shared.ts";

test("text comes out as it went in, in order, whatever its size", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(0 as const, 1 as const), fc.nat(9), fc.string({ unit: "binary", maxLength: 400 })), {
        maxLength: 60,
      }),
      (records) => {
        const shared = createShared();
        const writer = new RingWriter(shared, () => {});
        const reader = new RingReader(shared);
        let read = "";
        for (const [kind, owner, text] of records) {
          writer.text(kind, owner, text);
          reader.drain((gotKind, gotOwner, got) => {
            assert.deepEqual([gotKind, gotOwner], [kind, owner]);
            read += got;
          });
        }
        assert.equal(read, records.map(([, , text]) => text).join(""));
      },
    ),
  );
});

test("a text larger than the ring passes while another thread reads, nothing lost, characters whole", async () => {
  const shared = createShared();
  const source = `
    import { workerData, parentPort } from "node:worker_threads";
    const { RingReader } = await import(workerData.module);
    const reader = new RingReader(workerData.shared);
    let length = 0, broken = 0, last = -1, ordered = true;
    const drain = () => reader.drain((kind, owner, text) => {
      if (kind === 2) return parentPort.postMessage({ length, broken, ordered });
      length += text.length;
      if (text.includes("\\ufffd")) broken++;
      if (owner < last) ordered = false;
      last = owner;
    });
    parentPort.on("message", drain);
    drain();`;
  const workerData = { shared, module: new URL("../../src/session/ring.ts", import.meta.url).href };
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
    workerData,
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  const writer = new RingWriter(shared, () => worker.postMessage("wake"));
  const text = "a\u{1f600}é漢".repeat(300_000);
  for (let owner = 0; owner < 5; owner++) writer.text(recordKind.stdout, owner, text);
  writer.message(1);
  const [result] = await once(worker, "message");
  assert.deepEqual(result, { length: text.length * 5, broken: 0, ordered: true });
  await worker.terminate();
});
