import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ExecuteOptions,
  type ExecutionResult,
  type KernelClient,
  type KernelSpec,
  type LaunchedKernel,
  launchKernel,
} from "../../src/client/index.ts";
import type { Message } from "../../src/protocol/message.ts";

const [major = 0] = process.versions.node.split(".").map(Number);

/** How Jupyter starts the kernel from this checkout. */
export const kernelSpec: KernelSpec = {
  argv: [
    process.execPath,
    "--no-force-async-hooks-checks",
    ...(major < 24 ? ["--experimental-async-context-frame"] : []),
    join(import.meta.dirname, "..", "..", "bin", "soclab-kernel.mjs"),
    "launch",
    "--connection",
    "{connection_file}",
  ],
  interrupt_mode: "message",
};

export interface StartedKernel {
  readonly kernel: LaunchedKernel;
  /** The folder that it runs in, with its history. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** A kernel of its own for a test file, in an empty folder. */
export async function startKernel(env: Readonly<Record<string, string>> = {}): Promise<StartedKernel> {
  const folder = mkdtempSync(join(tmpdir(), "soclab-kernel-test-"));
  const history = join(folder, "history.sqlite");
  const kernel = await launchKernel({ spec: kernelSpec, cwd: folder, env: { SOCLAB_KERNEL_HISTORY: history, ...env } });
  return {
    kernel,
    folder,
    stop: async () => {
      await kernel.shutdown();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** How long a cell may take that does next to nothing, on a machine that does much else. */
const patienceMs = 20_000;

/** Runs a cell, however it ends. */
export function execute(client: KernelClient, code: string, options: ExecuteOptions = {}): Promise<ExecutionResult> {
  return client.execute(code, { timeoutMs: patienceMs, ...options });
}

/** What a cell printed on a stream. */
export function printed({ outputs }: ExecutionResult, name: "stdout" | "stderr" = "stdout"): string {
  return outputs.map((output) => (output.output_type === "stream" && output.name === name ? output.text : "")).join("");
}

/** The plain text of a cell's result; undefined where it has none. */
export function resultText({ outputs }: ExecutionResult): unknown {
  return outputs.find((output) => output.output_type === "execute_result")?.data["text/plain"];
}

export function typesOf({ messages }: ExecutionResult): string[] {
  return messages.map(({ header, content }) => (header.msg_type === "status" ? String(content.execution_state) : header.msg_type));
}

/** Runs a cell that must succeed. */
export async function run(client: KernelClient, code: string, options?: ExecuteOptions): Promise<ExecutionResult> {
  const result = await execute(client, code, options);
  const { status, ename, evalue } = result.reply.content;
  if (status !== "ok") throw new Error(`${code.slice(0, 200)}: ${status} ${String(ename)} ${String(evalue)}`);
  return result;
}

/** The first message that is told by `isIt`, from now on. */
export function heard(client: KernelClient, isIt: (message: Message) => boolean, timeoutMs = patienceMs): Promise<Message> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`the message was not heard within ${timeoutMs} ms`));
    }, timeoutMs);
    const stop = client.onMessage((message) => {
      if (!isIt(message)) return;
      clearTimeout(timer);
      stop();
      resolve(message);
    });
  });
}

/** A stream message that holds a text. */
export function prints(client: KernelClient, text: string): Promise<Message> {
  return heard(client, ({ header, content }) => header.msg_type === "stream" && String(content.text).includes(text));
}

/** Starts a cell; settles `started` when it has printed its first line. */
export function start(
  client: KernelClient,
  code: string,
  options: ExecuteOptions = {},
): { started: Promise<void>; ended: Promise<ExecutionResult> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const ended = execute(client, code, {
    ...options,
    onPublished: (message) => {
      if (message.header.msg_type === "stream") resolve();
      options.onPublished?.(message);
    },
  });
  // A cell that ends without a word has started as well.
  ended.then(
    () => resolve(),
    () => resolve(),
  );
  return { started: promise, ended };
}
