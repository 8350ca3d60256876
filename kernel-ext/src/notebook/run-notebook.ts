import { ClientError, type DisplayRegistry, type LaunchedKernel, type NotebookOutput, OutputCollector } from "../client/index.ts";
import type { JsonObject, Message } from "../protocol/message.ts";
import { overwritten } from "./format-notebook.ts";
import { type CodeCell, isCodeCell, type Notebook, tagsOf } from "./notebook.ts";

/** How a run, or one cell of it, ended. */
export type RunStatus = "completed" | "failed" | "timed-out" | "interrupted" | "died";

export interface RunProgress {
  /** Code cells that are over. */
  readonly done: number;
  readonly total: number;
  /** The cell that runs now, or has just ended; its place in the notebook, from 1. */
  readonly cell: number;
  /** Of the cell that has ended; undefined where one starts. */
  readonly cellMs: number | undefined;
}

export interface RunOptions {
  /** A cell that runs longer is stopped, and the run with it. @default none */
  readonly cellTimeoutMs?: number;
  /** A cell that fails does not end the run. @default false */
  readonly allowErrors?: boolean;
  /** Aborted: the running cell is interrupted and the run ends. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
  /** Called after each cell, before the next one starts. */
  readonly save?: () => void;
}

export interface CellRun {
  /** Its place in the notebook, from 1. */
  readonly cell: number;
  readonly id: string;
  readonly executionCount: number | null;
  readonly status: RunStatus;
  readonly durationMs: number;
  readonly error?: { readonly ename: string; readonly evalue: string; readonly traceback: readonly string[] };
}

export interface NotebookRun {
  readonly status: RunStatus;
  readonly durationMs: number;
  readonly cells: readonly CellRun[];
  /** The cell that ended the run before its end. */
  readonly failed: CellRun | undefined;
}

const interruptGraceMs = 5000;

/**
 * Runs a notebook's code cells in order and puts their outputs, counts and times into it. Cells without code, or with the tag
 * `skip-execution`, are passed over; one with the tag `raises-exception` may fail.
 */
export async function runNotebook(notebook: Notebook, kernel: LaunchedKernel, options: RunOptions = {}): Promise<NotebookRun> {
  const started = performance.now();
  const { language_info } = (await kernel.request("shell", "kernel_info_request")).content;
  if (language_info !== undefined) notebook.metadata.language_info = language_info;
  const chosen = notebook.cells.flatMap((cell, index) => (isCodeCell(cell) ? [{ cell, number: index + 1 }] : []));
  for (const { cell } of chosen) clearRun(cell);
  const toRun = chosen.filter(({ cell }) => cell.source.trim() !== "" && !tagsOf(cell).includes("skip-execution"));
  const outputs = new LiveOutputs(kernel);
  const cells: CellRun[] = [];
  let failed: CellRun | undefined;
  try {
    for (const { cell, number } of toRun) {
      const place = { done: cells.length, total: toRun.length, cell: number };
      options.onProgress?.({ ...place, cellMs: undefined });
      const run = await runCell(cell, number, kernel, outputs, options);
      cells.push(run);
      options.save?.();
      options.onProgress?.({ ...place, done: cells.length, cellMs: run.durationMs });
      const isAllowed = run.status === "failed" && (options.allowErrors === true || tagsOf(cell).includes("raises-exception"));
      if (run.status !== "completed" && !isAllowed) {
        failed = run;
        break;
      }
    }
  } finally {
    outputs.stop();
  }
  return { status: failed?.status ?? "completed", durationMs: performance.now() - started, cells, failed };
}

/** Puts each output into the cell that it belongs to, also one that comes when later cells run already. */
class LiveOutputs {
  readonly stop: () => void;
  readonly #displays: DisplayRegistry = new Map();
  readonly #collectors = new Map<string, OutputCollector>();

  constructor(kernel: LaunchedKernel) {
    this.stop = kernel.onMessage((message, channel) => {
      if (channel !== "iopub") return;
      const collector = this.#collectors.get(message.parentHeader.msg_id ?? "");
      collector?.add(message);
    });
  }

  /** The collector of a request that has just been sent: nothing of it has arrived yet. */
  follow(request: string, outputs: NotebookOutput[]): void {
    this.#collectors.set(request, new OutputCollector(this.#displays, outputs));
  }
}

async function runCell(
  cell: CodeCell,
  number: number,
  kernel: LaunchedKernel,
  outputs: LiveOutputs,
  options: RunOptions,
): Promise<CellRun> {
  const startedAt = new Date();
  const started = performance.now();
  const times: Record<string, string> = {};
  const onPublished = (message: Message) => noteTime(times, message);
  let reply: JsonObject | undefined;
  let stopped: Stopped | undefined;
  const execution = kernel.execute(cell.source, {
    timeoutMs: Number.POSITIVE_INFINITY,
    onSent: (header) => outputs.follow(header.msg_id, cell.outputs),
    onPublished,
  });
  try {
    const guarded = await guard(execution, kernel, options);
    stopped = guarded.stopped;
    reply = guarded.result?.reply.content;
    const date = guarded.result?.reply.header.date;
    if (date !== undefined) times["shell.execute_reply"] = date;
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    stopped = { status: "died", ename: "KernelDied", evalue: error.message };
  }
  cell.execution_count = typeof reply?.execution_count === "number" ? reply.execution_count : null;
  for (const output of cell.outputs) if (output.output_type === "stream") output.text = overwritten(output.text);
  if (stopped && !cell.outputs.some(({ output_type }) => output_type === "error")) {
    cell.outputs.push({
      output_type: "error",
      ename: stopped.ename,
      evalue: stopped.evalue,
      traceback: [`${stopped.ename}: ${stopped.evalue}`],
    });
  }
  const status = stopped?.status ?? (reply?.status === "ok" ? "completed" : "failed");
  const durationMs = performance.now() - started;
  recordRun(cell, { startedAt, durationMs, times, status });
  const run = { cell: number, id: cell.id, executionCount: cell.execution_count, status, durationMs };
  return status === "completed" ? run : { ...run, error: errorOf(cell, reply, stopped) };
}

interface Stopped {
  readonly status: RunStatus;
  readonly ename: string;
  readonly evalue: string;
}

/** Waits for the execution; interrupts it where it takes too long or the run is aborted. */
async function guard<T>(execution: Promise<T>, kernel: LaunchedKernel, options: RunOptions): Promise<{ result?: T; stopped?: Stopped }> {
  const { cellTimeoutMs, signal } = options;
  const stop = Promise.withResolvers<Stopped>();
  const abort = () => stop.resolve({ status: "interrupted", ename: "Interrupted", evalue: "the run was stopped" });
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  const expire = () =>
    stop.resolve({ status: "timed-out", ename: "CellTimeout", evalue: `the cell ran longer than ${(cellTimeoutMs ?? 0) / 1000} s` });
  const timer = cellTimeoutMs === undefined ? undefined : setTimeout(expire, cellTimeoutMs);
  try {
    const first = await Promise.race([execution.then((result) => ({ result })), stop.promise.then((stopped) => ({ stopped }))]);
    if (!("stopped" in first)) return first;
    const result = await interrupted(execution, kernel);
    return result === undefined ? first : { ...first, result };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

/** @returns what the execution gave when it was interrupted; undefined where it did not end, and the kernel was killed */
async function interrupted<T>(execution: Promise<T>, kernel: LaunchedKernel): Promise<T | undefined> {
  const grace = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => grace.resolve(undefined), interruptGraceMs);
  // Once may be too early: the cell may be about to start.
  const ask = () => void kernel.interrupt({ timeoutMs: interruptGraceMs }).catch(() => {});
  const again = setInterval(ask, 500);
  ask();
  try {
    return await Promise.race([execution, grace.promise]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    clearInterval(again);
    // Nobody waits for it any more.
    execution.catch(() => {});
  }
}

function clearRun(cell: CodeCell): void {
  cell.outputs = [];
  cell.execution_count = null;
  const { execution: _execution, papermill: _papermill, ...kept } = cell.metadata;
  cell.metadata = kept;
}

/** `metadata.execution` as nbclient and JupyterLab keep it, `metadata.papermill` as papermill does. */
function recordRun(
  cell: CodeCell,
  run: {
    readonly startedAt: Date;
    readonly durationMs: number;
    readonly times: Readonly<Record<string, string>>;
    readonly status: RunStatus;
  },
): void {
  cell.metadata.execution = run.times;
  cell.metadata.papermill = {
    duration: run.durationMs / 1000,
    end_time: new Date(run.startedAt.getTime() + run.durationMs).toISOString(),
    exception: run.status !== "completed",
    start_time: run.startedAt.toISOString(),
    status: run.status === "completed" ? "completed" : "failed",
  };
}

function noteTime(times: Record<string, string>, { header, content }: Message): void {
  if (header.msg_type === "execute_input") times["iopub.execute_input"] = header.date;
  else if (header.msg_type === "status") times[`iopub.status.${content.execution_state}`] = header.date;
}

function errorOf(cell: CodeCell, reply: JsonObject | undefined, stopped: Stopped | undefined): NonNullable<CellRun["error"]> {
  const shown = cell.outputs.findLast((output) => output.output_type === "error");
  if (stopped) return { ename: stopped.ename, evalue: stopped.evalue, traceback: shown?.traceback ?? [] };
  if (shown) return { ename: shown.ename, evalue: shown.evalue, traceback: shown.traceback };
  return { ename: String(reply?.ename ?? "Error"), evalue: String(reply?.evalue ?? "the cell was aborted"), traceback: [] };
}
