import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ClientError,
  KernelClient,
  type LaunchedKernel,
  launchKernel,
  newConnection,
  writeConnectionFile,
} from "../../kernel-ext/src/client/index.ts";
import type { Message } from "../../kernel-ext/src/protocol/message.ts";
import type { BenchedKernel } from "./kernels.ts";

/** Milliseconds and MiB, or what happened instead. */
export type Figure = number | string;
export type Figures = Readonly<Record<string, Figure>>;

const settleMs = 4000;

/** Everything that the bench says of one kernel. A step that fails is a figure of its own, the next goes on in a fresh kernel. */
export async function measure(kernel: BenchedKernel): Promise<Figures> {
  const figures: Record<string, Figure> = { "spawn → kernel_info, ms": await spawned(kernel) };
  await within(kernel, async (running, { snippets }) => {
    figures["memory at kernel_info, MiB"] = memoryOf(running);
    await delay(settleMs);
    figures["memory fresh, after 4 s, MiB"] = memoryOf(running);
    figures["first cell, ms"] = await timed(() => running.execute(snippets.expression));
    const warm = await series(500, () => replied(running, snippets.expression));
    figures["1 + 1 warm, p50 ms"] = median(warm);
    figures["1 + 1 warm, p95 ms"] = quantile(warm, 0.95);
    figures["1 + 1, last 100 of 500 to first 100"] = median(warm.slice(-100)) / median(warm.slice(0, 100));
  });
  await within(kernel, async (running, { snippets }) => {
    await running.execute(snippets.expression);
    await delay(settleMs);
    const cells = await series(200, (n) => replied(running, snippets.distinct(n)));
    figures["20th distinct cell, ms"] = cells[19] ?? Number.NaN;
    figures["distinct cells, p50 ms"] = median(cells);
    figures["memory after 200 cells, MiB"] = memoryOf(running);
    await running.execute(snippets.completion.setup);
    const { code } = snippets.completion;
    const completions = await series(200, (n) =>
      running.request("shell", "complete_request", { code: `${" ".repeat(n)}${code}`, cursor_pos: n + code.length }),
    );
    figures["completion of a member, each time in another text, p50 ms"] = median(completions);
  });
  await within(kernel, async (running, { snippets }) => {
    await running.execute(snippets.expression);
    await delay(settleMs);
    const { arrived, ms } = await lines(running, snippets.lines);
    figures["100,000 lines, ms until idle"] = ms;
    figures["of them before idle"] = arrived;
  });
  for (const [what, code] of [
    ["interrupt of a spin, ms", kernel.snippets.spin],
    ["interrupt of a pending await, ms", kernel.snippets.wait],
  ] as const) {
    figures[what] = "died";
    await within(kernel, async (running) => {
      figures[what] = await interrupted(running, code);
    });
  }
  figures["heartbeat while it spins, p50 ms"] = "none";
  await within(kernel, async (running, { snippets }) => {
    const spinning = running.execute(snippets.spin, { timeoutMs: 30_000 }).catch(() => undefined);
    await delay(300);
    const beats = await series(50, async () => {
      if (!(await running.isAlive({ timeoutMs: 1000 }))) throw new ClientError("timeout", "no heartbeat");
    });
    figures["heartbeat while it spins, p50 ms"] = median(beats);
    await running.kill();
    await spinning;
  });
  return figures;
}

async function spawned({ spec, env = {} }: BenchedKernel): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "soclab-bench-"));
  const times: number[] = [];
  for (let i = 0; i < 6; i++) {
    const connection = await newConnection();
    const file = join(folder, `${i}.json`);
    writeConnectionFile(file, connection);
    const [program = "", ...argv] = spec.argv.map((argument) => argument.replaceAll("{connection_file}", file));
    const start = performance.now();
    const child = spawn(program, argv, { stdio: "ignore", env: { ...process.env, ...env } });
    const client = new KernelClient(connection);
    await client.request("shell", "kernel_info_request");
    // The first warms the disk's cache.
    if (i > 0) times.push(performance.now() - start);
    client.close();
    child.kill("SIGKILL");
  }
  rmSync(folder, { recursive: true });
  return median(times);
}

async function within(kernel: BenchedKernel, act: (running: LaunchedKernel, kernel: BenchedKernel) => Promise<void>): Promise<void> {
  const running = await launchKernel({ spec: kernel.spec, ...(kernel.env ? { env: kernel.env } : {}), timeoutMs: 60_000 });
  try {
    await act(running, kernel);
  } catch (error) {
    process.stderr.write(`${kernel.name}: ${error instanceof Error ? error.message : String(error)}\n`);
  } finally {
    await running.kill();
  }
}

/** Until the reply: not every kernel says `idle` each time. */
function replied(running: LaunchedKernel, code: string): Promise<unknown> {
  return running.request("shell", "execute_request", {
    code,
    silent: false,
    store_history: true,
    user_expressions: {},
    allow_stdin: false,
    stop_on_error: true,
  });
}

/** Some kernels go on sending after `idle`, and some lose lines: what counts is what came before it. */
async function lines(running: LaunchedKernel, code: string): Promise<{ arrived: number; ms: number }> {
  const start = performance.now();
  const messages: Message[] = [];
  const ended = await running.execute(code, { timeoutMs: 30_000, onPublished: (message) => messages.push(message) }).catch(() => undefined);
  const ms = ended ? performance.now() - start : Number.POSITIVE_INFINITY;
  const text = messages.map(({ header, content }) => (header.msg_type === "stream" ? String(content.text) : "")).join("");
  return { arrived: text.split("\n").filter((line) => line.startsWith("line ")).length, ms };
}

async function interrupted(running: LaunchedKernel, code: string): Promise<Figure> {
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    let sent = 0;
    const ended = running.execute(code, { timeoutMs: 8000 }).then(
      () => performance.now(),
      (error: unknown) => (error instanceof ClientError && error.fault === "died" ? "died" : "not in 8 s"),
    );
    await delay(300);
    sent = performance.now();
    running.interrupt().catch(() => {});
    const end = await ended;
    if (typeof end === "string") return end;
    times.push(end - sent);
  }
  return median(times);
}

/** Of the process and its children. */
function memoryOf({ pid }: LaunchedKernel): number {
  const children = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && parentOf(name) === pid);
  return [String(pid), ...children].reduce((sum, name) => sum + rssOf(name), 0);
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return undefined;
  }
}

function rssOf(pid: string): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

async function series(count: number, act: (n: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n++) times.push(await timed(() => act(n)));
  return times;
}

const median = (values: readonly number[]): number => quantile(values, 0.5);

function quantile(values: readonly number[], q: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * q)] ?? Number.NaN;
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
