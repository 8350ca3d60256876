import { spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { compileCell } from "../../src/cells/compile-cell.ts";
import type { DebugEvent, DebugResponse } from "../../src/debugger/target.ts";
import type { Order } from "./debuggee.ts";

type Body = { readonly [name: string]: unknown };

export interface StackFrame {
  readonly id: number;
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly source: { readonly path?: string; readonly name: string; readonly sourceReference?: number };
}

export interface ShownVariable {
  readonly name: string;
  readonly value: string;
  readonly type?: string;
  readonly variablesReference: number;
  readonly evaluateName?: string;
  readonly indexedVariables?: number;
}

type Asked = Order extends infer Each ? (Each extends Order ? Omit<Each, "id"> : never) : never;

/** A debuggee and its debugger, in a process of their own. */
export class DebugClient {
  readonly events: DebugEvent[] = [];
  /** What the debuggee printed. */
  output = "";
  readonly #waiting = new Map<number, (value: unknown) => void>();
  readonly #write: (line: string) => void;
  #ids = 0;
  #cells = 0;
  #seen = 0;
  #wake: () => void = () => {};

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  receive(message: { kind: "event"; event: DebugEvent } | { kind: "done"; id: number; value: unknown }): void {
    if (message.kind === "event") {
      this.events.push(message.event);
      this.#wake();
    } else {
      this.#waiting.get(message.id)?.(message.value);
      this.#waiting.delete(message.id);
    }
  }

  /** Starts a cell. @returns its result as text, once it has ended */
  run(source: string): Promise<string> {
    const cell = String(++this.#cells);
    const { script, map } = compileCell(source, { cell });
    return this.#ask({ kind: "run", cell: { url: `cell-${cell}.ts`, source, script, pieces: map.pieces } }) as Promise<string>;
  }

  call(method: "close" | "resume" | "terminate" | "isPaused" | "interrupt"): Promise<unknown> {
    return this.#ask({ kind: "call", method });
  }

  respond(command: string, args?: object): Promise<DebugResponse> {
    const request = { type: "request", seq: this.#ids + 1, command, arguments: args } as const;
    return this.#ask({ kind: "request", request: request as never }) as Promise<DebugResponse>;
  }

  send(request: unknown): Promise<DebugResponse> {
    return this.#ask({ kind: "request", request: request as never }) as Promise<DebugResponse>;
  }

  /** The body of a response that must be a success. */
  async request<T = Body>(command: string, args?: object): Promise<T> {
    const { success, message, body } = await this.respond(command, args);
    if (!success) throw new Error(`${command}: ${message}`);
    return body as T;
  }

  /** The next event of a name, in the order in which they came. */
  async next(name: string): Promise<Body> {
    for (;;) {
      while (this.#seen < this.events.length) {
        const event = this.events[this.#seen++];
        if (event?.event === name) return (event.body ?? {}) as Body;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** As JupyterLab starts a debugger. */
  async attach(clientID = "test"): Promise<void> {
    await this.request("initialize", { clientID, linesStartAt1: true, columnsStartAt1: true, supportsVariablePaging: true });
    await this.request("attach", {});
    await this.next("initialized");
  }

  /** Sets breakpoints of a cell by its text. @returns their lines */
  async breakpoints(source: string, ...breakpoints: readonly (number | object)[]): Promise<readonly number[]> {
    const { sourcePath } = await this.request<{ sourcePath: string }>("dumpCell", { code: source });
    const wanted = breakpoints.map((each) => (typeof each === "number" ? { line: each } : each));
    const { breakpoints: set } = await this.request<{ breakpoints: { line: number }[] }>("setBreakpoints", {
      source: { path: sourcePath },
      breakpoints: wanted,
    });
    return set.map(({ line }) => line);
  }

  /** Steps, and waits until execution stands again. @returns the frames, or the cell's result where it ended */
  async step(command: "next" | "stepIn" | "stepOut", done: Promise<string>, more: object = {}): Promise<readonly string[] | string> {
    await this.request(command, { threadId: 1, ...more });
    const stopped = await Promise.race([this.stopped(), done]);
    return typeof stopped === "string" ? stopped : stopped.at;
  }

  /** Waits until execution stands. @returns reason, and the frames as `name:line` */
  async stopped(): Promise<{ reason: unknown; text: unknown; frames: readonly StackFrame[]; at: readonly string[] }> {
    const { reason, text } = await this.next("stopped");
    const frames = await this.frames();
    return { reason, text, frames, at: frames.map(({ name, line }) => `${name}:${line}`) };
  }

  async frames(): Promise<readonly StackFrame[]> {
    return (await this.request<{ stackFrames: readonly StackFrame[] }>("stackTrace", { threadId: 1 })).stackFrames;
  }

  async variables(variablesReference: number, more: object = {}): Promise<readonly ShownVariable[]> {
    return (await this.request<{ variables: readonly ShownVariable[] }>("variables", { variablesReference, ...more })).variables;
  }

  /** Variables of the top frame by scope. */
  async scopes(frame = 0): Promise<{ readonly [scope: string]: readonly ShownVariable[] }> {
    const frameId = (await this.frames())[frame]?.id;
    const { scopes } = await this.request<{ scopes: { name: string; variablesReference: number }[] }>("scopes", { frameId });
    const entries = scopes.map(async ({ name, variablesReference }) => [name, await this.variables(variablesReference)] as const);
    return Object.fromEntries(await Promise.all(entries));
  }

  async continue(): Promise<void> {
    await this.request("continue", { threadId: 1 });
  }

  #ask(order: Asked): Promise<unknown> {
    const id = ++this.#ids;
    const answer = new Promise<unknown>((resolve) => this.#waiting.set(id, resolve));
    this.#write(`${JSON.stringify({ ...order, id })}\n`);
    return answer;
  }
}

/** Of the Node that runs the debuggee. */
export const debuggeeMajor = process.env.DEBUGGEE_NODE_MAJOR ?? process.versions.node.split(".")[0];

const flags = ["--no-force-async-hooks-checks", "--disable-warning=ExperimentalWarning"];

/** A debuggee whose debugger is attached. */
export async function attachedDebuggee(context: TestContext): Promise<DebugClient> {
  const client = await debuggee(context);
  await client.attach();
  return client;
}

/** Starts a debuggee; it ends with the test. `DEBUGGEE_NODE` and `DEBUGGEE_NODE_MAJOR` name another Node than the one that runs the test. */
export async function debuggee(context: TestContext): Promise<DebugClient> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const node = process.env.DEBUGGEE_NODE ?? process.execPath;
  const own = debuggeeMajor === "22" ? ["--experimental-async-context-frame", "--experimental-strip-types"] : [];
  const script = fileURLToPath(new URL("debuggee.ts", import.meta.url));
  const child = spawn(node, [...flags, ...own, script, String((server.address() as AddressInfo).port)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [socket] = await once(server, "connection");
  socket.setNoDelay(true);
  server.close();
  context.after(async () => {
    const ended = child.exitCode === null ? once(child, "exit") : undefined;
    socket.destroy();
    child.kill("SIGKILL");
    await ended;
  });
  const client = new DebugClient((line) => socket.write(line));
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    client.output += text;
  });
  createInterface({ input: socket }).on("line", (line) => client.receive(JSON.parse(line)));
  return client;
}
