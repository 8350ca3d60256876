import { Session } from "node:inspector";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { type Piece, PositionMap } from "../../src/cells/position-map.ts";
import { createDebugger } from "../../src/debugger/create-debugger.ts";
import type { CellScript, DebugRequest } from "../../src/debugger/target.ts";
import { bundleOf } from "../../src/display/display-bundle.ts";
import { InspectorTarget } from "../../src/wire/inspector-target.ts";

/** A compiled cell as JSON. */
export interface PlainCell {
  readonly url: string;
  readonly source: string;
  readonly script: string;
  readonly pieces: readonly Piece[];
}

/** What a test asks of the debuggee, one JSON object a line. */
export type Order =
  | { readonly kind: "run"; readonly id: number; readonly cell: PlainCell }
  | { readonly kind: "request"; readonly id: number; readonly request: DebugRequest }
  | { readonly kind: "call"; readonly id: number; readonly method: "close" | "resume" | "terminate" | "isPaused" | "interrupt" };

// A kernel in small: this thread evaluates compiled cells through an inspector session of its own, a worker debugs it.
if (isMainThread) {
  const session = new Session();
  session.connect();
  const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
  let body: (() => Promise<unknown>) | undefined;
  let result: unknown;
  const api = {
    define: (given: () => Promise<unknown>) => {
      body = given;
    },
    result: (_cell: string, value: unknown) => {
      result = value;
    },
    load: (specifier: string) => import(specifier),
    import: (specifier: string) => import(specifier),
    richBundle: (value: unknown) => {
      const bundle = bundleOf(value);
      return bundle instanceof Promise ? bundle.then((settled) => JSON.stringify(settled)) : JSON.stringify(bundle);
    },
  };
  Object.defineProperty(globalThis, "__kernel__", { value: api });
  const answer = (id: number, text: string): void => worker.postMessage({ id, text });
  worker.on("message", ({ id, script, url }: { id: number; script: string; url: string }) => {
    session.post("Runtime.evaluate", { expression: `${script}\n//# sourceURL=${url}`, ...{ replMode: true } }, (_failure, reply) => {
      if (reply?.exceptionDetails) return answer(id, reply.exceptionDetails.exception?.description ?? "");
      result = undefined;
      body?.().then(
        () => answer(id, String(result)),
        (error: unknown) => answer(id, `threw ${error}`),
      );
    });
  });
} else {
  const target = new InspectorTarget();
  const socket = connect(Number(process.argv[2]), "127.0.0.1");
  socket.setNoDelay(true);
  const send = (message: object): void => void socket.write(`${JSON.stringify(message)}\n`);
  const debug = createDebugger(target, (event) => send({ kind: "event", event }));
  const run = async (id: number, { pieces, ...cell }: PlainCell): Promise<void> => {
    const script: CellScript = { ...cell, map: new PositionMap(pieces) };
    target.add(script);
    await debug.beforeRun(script);
    parentPort?.postMessage({ id, script: script.script, url: script.url });
  };
  parentPort?.on("message", ({ id, text }: { id: number; text: string }) => send({ kind: "done", id, value: text }));
  const obey = async (order: Order): Promise<void> => {
    if (order.kind === "run") return run(order.id, order.cell);
    if (order.kind === "request") return send({ kind: "done", id: order.id, value: await debug.handle(order.request) });
    if (order.method === "close") await debug.close();
    else if (order.method === "interrupt") target.post("Runtime.terminateExecution").catch(() => {});
    else if (order.method !== "isPaused") await debug.resume({ terminate: order.method === "terminate" });
    send({ kind: "done", id: order.id, value: debug.isPaused });
  };
  createInterface({ input: socket }).on("line", (line) => void obey(JSON.parse(line)));
  socket.on("close", () => process.exit());
}
