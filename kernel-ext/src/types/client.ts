import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type MessagePort, Worker } from "node:worker_threads";
import { PositionMap } from "../cells/position-map.ts";
import type {
  CheckedText,
  FromProviders,
  FromTypes,
  PreparedMessage,
  ToTypes,
  TypesAnswer,
  TypesCall,
  TypesNote,
  TypesWorkerData,
} from "./messages.ts";
import type { CellDiagnostic, Completeness, Completions, Inspection, PreparedCell, TypecheckMode, TypesService } from "./service.ts";

export interface TypesOptions {
  /** The notebook's folder. */
  readonly directory: string;
  /** Conditions of package exports beside Node's own. */
  readonly conditions?: readonly string[];
  /** The port whose other end has `attachProviderHost`. */
  readonly providers?: MessagePort;
  /** A request that takes longer stops the worker; the cell then runs unchecked. */
  readonly limitMs?: number;
  readonly maxHeapMb?: number;
  /** Told when a worker stopped by itself, or was stopped, and a new one has taken its place. */
  readonly onRestart?: (reason: string) => void;
}

/** The type checker failed twice on one request. */
export class TypesError extends Error {
  override readonly name = "TypesError";
}

interface Answered {
  readonly answer: TypesAnswer;
  /** Why the first worker that was asked did not answer. */
  readonly failure: string | undefined;
}

interface Pending {
  readonly call: TypesCall;
  readonly resolve: (answered: Answered) => void;
  readonly reject: (error: Error) => void;
  isRetry: boolean;
  timer: NodeJS.Timeout | undefined;
  failure: string | undefined;
}

type LogEntry = Exclude<TypesNote, { readonly note: "commit" }>;

/** Starts the types thread. It begins to load at once; requests wait for it. */
export function startTypes(options: TypesOptions): TypesClient {
  return new TypesClient(options);
}

export class TypesClient implements TypesService {
  readonly #options: TypesOptions;
  readonly #pending = new Map<number, Pending>();
  readonly #prepared = new Map<string, CheckedText>();
  /** What a new worker must be told to know the cells that ran. */
  #log: LogEntry[] = [];
  #worker: Worker;
  #isReady = false;
  #isClosed = false;
  #failedStarts = 0;
  #stopReason: string | undefined;
  #id = 0;

  constructor(options: TypesOptions) {
    this.#options = options;
    this.#worker = this.#start();
    options.providers?.on("message", (message: FromProviders) => this.#post({ fromProviders: message }));
    options.providers?.unref();
  }

  async prepare(cell: string, source: string, mode: TypecheckMode): Promise<PreparedCell> {
    const { answer, failure } = await this.#ask({ method: "prepare", cell, source, mode });
    const { pieces, checked, diagnostics, isSyntaxError, script, declared } = answer as PreparedMessage;
    if (checked) this.#remember(cell, checked);
    const isUnchecked = failure !== undefined && mode !== "off" && !isSyntaxError;
    const all = isUnchecked ? [...diagnostics, uncheckedWarning(failure)] : diagnostics;
    return { diagnostics: all, isSyntaxError, script, declared, map: new PositionMap(pieces) };
  }

  commit(cell: string): void {
    const checked = this.#prepared.get(cell);
    if (checked) this.#log.push({ note: "restore", checked, isCommitted: true });
    this.#prepared.delete(cell);
    this.#post({ note: "commit", cell });
  }

  forget(names?: readonly string[]): void {
    if (names) this.#log.push({ note: "forget", names });
    else this.#log = [];
    this.#post({ note: "forget", names });
  }

  async complete(source: string, cursor: number): Promise<Completions> {
    return (await this.#ask({ method: "complete", source, cursor })).answer as Completions;
  }

  async inspect(source: string, cursor: number, detail: 0 | 1): Promise<Inspection | undefined> {
    return (await this.#ask({ method: "inspect", source, cursor, detail })).answer as Inspection | undefined;
  }

  async isComplete(source: string): Promise<Completeness> {
    return (await this.#ask({ method: "isComplete", source })).answer as Completeness;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#rejectAll("the type checker was closed");
    await this.#worker.terminate();
  }

  #start(): Worker {
    const { directory, conditions = [], providers, maxHeapMb = 2048 } = this.#options;
    const workerData: TypesWorkerData = {
      directory,
      home: join(fileURLToPath(import.meta.url), "../../.."),
      conditions,
      hasProviders: providers !== undefined,
    };
    // A small young generation keeps the process 15 MB smaller and costs a cell nothing that can be measured.
    const resourceLimits = { maxOldGenerationSizeMb: maxHeapMb, maxYoungGenerationSizeMb: 2 };
    const worker = new Worker(new URL(`./worker${import.meta.url.slice(-3)}`, import.meta.url), { workerData, resourceLimits });
    this.#isReady = false;
    let reason = "it stopped";
    worker.on("message", (message: FromTypes) => this.#receive(worker, message));
    worker.on("error", (error) => {
      reason = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "it ran out of memory" : error.message;
    });
    worker.on("exit", () => this.#restart(this.#stopReason ?? reason));
    return worker;
  }

  #restart(reason: string): void {
    this.#stopReason = undefined;
    if (this.#isClosed) return;
    this.#failedStarts = this.#isReady ? 0 : this.#failedStarts + 1;
    if (this.#failedStarts > 2) {
      this.#rejectAll(`the type checker does not start: ${reason}`);
      this.#failedStarts = 0;
    }
    this.#worker = this.#start();
    for (const entry of this.#log) this.#post(entry);
    for (const checked of this.#prepared.values()) this.#post({ note: "restore", checked, isCommitted: false });
    for (const [id, pending] of this.#pending) this.#retry(id, pending, reason);
    this.#options.onRestart?.(reason);
  }

  #retry(id: number, pending: Pending, reason: string): void {
    clearTimeout(pending.timer);
    if (pending.isRetry) {
      this.#pending.delete(id);
      pending.reject(new TypesError(`the type checker stopped twice on this request: ${reason}`));
      return;
    }
    pending.isRetry = true;
    pending.failure = reason;
    this.#send(id, pending);
  }

  #ask(call: TypesCall): Promise<Answered> {
    if (this.#isClosed) return Promise.reject(new TypesError("the type checker was closed"));
    this.#id += 1;
    const id = this.#id;
    return new Promise((resolve, reject) => {
      const pending: Pending = { call, resolve, reject, isRetry: false, timer: undefined, failure: undefined };
      this.#pending.set(id, pending);
      this.#send(id, pending);
    });
  }

  /** The second time a cell is compiled without being checked: it was the check that failed, most likely. */
  #send(id: number, pending: Pending): void {
    const { call, isRetry } = pending;
    this.#post({ id, call: isRetry && call.method === "prepare" ? { ...call, mode: "off" } : call });
    if (this.#isReady) this.#watch(pending);
  }

  #watch(pending: Pending): void {
    const { limitMs = 10_000 } = this.#options;
    clearTimeout(pending.timer);
    pending.timer = setTimeout(() => {
      this.#stopReason = `it took longer than ${limitMs / 1000} s`;
      void this.#worker.terminate();
    }, limitMs);
    pending.timer.unref();
  }

  #receive(worker: Worker, message: FromTypes): void {
    if (worker !== this.#worker) return;
    if ("ready" in message) {
      this.#isReady = true;
      for (const pending of this.#pending.values()) this.#watch(pending);
    } else if ("toProviders" in message) {
      this.#options.providers?.postMessage(message.toProviders);
    } else {
      const pending = this.#pending.get(message.id);
      if (!pending) return;
      this.#pending.delete(message.id);
      clearTimeout(pending.timer);
      if ("error" in message) pending.reject(new TypesError(message.error));
      else pending.resolve({ answer: message.answer, failure: pending.failure });
    }
  }

  #remember(cell: string, checked: CheckedText): void {
    this.#prepared.set(cell, checked);
    const oldest = this.#prepared.size > 50 ? this.#prepared.keys().next() : undefined;
    if (oldest && !oldest.done) this.#prepared.delete(oldest.value);
  }

  #rejectAll(reason: string): void {
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(new TypesError(reason));
    }
    this.#pending.clear();
  }

  #post(message: ToTypes): void {
    this.#worker.postMessage(message);
  }
}

function uncheckedWarning(reason: string): CellDiagnostic {
  const message = `The cell was not type-checked: the type checker was started again, as ${reason}.`;
  return { code: "TYPES_RESTARTED", message, severity: "warning", start: 0, end: 0 };
}
