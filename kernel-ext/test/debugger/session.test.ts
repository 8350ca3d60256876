import assert from "node:assert/strict";
import { test } from "node:test";
import { attachedDebuggee, debuggee } from "./debug-client.ts";

const paused = "let x = 1;\ndebugger;\nx = 42;\nx";

test("debugInfo says how cells are hashed, what is set and what stands still", async (context) => {
  const client = await debuggee(context);
  const info = await client.request("debugInfo");
  assert.partialDeepStrictEqual(info, {
    isStarted: false,
    hashMethod: "Murmur2",
    hashSeed: 0xc70f6907,
    tmpFileSuffix: ".ts",
    breakpoints: [],
    stoppedThreads: [],
    richRendering: true,
    copyToGlobals: true,
  });
  await client.attach("jupyterlab");
  const source = "let y = 1;\n\ny";
  await client.breakpoints(source, 3);
  const { sourcePath } = await client.request<{ sourcePath: string }>("dumpCell", { code: source });
  assert.ok(sourcePath.startsWith(String(info.tmpFilePrefix)) && sourcePath.endsWith(".ts"));
  assert.equal((await client.request("source", { source: { path: sourcePath } })).content, source);
  const done = client.run(source);
  await client.stopped();
  assert.partialDeepStrictEqual(await client.request("debugInfo"), {
    isStarted: true,
    breakpoints: [{ source: sourcePath, breakpoints: [{ line: 3 }] }],
    stoppedThreads: [1],
  });
  assert.deepEqual((await client.request("threads")).threads, [{ id: 1, name: "cells" }]);
  await client.continue();
  await done;
});

test("JupyterLab's tree shows a type in place of a value, so JupyterLab gets no types", async (context) => {
  const client = await debuggee(context);
  await client.run("let n = 7;");
  await client.attach("jupyterlab");
  const { variables } = await client.request<{ variables: object[] }>("inspectVariables");
  assert.deepEqual(variables, [{ name: "n", value: "7", variablesReference: 0, evaluateName: "n" }]);
});

test("a second client that attaches while a cell is paused finds it paused", async (context) => {
  const client = await attachedDebuggee(context);
  const done = client.run(paused);
  await client.stopped();
  await client.attach();
  assert.deepEqual(
    (await client.frames()).map(({ line }) => line),
    [2],
  );
  await client.continue();
  assert.equal(await done, "42");
});

test("a paused cell runs on when the debugger is disconnected or closed", async (context) => {
  const client = await attachedDebuggee(context);
  for (const end of [() => client.request("disconnect", { restart: false }), () => client.call("close")]) {
    const done = client.run(paused);
    await client.stopped();
    await end();
    assert.equal(await done, "42");
    assert.equal(await client.call("isPaused"), false);
    assert.equal(await client.run(paused), "42", "debugger; does nothing now");
    await client.attach();
  }
});

test("restart keeps breakpoints and lets the paused cell run", async (context) => {
  const client = await attachedDebuggee(context);
  const source = "let a = 1;\na";
  await client.breakpoints(source, 2);
  const done = client.run(source);
  await client.stopped();
  await client.request("restart");
  await done;
  const again = client.run(source);
  assert.deepEqual((await client.stopped()).at, ["cell-2:2"]);
  await client.continue();
  await again;
});

test("an interrupted pause ends the cell where it stands, and later cells run", async (context) => {
  const client = await attachedDebuggee(context);
  for (const interrupt of [
    () => client.call("terminate"),
    () => client.request("terminate"),
    () => client.call("interrupt").then(() => client.call("resume")),
  ]) {
    await client.attach();
    client.run("let reached = false;\ntry {\n  debugger;\n  reached = true;\n} finally {\n  reached = true;\n}");
    await client.stopped();
    await interrupt();
    assert.equal(await client.run("reached"), "false");
  }
});

test("a request that makes no sense is answered with an error, and nothing breaks", async (context) => {
  const client = await attachedDebuggee(context);
  const done = client.run(paused);
  await client.stopped();
  const requests: unknown[] = [
    null,
    [],
    "x",
    {},
    { type: "request", seq: 1 },
    { type: "request", seq: "a", command: 5 },
    { type: "request", seq: 1, command: "__proto__" },
    { type: "request", seq: 1, command: "constructor" },
    { type: "request", seq: 1, command: "makeCoffee", arguments: {} },
    ...[
      "dumpCell",
      "setBreakpoints",
      "scopes",
      "variables",
      "evaluate",
      "setVariable",
      "source",
      "richInspectVariables",
      "copyToGlobals",
    ].flatMap((command) =>
      [undefined, null, 7, [], {}, { source: 1, frameId: "x", variablesReference: 1.5, expression: {}, code: 1 }].map((args) => ({
        type: "request",
        seq: 1,
        command,
        arguments: args,
      })),
    ),
    { type: "request", seq: 1, command: "setBreakpoints", arguments: { source: { path: "x" }, breakpoints: [{ line: -1 }] } },
    { type: "request", seq: 1, command: "setBreakpoints", arguments: { source: { path: "x" }, breakpoints: ["y"] } },
    { type: "request", seq: 1, command: "variables", arguments: { variablesReference: 999_999 } },
    { type: "request", seq: 1, command: "scopes", arguments: { frameId: 999_999 } },
    { type: "request", seq: 1, command: "source", arguments: { source: { path: "/no/such/file" } } },
    { type: "request", seq: 1, command: "source", arguments: { source: { path: "/dev/zero" } } },
    { type: "request", seq: 1, command: "exceptionInfo", arguments: {} },
  ];
  for (const request of requests) {
    const response = await client.send(request);
    assert.equal(response.success, false, JSON.stringify(request));
    assert.equal(response.type, "response");
    assert.ok((response.message ?? "").length > 5, JSON.stringify(request));
  }
  await client.continue();
  assert.equal(await done, "42");
  for (const command of ["continue", "next", "stepIn", "stepOut", "stackTrace", "scopes"]) {
    assert.equal((await client.respond(command, { threadId: 1, frameId: 1 })).message, "nothing is paused");
  }
});

test("breakpoints asked for before the debugger is attached hold once it is", async (context) => {
  const client = await debuggee(context);
  const source = "let b = 2;\nb";
  await client.breakpoints(source, 1);
  assert.equal(await client.run(source), "2");
  await client.attach();
  const done = client.run(source);
  assert.deepEqual((await client.stopped()).at, ["cell-2:1"]);
  await client.continue();
  await done;
});

test("everything that is let go says so once", async (context) => {
  const client = await attachedDebuggee(context);
  const done = client.run(paused);
  await client.stopped();
  await client.step("next", done);
  await client.continue();
  await done;
  assert.deepEqual(
    client.events.map(({ event }) => event),
    ["initialized", "thread", "stopped", "continued", "stopped", "continued"],
  );
  const seqs = client.events.map(({ seq }) => seq);
  assert.deepEqual(
    seqs,
    [...seqs].sort((a, b) => a - b),
  );
});
