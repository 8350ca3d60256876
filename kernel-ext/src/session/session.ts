import { AsyncLocalStorage } from "node:async_hooks";
import process from "node:process";
import { inspect } from "node:util";
import { bundleOf, displayBundle } from "../display/display-bundle.ts";
import { isDisplayable, type MimeBundle, type MimeData } from "../display/displayable.ts";
import type { Output } from "../display/output.ts";
import { type Evaluated, Evaluator } from "./evaluator.ts";
import type { Link } from "./link.ts";
import type { ErrorContent, RunnableScript, ToMain } from "./messages.ts";
import type { Modules } from "./modules.ts";
import { SessionComms } from "./session-comms.ts";
import { type Shared, threadState, word } from "./shared.ts";
import { duration } from "./timing.ts";
import { describeError } from "./traceback.ts";

type Run = Extract<ToMain, { kind: "run" }>;

interface Running {
  readonly run: Run;
  readonly abort: AbortController;
  readonly startedMs: number;
  readonly cpu: NodeJS.CpuUsage;
  readonly payload: MimeData[];
  result: unknown;
  isTimed: boolean;
}

const interruptSymbol = Symbol.for("Jupyter.interrupt");

export interface SessionOptions {
  readonly shared: Shared;
  readonly link: Link;
  readonly modules: Modules;
  /** The folder of the kernel, whose frames no traceback shows. */
  readonly home: string;
}

/** The cells of one session on the thread that runs them. Every request is its own start: nothing here waits across two of them. */
export class Session {
  readonly evaluator: Evaluator;
  readonly comms: SessionComms;
  readonly #link: Link;
  readonly #modules: Modules;
  readonly #home: string;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #owners = new AsyncLocalStorage<number>();
  readonly #running = new Map<number, Running>();
  readonly #scripts = new Map<string, RunnableScript>();
  readonly #disposables = new Map<string, () => unknown>();
  #latestOwner = 0;

  constructor({ shared, link, modules, home }: SessionOptions) {
    this.#words = shared.words;
    this.evaluator = new Evaluator(shared);
    this.#link = link;
    this.#modules = modules;
    this.#home = home;
    this.comms = new SessionComms(link, () => this.owner);
    this.#offerToScripts();
  }

  /** The request that what is running now belongs to. */
  get owner(): number {
    return this.#owners.getStore() ?? this.#latestOwner;
  }

  get isIdle(): boolean {
    return this.#running.size === 0;
  }

  get signal(): AbortSignal {
    return this.#current()?.abort.signal ?? AbortSignal.abort(new Error("no cell is running"));
  }

  get output(): Output {
    const send = (kind: "display" | "update", data: MimeBundle, metadata: { [name: string]: MimeData }, displayId: string | undefined) =>
      this.#link.send({ kind, owner: this.owner, data, metadata, displayId });
    return {
      display: (bundle, { metadata = {}, displayId } = {}) => send("display", bundle, metadata, displayId),
      update: (displayId, bundle, { metadata = {} } = {}) => send("update", bundle, metadata, displayId),
      clear: ({ wait = false } = {}) => this.#link.send({ kind: "clear", owner: this.owner, wait }),
    };
  }

  print(stream: "stdout" | "stderr", text: string): void {
    this.#link.text(stream, this.owner, text);
  }

  run(run: Run): void {
    this.#latestOwner = run.owner;
    const running: Running = {
      run,
      abort: new AbortController(),
      startedMs: performance.now(),
      cpu: process.cpuUsage(),
      payload: [],
      result: undefined,
      isTimed: false,
    };
    this.#running.set(run.owner, running);
    this.#scripts.set(run.script.url, run.script);
    this.#evaluate(running, run.script, (outcome) => this.#evaluated(running, outcome));
  }

  /** Ends the named request's cell, or all cells, with an error; what can be stopped is told to stop. */
  interrupt(reason: string, owner?: number): void {
    for (const running of [...this.#running.values()]) {
      if (owner !== undefined && running.run.owner !== owner) continue;
      const error = Object.assign(new Error(reason), { name: "Interrupted", stack: "" });
      this.#finish(running, { error: describeError(error, this.#scripts, this.#home) });
      running.abort.abort(error);
    }
  }

  forget(owner: number): void {
    const running = this.#running.get(owner);
    this.#running.delete(owner);
    running?.abort.abort(new Error("interrupted"));
  }

  receiveComm(message: Extract<ToMain, { kind: "comm" }>): void {
    this.#owners.run(message.owner, () => {
      Atomics.store(this.#words, word.state, threadState.user);
      try {
        this.comms.receive(message);
      } catch (error) {
        this.stray(error);
      }
      Atomics.store(this.#words, word.state, threadState.kernel);
      this.#link.send({ kind: "handled", owner: message.owner });
    });
  }

  /** An error that nobody waits for is shown with the cell that it comes from. */
  stray(error: unknown): void {
    this.#link.send({ kind: "stray", owner: this.owner, error: describeError(error, this.#scripts, this.#home) });
  }

  timeCell(): void {
    const running = this.#current();
    if (running) running.isTimed = true;
  }

  addPayload(payload: MimeData): void {
    this.#current()?.payload.push(payload);
  }

  /** Shows it in the front end's pager. Some show it below the cell; a cell that has ended can only do that. */
  page(data: MimeBundle): void {
    const running = this.#running.get(this.owner);
    if (running) running.payload.push({ source: "page", data, start: 0 });
    else this.output.display(data);
  }

  get allowsStdin(): boolean {
    return this.#current()?.run.allowStdin === true;
  }

  /** Disposes of what the session's variables hold by `using`. */
  async dispose(names?: readonly string[]): Promise<void> {
    for (const [name, dispose] of [...this.#disposables].reverse()) {
      if (names && !names.includes(name)) continue;
      this.#disposables.delete(name);
      try {
        await dispose();
      } catch (error) {
        this.stray(error);
      }
    }
  }

  #evaluate({ run }: Running, { script, url }: RunnableScript, done: (outcome: Evaluated) => void): void {
    const start = (body: () => void): void => {
      // It may have been interrupted before it began.
      if (this.#running.has(run.owner)) this.#owners.run(run.owner, body);
    };
    this.evaluator.evaluate(script, url, start, done);
  }

  #current(): Running | undefined {
    return this.#running.get(this.owner) ?? [...this.#running.values()].at(-1);
  }

  #evaluated(running: Running, outcome: Evaluated): void {
    if (this.#running.get(running.run.owner) !== running) return;
    // A script that was terminated ends with an error of no use; the interrupt that did it is on its way and brings the reason.
    if (outcome.threw && Atomics.load(this.#words, word.interrupting) === 1) return;
    if (outcome.threw) {
      this.#finish(running, { error: describeError(outcome.error, this.#scripts, this.#home) });
      return;
    }
    if (running.result === undefined && running.run.expressions.length === 0) {
      this.#finish(running, {});
      return;
    }
    this.#owners.run(running.run.owner, () => {
      this.#present(running).then(
        (ending) => this.#finish(running, ending),
        (error: unknown) => this.#finish(running, { error: describeError(error, this.#scripts, this.#home) }),
      );
    });
  }

  async #present(running: Running): Promise<Ending> {
    const { run } = running;
    const shown = running.result === undefined || run.isSilent ? undefined : await this.#bundle(running.result);
    const expressions: { [name: string]: MimeData } = {};
    for (const { name, script } of run.expressions) {
      expressions[name] = "ename" in script ? expressionError(script) : await this.#expression(running, script);
    }
    return { expressions, ...(shown && Object.keys(shown).length > 0 ? { result: { data: shown, metadata: {} } } : {}) };
  }

  /** An error that is a value has the places in cells that a thrown one has. */
  async #bundle(value: unknown): Promise<MimeBundle> {
    if (!(value instanceof Error) || isDisplayable(value)) return displayBundle(value);
    return { "text/plain": describeError(value, this.#scripts, this.#home).traceback.join("\n") };
  }

  async #expression(running: Running, script: RunnableScript): Promise<MimeData> {
    this.#scripts.set(script.url, script);
    running.result = undefined;
    const outcome = await new Promise<Evaluated>((resolve) => this.#evaluate(running, script, resolve));
    if (outcome.threw) return expressionError(describeError(outcome.error, this.#scripts, this.#home));
    return { status: "ok", data: await this.#bundle(running.result), metadata: {} };
  }

  #finish(running: Running, { error, result, expressions = {} }: Ending): void {
    const { owner } = running.run;
    if (this.#running.get(owner) !== running) return;
    this.#running.delete(owner);
    if (running.isTimed) {
      const { user, system } = process.cpuUsage(running.cpu);
      const wall = duration(performance.now() - running.startedMs);
      this.#link.text("stdout", owner, `wall ${wall}, CPU ${duration((user + system) / 1000)}\n`);
    }
    this.#link.send({
      kind: "done",
      owner,
      expressions,
      payload: running.payload,
      ...(error === undefined ? {} : { error }),
      ...(result === undefined ? {} : { result }),
    });
  }

  /** `__kernel__` is what compiled cells call. */
  #offerToScripts(): void {
    const modules = this.#modules;
    const api = Object.freeze({
      result: (cell: string, value: unknown): void => {
        for (const running of this.#running.values()) {
          if (running.run.script.cell === cell || running.run.expressions.some(({ script }) => "cell" in script && script.cell === cell))
            running.result = value;
        }
      },
      define: (body: (shadowed: Readonly<Record<string, unknown>>) => Promise<unknown>): void => this.evaluator.define(body),
      shadow: (variables: Readonly<Record<string, () => unknown>>): void => this.evaluator.shadow(variables),
      take: (value: unknown): void => this.evaluator.take(value),
      load: modules.load.bind(modules),
      import: modules.import.bind(modules),
      meta: Object.freeze({
        url: modules.notebookUrl,
        dirname: process.cwd(),
        filename: modules.notebookUrl,
        resolve: (specifier: string): string => modules.require.resolve(specifier),
      }),
      using: (name: string, value: unknown): unknown => this.#using(name, value),
      // At once where that is possible: no promise settles while the debugger holds the thread.
      richBundle: (value: unknown): string | Promise<string> => {
        const bundle = bundleOf(value);
        return bundle instanceof Promise ? bundle.then((ready) => JSON.stringify(ready)) : JSON.stringify(bundle);
      },
    });
    Object.defineProperty(globalThis, "__kernel__", { value: api, enumerable: false });
    Object.defineProperty(globalThis, interruptSymbol, {
      value: Object.freeze({ signal: (): AbortSignal | undefined => this.#current()?.abort.signal }),
      enumerable: false,
    });
  }

  #using(name: string, value: unknown): unknown {
    const former = this.#disposables.get(name);
    this.#disposables.delete(name);
    if (former) Promise.resolve(former()).catch((error: unknown) => this.stray(error));
    if (value === null || value === undefined) return value;
    const dispose =
      (Object(value) as Partial<AsyncDisposable>)[Symbol.asyncDispose] ?? (Object(value) as Partial<Disposable>)[Symbol.dispose];
    if (typeof dispose !== "function")
      throw new TypeError(`${inspect(value, { depth: 0 })} has neither Symbol.dispose nor Symbol.asyncDispose`);
    this.#disposables.set(name, () => dispose.call(value));
    return value;
  }
}

interface Ending {
  readonly error?: ErrorContent;
  readonly result?: { readonly data: MimeBundle; readonly metadata: { readonly [name: string]: MimeData } };
  readonly expressions?: { readonly [name: string]: MimeData };
}

function expressionError({ ename, evalue, traceback }: ErrorContent): MimeData {
  return { status: "error", ename, evalue, traceback: [...traceback] };
}
