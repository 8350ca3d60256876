import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { ClientError, type Connection, KernelClient, newConnection, writeConnectionFile } from "../../src/client/index.ts";
import { execute, heard, kernelSpec, printed, resultText, run, start, startKernel } from "./kernel.ts";

const linux = { skip: process.platform !== "linux" && "reads /proc" };

test("kernel_info has all fields, on shell and on control, and language_info that tools understand", async () => {
  const { kernel, stop } = await startKernel();
  try {
    for (const channel of ["shell", "control"] as const) {
      const { content, header } = await kernel.request(channel, "kernel_info_request");
      assert.equal(header.msg_type, "kernel_info_reply");
      assert.deepEqual(
        [content.status, content.protocol_version, content.implementation, content.debugger],
        ["ok", "5.4", "soclab-kernel", true],
      );
      assert.match(String(content.implementation_version), /^\d+\.\d+\.\d+/);
      assert.match(String(content.banner), /TypeScript/);
      const { name, mimetype, file_extension, pygments_lexer, version } = Object(content.language_info);
      assert.deepEqual([name, mimetype, file_extension, pygments_lexer], ["typescript", "application/typescript", ".ts", "typescript"]);
      assert.match(version, /^\d+\.\d+\.\d+/);
      for (const { text, url } of Object(content.help_links)) assert.ok(text !== "" && URL.canParse(url));
    }
    const ports = (await kernel.request("shell", "connect_request")).content;
    assert.equal(ports.shell_port, kernel.connection.shell_port);
    assert.equal(ports.hb_port, kernel.connection.hb_port);
    const usage = (await kernel.request("control", "usage_request")).content;
    assert.ok(Number(Object(usage).kernel_memory) > 0 || Number(Object(Object(usage).content).kernel_memory) > 0);
    for (const channel of ["shell", "control"] as const) {
      const unknown = await kernel.request(channel, "no_such_request");
      assert.deepEqual([unknown.header.msg_type, unknown.content.status], ["no_such_reply", "error"]);
    }
  } finally {
    await stop();
  }
});

test("a shutdown is answered and announced, ends the process with exit code 0, and leaves no file", linux, async (t) => {
  for (const cell of [
    undefined,
    "console.log('x'); while (true) {}",
    "console.log('x'); await new Promise(() => {})",
    "setInterval(() => {}, 1); console.log('x')",
  ]) {
    const { child, client, folder, exit } = await startProcess(t);
    if (cell !== undefined) {
      const { started, ended } = start(client, cell);
      ended.catch(() => {});
      await started;
    }
    const announced = heard(client, ({ header }) => header.msg_type === "shutdown_reply");
    const reply = await client.request("control", "shutdown_request", { restart: false });
    assert.deepEqual(reply.content, { status: "ok", restart: false });
    assert.deepEqual((await announced).content, { status: "ok", restart: false });
    assert.deepEqual(await exit, [0, null], cell);
    assert.deepEqual(leftOvers(child.pid ?? 0, folder), [], "named pipes in the temporary folder");
  }
});

test("a restart forgets the variables, keeps ports and key, and counts from 1", async () => {
  const { kernel, stop } = await startKernel();
  try {
    await run(kernel, "const gone = 1");
    const { pid } = kernel;
    for (let i = 0; i < 2; i++) await kernel.shutdown({ restart: true });
    assert.notEqual(kernel.pid, pid);
    const { reply } = await execute(
      kernel,
      "typeof Reflect.get(globalThis, 'gone') + (() => { try { return eval('gone'); } catch { return 'forgotten'; } })()",
    );
    assert.equal(reply.content.execution_count, 1);
    assert.equal(resultText(await run(kernel, "(() => { try { return eval('gone'); } catch { return 'forgotten'; } })()")), "'forgotten'");
  } finally {
    await stop();
  }
});

test("heartbeat, control and completion answer while a cell spins", async (t) => {
  const { kernel, stop } = await startKernel();
  try {
    await run(kernel, "1");
    const { started, ended } = start(kernel, "console.log('x'); while (true) {}");
    await started;
    const took = async (name: string, act: () => Promise<unknown>): Promise<void> => {
      const ms: number[] = [];
      for (let i = 0; i < 20; i++) {
        const begun = performance.now();
        await act();
        ms.push(performance.now() - begun);
      }
      ms.sort((a, b) => a - b);
      t.diagnostic(`${name}: p50 ${ms[10]?.toFixed(1)} ms, most ${ms.at(-1)?.toFixed(1)} ms`);
      assert.ok((ms[10] ?? 0) < 2000);
    };
    await took("heartbeat", async () => assert.equal(await kernel.isAlive({ timeoutMs: 2000 }), true));
    await took("kernel_info on control", () => kernel.request("control", "kernel_info_request"));
    await took("kernel_info on shell", () => kernel.request("shell", "kernel_info_request"));
    await took("completion", () => kernel.request("shell", "complete_request", { code: "Math.", cursor_pos: 5 }));
    await kernel.interrupt();
    await ended;
  } finally {
    await stop();
  }
});

test("process.exit in a cell shows what was printed, answers the cell, and ends with its code", linux, async (t) => {
  for (const [code, exitCode] of [
    ["console.log('bye'); process.exit(3)", 3],
    ["console.log('bye'); process.exit()", 0],
    ["console.log('bye'); setTimeout(() => process.exit(4), 5); await new Promise(() => {})", 4],
    ["console.log('bye'); process.exitCode = 5; process.exit()", 5],
  ] as const) {
    const { client, exit } = await startProcess(t);
    const result = await execute(client, code);
    assert.equal(printed(result), "bye\n", code);
    assert.equal(result.reply.content.status, "ok", code);
    assert.deepEqual(result.reply.content.payload, [{ source: "ask_exit", keepkernel: false }]);
    assert.deepEqual(await exit, [exitCode, null], code);
  }
});

test("process.abort and a kill -9 of the kernel free its ports, leave no child, and it starts again", linux, async () => {
  const { kernel, stop } = await startKernel();
  try {
    const child = Number(
      resultText(await run(kernel, "import { spawn } from 'node:child_process'; spawn('sleep', ['1000'], { stdio: 'ignore' }).pid")),
    );
    process.kill(child, 0);
    const waiting = kernel.execute("await new Promise(() => {})");
    waiting.catch(() => {});
    process.kill(kernel.pid ?? 0, "SIGKILL");
    await assert.rejects(waiting, (error) => error instanceof ClientError && error.fault === "died");
    await kernel.exited;
    for (const port of portsOf(kernel.connection)) await assert.rejects(reach(port), /ECONNREFUSED/);
    await until(() => !isRunning(child));
    await kernel.shutdown({ restart: true });
    assert.equal(resultText(await run(kernel, "6 * 7")), "42");
    const aborting = kernel.execute("process.abort()");
    await assert.rejects(aborting, (error) => error instanceof ClientError && error.fault === "died");
    await kernel.shutdown({ restart: true });
    assert.equal(resultText(await run(kernel, "6 * 7")), "42");
  } finally {
    await stop();
  }
});

test("a kernel whose parent is killed ends by itself, in a spinning cell too", linux, async () => {
  for (const cell of ["1", "console.log('x'); while (true) {}"]) {
    const folder = mkdtempSync(join(tmpdir(), "soclab-kernel-test-"));
    const connection = await newConnection();
    const file = join(folder, "connection.json");
    writeConnectionFile(file, connection);
    const argv = kernelSpec.argv.map((part) => part.replaceAll("{connection_file}", file));
    const program = `const child = require("node:child_process").spawn(${JSON.stringify(argv[0])}, ${JSON.stringify(argv.slice(1))}, { detached: true, stdio: "ignore", env: { ...process.env, JPY_PARENT_PID: String(process.pid), SOCLAB_KERNEL_HISTORY: ${JSON.stringify(join(folder, "h.sqlite"))} } }); console.log(child.pid); setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"], cwd: folder });
    const pid = await new Promise<number>((resolve) => parent.stdout.once("data", (text: Buffer) => resolve(Number(text.toString()))));
    const client = new KernelClient(connection);
    await client.ready();
    const { started, ended } = start(client, cell);
    ended.catch(() => {});
    await started;
    parent.kill("SIGKILL");
    await until(() => !isRunning(pid));
    assert.deepEqual(leftOvers(pid), []);
    client.close();
    rmSync(folder, { recursive: true });
  }
});

test("a connection file that is none is told in one line, without a stack", async () => {
  const folder = mkdtempSync(join(tmpdir(), "soclab-kernel-test-"));
  const file = join(folder, "connection.json");
  const [program = "", ...args] = kernelSpec.argv.map((part) => part.replaceAll("{connection_file}", file));
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  assert.notEqual(code, 0);
  assert.match(said, /connection file/);
  assert.doesNotMatch(said, /\n {4}at /);
  rmSync(folder, { recursive: true });
});

interface Process {
  readonly child: ReturnType<typeof spawn>;
  readonly client: KernelClient;
  readonly folder: string;
  readonly exit: Promise<[number | null, NodeJS.Signals | null]>;
}

/** A kernel as a process whose end is seen. */
async function startProcess(t: TestContext): Promise<Process> {
  const folder = mkdtempSync(join(tmpdir(), "soclab-kernel-test-"));
  const connection = await newConnection();
  const file = join(folder, "connection.json");
  writeConnectionFile(file, connection);
  const [program = "", ...args] = kernelSpec.argv.map((part) => part.replaceAll("{connection_file}", file));
  const env = { ...process.env, SOCLAB_KERNEL_HISTORY: join(folder, "history.sqlite"), TMPDIR: folder };
  const child = spawn(program, args, { stdio: "ignore", cwd: folder, env });
  const exit = new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.once("exit", (code, signal) => resolve([code, signal])),
  );
  const client = new KernelClient(connection);
  t.after(() => {
    client.close();
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  await client.ready();
  return { child, client, folder, exit };
}

/** What a kernel that has ended should not have left: its process, its named pipes. */
function leftOvers(pid: number, folder?: string): string[] {
  if (isRunning(pid)) return [`process ${pid}`];
  return folder === undefined ? [] : readdirSync(folder).filter((name) => name.startsWith("soclab-kernel-"));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie is there for its parent alone.
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 15_000;
  while (!holds()) {
    assert.ok(performance.now() < end, "waited for too long");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function portsOf(connection: Connection): number[] {
  return [connection.shell_port, connection.control_port, connection.iopub_port, connection.stdin_port, connection.hb_port];
}

function reach(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", reject);
  });
}
