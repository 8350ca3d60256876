import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { execute, printed, resultText, run, type StartedKernel, start, startKernel } from "./kernel.ts";

let started: StartedKernel;
before(async () => {
  started = await startKernel();
});
after(() => started?.stop());

const control = async (type: string, content = {}) => (await started.kernel.request("control", type, content)).content;
const create = async () => String((await control("create_subshell_request")).subshell_id);

test("kernel_info says that there are subshells", async () => {
  const { supported_features } = (await started.kernel.request("shell", "kernel_info_request")).content;
  assert.ok(Array.isArray(supported_features) && supported_features.includes("kernel subshells"));
});

test("subshells are made, listed and deleted by their ids", async () => {
  const [one, two] = [await create(), await create()];
  assert.notEqual(one, two);
  assert.deepEqual((await control("list_subshell_request")).subshell_id, [one, two]);
  assert.deepEqual(await control("delete_subshell_request", { subshell_id: one }), { status: "ok" });
  assert.deepEqual((await control("list_subshell_request")).subshell_id, [two]);
  for (const subshell_id of [one, "", null, 5, "__proto__", undefined]) {
    assert.equal((await control("delete_subshell_request", { subshell_id })).status, "error", String(subshell_id));
  }
  assert.equal((await control("delete_subshell_request", { subshell_id: two })).status, "ok");
});

test("a request for a subshell that is not there is an error, and runs nothing", async () => {
  for (const subshell of ["nowhere", "__proto__", "constructor"]) {
    const { reply } = await execute(started.kernel, "console.log('ran')", { subshell });
    assert.equal(reply.content.status, "error");
    assert.match(String(reply.content.evalue), /no subshell/);
  }
});

test("a cell of a subshell runs while one of the main shell awaits, and sees its variables", async () => {
  const subshell = await create();
  const { started: begun, ended } = start(
    started.kernel,
    "const shared = 5; let release = () => {}; console.log('waits'); await new Promise<void>((resolve) => { release = resolve; }); 'done'",
  );
  await begun;
  const inner = await run(started.kernel, "console.log('inside'); shared + 1", { subshell });
  assert.equal(resultText(inner), "6");
  assert.equal(printed(inner), "inside\n");
  await run(started.kernel, "release()", { subshell });
  assert.equal(resultText(await ended), "'done'");
  await control("delete_subshell_request", { subshell_id: subshell });
});

test("output of two shells that take turns goes to the cell that printed it", async () => {
  const subshell = await create();
  const code = (name: string) =>
    `for (let i = 0; i < 50; i++) { console.log("${name}", i); await null; if (i % 10 === 0) await new Promise((r) => setTimeout(r, 1)); }`;
  const [main, sub] = await Promise.all([run(started.kernel, code("main")), run(started.kernel, code("sub"), { subshell })]);
  assert.equal(printed(main), Array.from({ length: 50 }, (_, i) => `main ${i}\n`).join(""));
  assert.equal(printed(sub), Array.from({ length: 50 }, (_, i) => `sub ${i}\n`).join(""));
  await control("delete_subshell_request", { subshell_id: subshell });
});

test("a failure in a subshell aborts what waits there, and nothing of the main shell", async () => {
  const subshell = await create();
  const main = [run(started.kernel, "await new Promise((r) => setTimeout(r, 50))"), run(started.kernel, "'main goes on'")];
  const sub = [execute(started.kernel, "throw new Error('x')", { subshell }), execute(started.kernel, "1", { subshell })];
  assert.deepEqual(
    (await Promise.all(sub)).map(({ reply }) => reply.content.status),
    ["error", "aborted"],
  );
  assert.equal(resultText((await Promise.all(main))[1] ?? (await Promise.reject(new Error("no result")))), "'main goes on'");
  await control("delete_subshell_request", { subshell_id: subshell });
});

test("an interrupt stops the cells of all shells", async () => {
  const subshell = await create();
  const one = start(started.kernel, "console.log('1'); await new Promise(() => {})");
  await one.started;
  const two = start(started.kernel, "console.log('2'); while (true) {}", { subshell });
  await two.started;
  await started.kernel.interrupt();
  for (const { ended } of [one, two]) assert.equal((await ended).reply.content.ename, "Interrupted");
  assert.equal(resultText(await run(started.kernel, "1", { subshell })), "1");
  await control("delete_subshell_request", { subshell_id: subshell });
});

test("requests that are no cells are answered in a subshell too", async () => {
  const subshell = await create();
  const { content } = await started.kernel.request("shell", "is_complete_request", { code: "1" }, { subshell });
  assert.equal(content.status, "complete");
  await control("delete_subshell_request", { subshell_id: subshell });
});
