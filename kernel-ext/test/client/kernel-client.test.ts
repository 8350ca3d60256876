import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { ClientError, KernelClient, type LaunchedKernel, launchKernel, type NotebookOutput } from "../../src/client/index.ts";
import { ipykernel, ipykernelSpec } from "./ipykernel.ts";

const { skip } = ipykernel;
let kernel: LaunchedKernel;

before(async () => {
  if (skip === false) kernel = await launchKernel({ spec: ipykernelSpec() });
});
after(async () => {
  await kernel?.shutdown();
});

const textOf = (outputs: readonly NotebookOutput[]) =>
  outputs.map((output) =>
    output.output_type === "stream" ? output.text : "data" in output ? String(output.data["text/plain"]) : output.ename,
  );

test("an execution gives its reply, its outputs merged, and its messages in order up to idle", { skip }, async () => {
  const { reply, outputs, messages } = await kernel.execute("print(1)\nprint(2)\n6 * 7");
  assert.equal(reply.content.status, "ok");
  assert.deepEqual(textOf(outputs), ["1\n2\n", "42"]);
  const types = messages.map(({ header }) => header.msg_type);
  assert.deepEqual([types[0], types.at(-1)], ["status", "status"]);
  assert.equal(messages.at(-1)?.content.execution_state, "idle");
  assert.ok(types.includes("execute_input"));
});

test("an error of the code is a result, not an exception", { skip }, async () => {
  const { reply, outputs } = await kernel.execute("1 / 0");
  assert.deepEqual([reply.content.status, reply.content.ename], ["error", "ZeroDivisionError"]);
  assert.equal(outputs[0]?.output_type, "error");
});

test("100,000 lines arrive, none lost", { skip }, async () => {
  const { outputs } = await kernel.execute("for i in range(100_000): print(i)");
  assert.deepEqual(textOf(outputs)[0]?.split("\n").length, 100_001);
});

test("displays are updated in place, cleared at once or with the next output", { skip }, async () => {
  const { outputs } = await kernel.execute(
    `from IPython.display import display, clear_output
handle = display("first", display_id=True)
display("second")
handle.update("changed")`,
  );
  assert.deepEqual(textOf(outputs), ["'changed'", "'second'"]);
  assert.deepEqual(textOf((await kernel.execute("print(1); clear_output(); print(2)")).outputs), ["2\n"]);
  assert.deepEqual(textOf((await kernel.execute("print(1); clear_output(wait=True); print(2)")).outputs), ["2\n"]);
  assert.deepEqual(textOf((await kernel.execute("print(1); clear_output(wait=True)")).outputs), ["1\n"]);
});

test("a question of the code is answered, and cannot be asked where nobody answers", { skip }, async () => {
  const asked: [string, boolean][] = [];
  const onInput = (prompt: string, isPassword: boolean) => {
    asked.push([prompt, isPassword]);
    return "Ann";
  };
  const { outputs } = await kernel.execute("import getpass\ninput('who? ') + getpass.getpass('pw ')", { onInput });
  assert.deepEqual(textOf(outputs), ["'AnnAnn'"]);
  assert.deepEqual(asked, [
    ["who? ", false],
    ["pw ", true],
  ]);
  assert.equal((await kernel.execute("input()")).reply.content.ename, "StdinNotImplementedError");
});

test("an answer that fails ends the waiting with its error", { skip }, async () => {
  const onInput = () => {
    throw new Error("nobody is here");
  };
  await assert.rejects(kernel.execute("input()", { onInput }), /nobody is here/);
  await interruptAll();
});

test("silent code and user expressions", { skip }, async () => {
  const silent = await kernel.execute("print('x'); 5", { silent: true });
  assert.ok(!silent.messages.some(({ header }) => header.msg_type === "execute_input"));
  const { reply } = await kernel.execute("a = 2", { userExpressions: { twice: "a * 2" } });
  assert.match(JSON.stringify(reply.content.user_expressions), /"text\/plain":"4"/);
});

test("a request that is not answered in time says so, and one that is given up gives its reason", { skip }, async () => {
  const slow = kernel.execute("import time\nwhile True: time.sleep(0.01)", { timeoutMs: 100 });
  await assert.rejects(
    slow,
    (error) => error instanceof ClientError && error.fault === "timeout" && /no end of the execution within 0.1 s/.test(error.message),
  );
  const abort = new AbortController();
  const waiting = kernel.request("shell", "kernel_info_request", {}, { signal: abort.signal });
  abort.abort(new Error("changed my mind"));
  await assert.rejects(waiting, /changed my mind/);
  await interruptAll();
});

test("a second client sees what the first one does, each gets its own replies", { skip }, async () => {
  const second = new KernelClient(kernel.connection);
  try {
    await second.ready();
    const seen = Promise.withResolvers<string>();
    const stop = second.onMessage(({ header, content }, channel) => {
      if (channel === "iopub" && header.msg_type === "stream") seen.resolve(String(content.text));
    });
    const [own] = await Promise.all([second.execute("'from the second'"), kernel.execute("print('from the first')")]);
    assert.deepEqual(textOf(own.outputs), ["'from the second'"]);
    assert.equal(await seen.promise, "from the first\n");
    stop();
    assert.equal(await second.isAlive(), true);
  } finally {
    second.close();
  }
  await assert.rejects(second.request("shell", "kernel_info_request"), (error) => error instanceof ClientError && error.fault === "closed");
  assert.equal(await second.isAlive(), false);
});

test("a client with another key gets no answer, and its frames reach nobody", { skip }, async () => {
  const stranger = new KernelClient({ ...kernel.connection, key: "another" });
  const fault = Promise.withResolvers<string>();
  stranger.onFault((error) => fault.resolve(error.fault));
  try {
    const probe = stranger.request("shell", "kernel_info_request", {}, { timeoutMs: 300 });
    await assert.rejects(probe, /no reply to kernel_info_request on shell within 0.3 s/);
    // It hears iopub, and refuses what is not signed with its key.
    await kernel.execute("1");
    assert.equal(await fault.promise, "bad-signature");
  } finally {
    stranger.close();
  }
});

test("a restart forgets the variables and keeps the client; who waited is told", { skip }, async () => {
  await kernel.execute("kept = 1");
  const { pid } = kernel;
  const waiting = assert.rejects(kernel.execute("import time\nwhile True: time.sleep(0.01)"), /the kernel was restarted/);
  await kernel.shutdown({ restart: true, timeoutMs: 1000 });
  await waiting;
  assert.notEqual(kernel.pid, pid);
  assert.equal((await kernel.execute("kept")).reply.content.ename, "NameError");
});

test("a kernel that dies fails what waits for it, with how it ended", { skip }, async () => {
  const own = await launchKernel({ spec: ipykernelSpec() });
  const waiting = own.execute("import os, sys\nsys.__stderr__.write('last words'); sys.__stderr__.flush()\nos.kill(os.getpid(), 9)");
  await assert.rejects(waiting, (error) => error instanceof ClientError && error.fault === "died" && /signal SIGKILL/.test(error.message));
  assert.equal(await own.isAlive(), false);
  await assert.rejects(own.execute("1"), /the kernel's process ended/);
  await own.shutdown();
});

test("a kernel ends with all that its cells started", {
  skip: skip || (process.platform === "win32" && "POSIX process groups"),
}, async () => {
  const own = await launchKernel({ spec: ipykernelSpec() });
  const { outputs } = await own.execute("import subprocess\nsubprocess.Popen(['sleep', '1000']).pid");
  const child = Number(textOf(outputs)[0]);
  process.kill(child, 0);
  await own.shutdown({ timeoutMs: 1000 });
  while (isRunning(child)) await once(AbortSignal.timeout(10), "abort");
});

test("a program that is no kernel fails with what it said, and leaves nothing behind", async () => {
  const launch = (argv: string[], timeoutMs = 20_000) => launchKernel({ spec: { argv }, timeoutMs });
  const node = process.execPath;
  await assert.rejects(
    launch([node, "-e", "console.error('no such module'); process.exit(3)", "{connection_file}"]),
    /exit code 3\); its last words:\nno such module/,
  );
  await assert.rejects(
    launch(["no-such-program-at-all", "{connection_file}"]),
    (error) => error instanceof ClientError && error.fault === "cannot-start",
  );
  await assert.rejects(launch([node]), /no argument holds \{connection_file\}/);
  await assert.rejects(
    launch([node, "-e", "setInterval(() => {}, 1000)", "{connection_file}"], 300),
    (error) => error instanceof ClientError && error.fault === "timeout",
  );
});

/** The error that the interrupt makes aborts what is queued behind it. */
async function interruptAll(): Promise<void> {
  await kernel.interrupt();
  while ((await kernel.execute("1")).reply.content.status === "aborted");
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
