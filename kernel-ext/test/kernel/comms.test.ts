import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import type { JsonObject } from "../../src/protocol/message.ts";
import { heard, resultText, run, type StartedKernel, startKernel } from "./kernel.ts";

let started: StartedKernel;
before(async () => {
  started = await startKernel();
  await run(
    started.kernel,
    `kernel.comms.register("echo", (comm, opened) => {
  comm.send({ opened: opened.data });
  comm.onMessage(({ data, metadata, buffers }) => comm.send({ echo: data }, { metadata, buffers }));
  comm.onClose(() => { closed.push(comm.id); });
});
const closed: string[] = [];`,
  );
});
after(() => started?.stop());

const send = (type: string, content: JsonObject, buffers: Uint8Array[] = []) => started.kernel.send("shell", type, content, { buffers });
const next = (type: string, id: string) =>
  heard(started.kernel, ({ header, content }) => header.msg_type === type && content.comm_id === id);
const info = async (content: JsonObject = {}) => (await started.kernel.request("shell", "comm_info_request", content)).content.comms;

test("a comm that the front end opens is answered, echoes data and buffers, is listed, and is closed", async () => {
  const id = randomUUID();
  const opened = next("comm_msg", id);
  const openHeader = send("comm_open", { comm_id: id, target_name: "echo", data: { a: [1, "é", null] } });
  const first = await opened;
  assert.deepEqual(first.content.data, { opened: { a: [1, "é", null] } });
  assert.equal(first.parentHeader.msg_id, openHeader.msg_id);
  assert.deepEqual(Object(await info())[id], { target_name: "echo" });
  assert.deepEqual(Object.keys(Object(await info({ target_name: "nobody" }))), []);
  const echoed = next("comm_msg", id);
  const buffers = [Buffer.from([0, 255, 7]), Buffer.alloc(0), Buffer.alloc(300_000, 5)];
  send("comm_msg", { comm_id: id, data: "text" }, buffers);
  const echo = await echoed;
  assert.deepEqual(echo.content.data, { echo: "text" });
  assert.deepEqual(
    echo.buffers.map((buffer) => Buffer.from(buffer)),
    buffers,
  );
  send("comm_close", { comm_id: id, data: {} });
  assert.equal(Object(await info())[id], undefined);
  assert.equal(resultText(await run(started.kernel, `closed.includes(${JSON.stringify(id)})`)), "true");
});

test("a comm to an unknown target is closed at once", async () => {
  const id = randomUUID();
  const closing = next("comm_close", id);
  const header = send("comm_open", { comm_id: id, target_name: "no.such.target", data: {} });
  assert.equal((await closing).parentHeader.msg_id, header.msg_id);
  assert.equal(Object(await info())[id], undefined);
});

test("a comm that a cell opens reaches the front end, and hears its answer", async () => {
  const opened = heard(started.kernel, ({ header }) => header.msg_type === "comm_open");
  const { reply } = await run(
    started.kernel,
    `const own = kernel.comms.open("front.end", { from: "cell" }, { metadata: { version: "2.1.0" }, buffers: [new Uint8Array([1, 2, 3])] });
const answered: unknown[] = [];
own.onMessage(({ data }) => answered.push(data));`,
  );
  const { content, metadata, buffers, parentHeader } = await opened;
  assert.deepEqual([content.target_name, content.data, metadata], ["front.end", { from: "cell" }, { version: "2.1.0" }]);
  assert.deepEqual(
    buffers.map((buffer) => [...buffer]),
    [[1, 2, 3]],
  );
  assert.equal(parentHeader.msg_id, reply.parentHeader.msg_id);
  const id = String(content.comm_id);
  send("comm_msg", { comm_id: id, data: { answer: 42 } });
  await info();
  assert.equal(resultText(await run(started.kernel, "answered")), "[ { answer: 42 } ]");
  const closing = next("comm_close", id);
  await run(started.kernel, "own.close()");
  await closing;
  assert.equal(Object(await info())[id], undefined);
});

test("comm messages are handled while a cell awaits", async () => {
  const id = randomUUID();
  send("comm_open", { comm_id: id, target_name: "echo", data: {} });
  const cell = run(
    started.kernel,
    `let release = () => {}; kernel.comms.register("release", () => release()); await new Promise<void>((resolve) => { release = resolve; }); 'released'`,
  );
  await heard(started.kernel, ({ header }) => header.msg_type === "execute_input");
  const again = setInterval(() => send("comm_open", { comm_id: randomUUID(), target_name: "release", data: {} }), 50);
  assert.equal(resultText(await cell), "'released'");
  clearInterval(again);
});

test("a listener that throws is shown, closes nothing else, and the kernel goes on", async () => {
  await run(started.kernel, `kernel.comms.register("throws", () => { throw new Error("no thanks"); })`);
  const id = randomUUID();
  const shown = heard(started.kernel, ({ header, content }) => header.msg_type === "stream" && String(content.text).includes("no thanks"));
  const header = send("comm_open", { comm_id: id, target_name: "throws", data: {} });
  assert.equal((await shown).parentHeader.msg_id, header.msg_id);
  assert.equal(Object(await info())[id], undefined);
});

test("messages of comms that are not there, or hold nonsense, are ignored", async () => {
  for (const content of [
    {},
    { comm_id: 5 },
    { comm_id: "x", data: null },
    { comm_id: "__proto__", target_name: "constructor", data: [] },
    { data: "x", target_name: {} },
  ]) {
    for (const type of ["comm_open", "comm_msg", "comm_close"]) send(type, content);
  }
  assert.equal(typeof (await info()), "object");
  assert.equal(resultText(await run(started.kernel, "1")), "1");
});

test("a listener that spins is interrupted, and requests behind it are answered", async () => {
  await run(started.kernel, `kernel.comms.register("spins", () => { console.log("listener spins"); while (true) {} })`);
  const spins = heard(
    started.kernel,
    ({ header, content }) => header.msg_type === "stream" && String(content.text).includes("listener spins"),
  );
  send("comm_open", { comm_id: randomUUID(), target_name: "spins", data: {} });
  await spins;
  await started.kernel.interrupt();
  assert.equal(typeof (await info()), "object");
  assert.equal(resultText(await run(started.kernel, "'usable'")), "'usable'");
});

test("comms of many kinds at once come back in their order", async () => {
  const id = randomUUID();
  const seen: unknown[] = [];
  const stop = started.kernel.onMessage(({ header, content }) => {
    if (header.msg_type === "comm_msg" && content.comm_id === id) seen.push(Object(content.data).echo);
  });
  send("comm_open", { comm_id: id, target_name: "echo", data: {} });
  for (let i = 0; i < 500; i++) send("comm_msg", { comm_id: id, data: i });
  await info();
  await run(started.kernel, "1");
  stop();
  assert.deepEqual(
    seen.slice(1),
    Array.from({ length: 500 }, (_, i) => i),
  );
});
