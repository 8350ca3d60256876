import { PositionMap } from "../cells/position-map.ts";
import type { Debugger } from "../debugger/target.ts";
import type { ErrorContent, FromMain, Limits, RunnableScript, ToMain } from "../session/messages.ts";
import { excerptLines } from "../session/traceback.ts";
import type { CellDiagnostic, PreparedCell, TypecheckMode, TypesService } from "../types/service.ts";
import type { History } from "./history.ts";
import type { InspectorTarget } from "./inspector-target.ts";
import type { Request } from "./request.ts";

type Done = Extract<FromMain, { kind: "done" }>;

interface Live {
  readonly request: Request;
  readonly executionCount: number;
  /** When the main thread was given it; undefined while it is checked. */
  runningSinceMs: number | undefined;
  readonly end: (done: Done) => void;
}

export interface CellRunnerOptions {
  /** Bytes that the heap of the main thread may have. */
  readonly heapLimit: number;
  readonly types: TypesService;
  readonly target: InspectorTarget;
  readonly debug: Debugger;
  /** Adds to the history, now or as soon as it is open. */
  record(add: (history: History) => void): void;
  /** Settles when no earlier cell is being stopped. */
  calm(): Promise<void>;
  post(message: ToMain): void;
  /** Publishes all that was printed so far. */
  settle(): void;
}

const largestCell = 16 * 2 ** 20;

/** Takes `execute_request`s through check, compilation, run and reply; one at a time in each shell. */
export class CellRunner {
  readonly #options: CellRunnerOptions;
  readonly #live = new Map<number, Live>();
  #executionCount = 0;
  #silentCount = 0;
  mode: TypecheckMode = "on";
  limits: Limits = {};

  constructor(options: CellRunnerOptions) {
    this.#options = options;
  }

  get executionCount(): number {
    return this.#executionCount;
  }

  /** The requests whose cells are being checked or run. */
  get live(): readonly Request[] {
    return [...this.#live.values()].map(({ request }) => request);
  }

  /** @param beforeStop - awaited before a failure is told that must stop the cells behind */
  async run(request: Request, beforeStop: () => Promise<void>): Promise<void> {
    const code = request.text("code");
    const isSilent = request.flag("silent", false);
    const isStored = !isSilent && request.flag("store_history", true);
    const count = isStored && code?.trim() !== "" ? ++this.#executionCount : this.#executionCount;
    const fail = async (error: ErrorContent): Promise<void> => {
      if (!isSilent && request.flag("stop_on_error", true)) await beforeStop();
      const { ename, evalue, traceback } = error;
      if (!isSilent) request.publish("error", { ename, evalue, traceback });
      request.reply({ status: "error", ename, evalue, traceback, execution_count: count, user_expressions: {}, payload: [] });
    };
    if (code === undefined) return fail(plainError("RequestError", "the request has no code"));
    if (code.length > largestCell) {
      return fail(
        plainError("RangeError", `the cell has ${code.length} characters; at most ${largestCell} can be run: read data from a file`),
      );
    }
    if (!isSilent) request.publish("execute_input", { code, execution_count: count });
    if (isStored && code.trim() !== "") this.#options.record((history) => history.add(count, code));
    const done = await this.#runChecked(request, code, isStored ? String(count) : `s${++this.#silentCount}`, count, isSilent);
    this.#options.settle();
    if (done.error) return fail(done.error);
    if (done.result && !isSilent) {
      request.publish("execute_result", { data: done.result.data, metadata: done.result.metadata, execution_count: count });
      const text = done.result.data["text/plain"];
      if (isStored && typeof text === "string") this.#options.record((history) => history.addOutput(count, text));
    }
    request.reply({ status: "ok", execution_count: count, user_expressions: done.expressions, payload: done.payload });
  }

  get heapLimit(): number {
    return this.#options.heapLimit;
  }

  /** When the cell that has run longest was started. */
  get runningSinceMs(): number | undefined {
    for (const { runningSinceMs } of this.#live.values()) if (runningSinceMs !== undefined) return runningSinceMs;
    return undefined;
  }

  /** The process is about to end because a cell asked for it. */
  exitAll(): void {
    for (const [owner, { end }] of [...this.#live]) {
      end({ kind: "done", owner, expressions: {}, payload: [{ source: "ask_exit", keepkernel: false }] });
    }
  }

  /** What the main thread says of a cell that it has run. */
  done(done: Done): void {
    this.#live.get(done.owner)?.end(done);
  }

  /** The live cells' numbers. */
  get owners(): ReadonlySet<number> {
    return new Set(this.#live.keys());
  }

  /** Answers for the live cells, or those of them that are named, in place of the main thread. */
  endAll(reason: string, owners?: ReadonlySet<number>): void {
    for (const [owner, { end }] of [...this.#live]) {
      if (owners && !owners.has(owner)) continue;
      this.#options.post({ kind: "forget", owner });
      end(failed(owner, plainError("Interrupted", reason)));
    }
  }

  /** Ends the cells that are still being checked: the main thread knows nothing of them. */
  endUnstarted(reason: string): void {
    for (const [owner, { runningSinceMs, end }] of [...this.#live]) {
      if (runningSinceMs === undefined) end(failed(owner, plainError("Interrupted", reason)));
    }
  }

  async #runChecked(request: Request, code: string, cell: string, executionCount: number, isSilent: boolean): Promise<Done> {
    const { owner } = request;
    const { promise, resolve } = Promise.withResolvers<Done>();
    this.#live.set(owner, { request, executionCount, runningSinceMs: undefined, end: resolve });
    try {
      const started = this.#start(request, code, cell, executionCount, isSilent).catch((error: unknown) =>
        failed(owner, plainError("KernelError", error instanceof Error ? error.message : String(error))),
      );
      const early = await Promise.race([started, promise]);
      return early ?? (await promise);
    } finally {
      this.#live.delete(owner);
    }
  }

  /** @returns an ending where the cell does not get as far as running */
  async #start(request: Request, code: string, cell: string, executionCount: number, isSilent: boolean): Promise<Done | undefined> {
    const { types, target, debug, calm, post } = this.#options;
    const { owner } = request;
    const prepared = await types.prepare(cell, code, this.mode);
    if (!this.#live.has(owner)) return undefined;
    const errors = prepared.diagnostics.filter(({ severity }) => severity === "error");
    if (prepared.isSyntaxError || errors.length > 0) return failed(owner, diagnosticError(prepared, code, cell));
    for (const diagnostic of prepared.diagnostics) {
      request.publish("stream", { name: "stderr", text: `${diagnosticLines(diagnostic, code, cell).join("\n")}\n` });
    }
    const script = runnable(cell, code, prepared);
    const expressions = await this.#expressions(request, cell);
    await this.#announce(script, debug, target);
    await calm();
    const live = this.#live.get(owner);
    if (!live) return undefined;
    types.commit(cell);
    live.runningSinceMs = performance.now();
    post({ kind: "run", owner, script, executionCount, isSilent, allowStdin: request.flag("allow_stdin", false), expressions });
    return undefined;
  }

  async #announce(script: RunnableScript, debug: Debugger, target: InspectorTarget): Promise<void> {
    const { url, source, script: text, pieces } = script;
    const cell = { url, source, script: text, map: new PositionMap(pieces) };
    target.add(cell);
    await debug.beforeRun(cell);
  }

  async #expressions(request: Request, cell: string): Promise<{ name: string; script: RunnableScript | ErrorContent }[]> {
    const given = request.content.user_expressions;
    if (typeof given !== "object" || given === null) return [];
    const found: { name: string; script: RunnableScript | ErrorContent }[] = [];
    for (const [name, code] of Object.entries(given)) {
      const own = `${cell}x${found.length}`;
      const text = String(code);
      const prepared = await this.#options.types.prepare(own, text, "off");
      found.push({ name, script: prepared.isSyntaxError ? diagnosticError(prepared, text, own) : runnable(own, text, prepared) });
    }
    return found;
  }
}

function runnable(cell: string, source: string, { script, map, declared }: PreparedCell): RunnableScript {
  return { url: `cell-${cell}.ts`, cell, script, source, pieces: map.pieces, declared };
}

function failed(owner: number, error: ErrorContent): Done {
  return { kind: "done", owner, error, expressions: {}, payload: [] };
}

export function plainError(ename: string, evalue: string): ErrorContent {
  return { ename, evalue, traceback: [`\u001b[1m${ename}\u001b[22m: ${evalue}`] };
}

/** The diagnostics of a cell that must not run, as one error. */
function diagnosticError({ diagnostics, isSyntaxError }: PreparedCell, source: string, cell: string): ErrorContent {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const [first] = errors;
  const ename = isSyntaxError ? "SyntaxError" : "TypeError";
  const message = first ? `${first.code}: ${first.message.split("\n")[0]}` : "the cell is no TypeScript";
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  const shown = errors.slice(0, 10).flatMap((diagnostic) => diagnosticLines(diagnostic, source, cell));
  const rest = errors.length > 10 ? [`… ${errors.length - 10} more`] : [];
  return { ename, evalue: `${message}${more}`, traceback: [...shown, ...rest] };
}

function diagnosticLines({ code, message, start }: CellDiagnostic, source: string, cell: string): string[] {
  const before = source.slice(0, start).split("\n");
  const [line, column] = [before.length - 1, before.at(-1)?.length ?? 0];
  return [
    `\u001b[1m${code}\u001b[22m: ${message} \u001b[2m(cell ${cell}, line ${line + 1}, column ${column + 1})\u001b[22m`,
    ...excerptLines(source, line, column),
  ];
}
