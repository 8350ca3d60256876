import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { execute, heard, kernelSpec, resultText, run, type StartedKernel, startKernel } from "../kernel/kernel.ts";

describe("the debugger of a whole kernel", () => {
  let started: StartedKernel;
  let seq = 0;
  before(async () => {
    started = await startKernel();
  });
  after(() => started.stop());

  async function ask<Body = { readonly [name: string]: unknown }>(command: string, args: object = {}): Promise<Body> {
    const content = { type: "request", seq: ++seq, command, arguments: { ...args } };
    const { content: reply } = await started.kernel.request("control", "debug_request", content);
    if (reply.success !== true) throw new Error(`${command}: ${reply.message}`);
    return reply.body as Body;
  }
  const event = (name: string) =>
    heard(started.kernel, ({ header, content }) => header.msg_type === "debug_event" && content.event === name);

  async function attach(): Promise<void> {
    const initialized = event("initialized");
    await ask("initialize", { clientID: "jupyterlab" });
    await ask("attach");
    await initialized;
  }

  async function breakpoint(code: string, line: number): Promise<string> {
    const { sourcePath } = await ask<{ sourcePath: string }>("dumpCell", { code });
    await ask("setBreakpoints", { source: { path: sourcePath }, breakpoints: [{ line }], sourceModified: false });
    return sourcePath;
  }

  async function frames(): Promise<readonly string[]> {
    const { stackFrames } = await ask<{ stackFrames: { name: string; line: number }[] }>("stackTrace", { threadId: 1 });
    return stackFrames.map(({ name, line }) => `${name}:${line}`);
  }

  it("is told of in kernel_info", async () => {
    const { content } = await started.kernel.request("shell", "kernel_info_request");
    assert.equal(content.debugger, true);
    assert.ok((content.supported_features as string[]).includes("debugger"));
    assert.ok(kernelSpec.argv.length > 0);
  });

  it("stops a cell at a breakpoint, steps and goes on, and all its events come before idle", async () => {
    await attach();
    const code = "const rows = [1, 2, 3];\nlet sum = 0;\nfor (const row of rows) {\n  sum += row;\n}\nsum";
    const sourcePath = await breakpoint(code, 4);
    const stopped = event("stopped");
    const ended = execute(started.kernel, code);
    assert.partialDeepStrictEqual((await stopped).content.body, { reason: "breakpoint", threadId: 1 });
    const info = await ask("debugInfo");
    assert.deepEqual(info.stoppedThreads, [1]);
    assert.equal(info.tmpFilePrefix !== undefined && sourcePath.startsWith(String(info.tmpFilePrefix)), true);
    const [frame] = await frames();
    assert.match(frame ?? "", /^cell-\d+:4$/);
    const again = event("stopped");
    await ask("next", { threadId: 1 });
    await again;
    assert.match((await frames())[0] ?? "", /^cell-\d+:3$/);
    await ask("setBreakpoints", { source: { path: sourcePath }, breakpoints: [] });
    await ask("continue", { threadId: 1 });
    assert.equal(resultText(await ended), "6");
  });

  it("answers while a cell is paused: kernel_info, completion, the debugger itself", async () => {
    const stopped = event("stopped");
    const ended = execute(started.kernel, "const here = 1;\ndebugger;\nhere");
    await stopped;
    const { content } = await started.kernel.request("control", "kernel_info_request");
    assert.equal(content.status, "ok");
    const { variables } = await ask<{ variables: { name: string; value: string }[] }>("inspectVariables");
    assert.ok(variables.some(({ name, value }) => name === "here" && value === "1"));
    await ask("continue", { threadId: 1 });
    assert.equal(resultText(await ended), "1");
  });

  it("hides what the kernel itself declares", async () => {
    const { variables } = await ask<{ variables: { name: string }[] }>("inspectVariables");
    assert.deepEqual(
      variables.map(({ name }) => name),
      ["rows", "sum", "here"],
    );
  });

  it("shows a variable as the notebook would", async () => {
    await run(started.kernel, "const table = [{ host: 'a', n: 1 }, { host: 'b', n: 2 }];");
    const rich = await ask<{ data: { [mime: string]: string } }>("richInspectVariables", { variableName: "table" });
    assert.match(rich.data["text/html"] ?? "", /<table/);
    const stopped = event("stopped");
    const ended = execute(started.kernel, "debugger;");
    await stopped;
    const paused = await ask<{ data: { [mime: string]: string } }>("richInspectVariables", { variableName: "table", frameId: 1e9 }).catch(
      () => undefined,
    );
    assert.equal(paused, undefined, "there is no such frame");
    const { stackFrames } = await ask<{ stackFrames: { id: number }[] }>("stackTrace", { threadId: 1 });
    const inFrame = await ask<{ data: { [mime: string]: string } }>("richInspectVariables", {
      variableName: "table",
      frameId: stackFrames[0]?.id,
    });
    assert.ok(Object.keys(inFrame.data).includes("text/plain"));
    await ask("continue", { threadId: 1 });
    await ended;
  });

  it("copies a local variable to the session, where a later cell has it", async () => {
    const stopped = event("stopped");
    const ended = execute(started.kernel, "function f() {\n  const local = 41;\n  debugger;\n  return local;\n}\nf()");
    await stopped;
    const { stackFrames } = await ask<{ stackFrames: { id: number }[] }>("stackTrace", { threadId: 1 });
    await ask("copyToGlobals", { srcVariableName: "local", dstVariableName: "copied", srcFrameId: stackFrames[0]?.id });
    await ask("continue", { threadId: 1 });
    await ended;
    assert.equal(resultText(await execute(started.kernel, "copied + 1")), "42");
  });

  it("is interrupted while paused, and the next cell runs", async () => {
    const stopped = event("stopped");
    const ended = execute(started.kernel, "let reached = false;\ndebugger;\nreached = true;");
    await stopped;
    await started.kernel.interrupt();
    assert.equal((await ended).reply.content.status, "error");
    assert.equal(resultText(await execute(started.kernel, "reached")), "false");
  });

  it("stops at an uncaught exception", async () => {
    await ask("setExceptionBreakpoints", { filters: ["uncaught"] });
    const stopped = event("stopped");
    const ended = execute(started.kernel, "await Promise.resolve();\nthrow new RangeError('out');");
    assert.partialDeepStrictEqual((await stopped).content.body, { reason: "exception", text: "RangeError: out" });
    assert.match((await frames())[0] ?? "", /:2$/);
    await ask("continue", { threadId: 1 });
    assert.equal((await ended).reply.content.ename, "RangeError");
    await ask("setExceptionBreakpoints", { filters: [] });
  });

  it("lets a paused cell run when it is disconnected, and debugger; does nothing then", async () => {
    const stopped = event("stopped");
    const ended = execute(started.kernel, "debugger;\n'went on'");
    await stopped;
    await ask("disconnect", { restart: false, terminateDebuggee: false });
    assert.equal(resultText(await ended), "'went on'");
    assert.equal(resultText(await execute(started.kernel, "debugger;\n2")), "2");
  });

  it("shuts down while a cell is paused", async () => {
    const other = await startKernel();
    const send = (command: string) => other.kernel.request("control", "debug_request", { type: "request", seq: 1, command, arguments: {} });
    await send("initialize");
    await send("attach");
    const stopped = heard(other.kernel, ({ content }) => content.event === "stopped");
    const ended = execute(other.kernel, "debugger;").catch(() => undefined);
    await stopped;
    await other.stop();
    await ended;
  });
});
