import { parentPort, receiveMessageOnPort } from "node:worker_threads";
import { createDebugger } from "../debugger/create-debugger.ts";
import type { DebugEvent } from "../debugger/target.ts";
import type { JsonObject } from "../protocol/message.ts";
import type { NumberedMessage, ToMain, WireData } from "../session/messages.ts";
import { RingReader } from "../session/ring.ts";
import { stdinState, word } from "../session/shared.ts";
import { TypesClient } from "../types/client.ts";
import { giveBackMemory } from "../types/give-back.ts";
import { CellRunner } from "./cell-runner.ts";
import { History } from "./history.ts";
import { InspectorTarget } from "./inspector-target.ts";
import { Interrupter } from "./interrupter.ts";
import { LateTypes } from "./late-types.ts";
import { LimitWatch } from "./limit-watch.ts";
import { Outputs } from "./outputs.ts";
import { PipeReader } from "./pipe-reader.ts";
import { Server } from "./server.ts";
import type { Sockets } from "./sockets.ts";

const drainMs = 100;
const typesDelayMs = 150;
const settleMs = 2600;

export interface ServerStart {
  readonly data: WireData;
  readonly sockets: Sockets;
  readonly info: JsonObject;
}

/** Puts the parts of the wire thread together. */
export function startServer({ data, sockets, info }: ServerStart): Server {
  const { shared, output, stdin, providers, directory, conditions, pipes, heapLimit } = data;
  const main = parentPort;
  if (!main) throw new Error("the wire thread is started by the kernel");
  const post = (message: ToMain): void => main.postMessage(message);
  const target = new InspectorTarget((name) => {
    const cell = `debugger-${name}`;
    types.prepare(cell, `let ${name}: any;`, "off").then(
      () => types.commit(cell),
      () => {},
    );
  });
  const types = new LateTypes(() => new TypesClient({ directory, conditions, providers }));
  const debug = createDebugger(target, (event: DebugEvent) =>
    sockets.send("iopub", "debug_event", { ...event }, { parent: server.parentOf(server.latestOwner) }),
  );
  let history: Promise<History> | undefined;
  const openedHistory = (): Promise<History> => (history ??= History.open());

  const interrupter: Interrupter = new Interrupter({
    shared,
    target,
    hasCells: (): boolean => cells.live.length > 0,
    tell: (reason, round) => {
      post({ kind: "interrupt", reason });
      post({ kind: "interrupted", round });
    },
    giveUp: (reason) => cells.endAll(reason),
  });
  const interrupt = async (reason: string): Promise<void> => {
    if (debug.isPaused) await debug.resume({ terminate: true });
    cells.endUnstarted(reason);
    const stopped = cells.owners;
    await interrupter.interrupt(reason);
    outputs.drain();
    // A termination may have hit the main thread as it took a cell or told of its end.
    cells.endAll(reason, stopped);
    server.endHandling();
  };
  const cells: CellRunner = new CellRunner({
    heapLimit,
    types,
    target,
    debug,
    record: (add) => void openedHistory().then(add),
    calm: (): Promise<void> => interrupter.calm,
    post,
    settle,
  });
  const server = new Server({
    sockets,
    cells,
    types,
    debug,
    history: openedHistory,
    info,
    ports: portsOf(data.connection),
    post,
    interrupt,
    input,
    settle,
    shutdown,
  });
  const outputs = new Outputs({
    sockets,
    ring: new RingReader(shared),
    nextMessage: () => receiveMessageOnPort(output)?.message as NumberedMessage | undefined,
    onMessage: (message) => {
      if (message.kind === "exit") void exitNow();
      else server.fromMain(message);
    },
    parentOf: (owner) => server.parentOf(owner),
  });
  const readers = pipes
    ? [
        new PipeReader(pipes.stdout, (text) => outputs.add("stdout", server.latestOwner, text)),
        new PipeReader(pipes.stderr, (text) => outputs.add("stderr", server.latestOwner, text)),
      ]
    : [];
  new LimitWatch({ target, cells, debug, interrupt: (reason) => void interrupt(reason) });

  main.on("message", () => outputs.drain());
  // Nor may all output wait for a wake-up that a termination swallowed.
  setInterval(() => outputs.drain(), drainMs).unref();
  outputs.drain();
  setTimeout(() => {
    types.start();
    void openedHistory();
  }, typesDelayMs);
  setTimeout(giveBackMemory, settleMs).unref();
  watchParent();
  return server;

  /** Everything that was printed so far is published. */
  function settle(): void {
    outputs.drain();
    for (const reader of readers) reader.drain();
    outputs.flush();
  }

  function input(value: string): void {
    // An answer that nobody waits for would be taken for that of the next question.
    if (Atomics.load(shared.words, word.stdin) !== stdinState.waiting) return;
    stdin.postMessage(value);
    if (Atomics.compareExchange(shared.words, word.stdin, stdinState.waiting, stdinState.answered) === stdinState.waiting) {
      Atomics.notify(shared.words, word.stdin);
    }
  }

  async function shutdown(): Promise<void> {
    await debug.close();
    await interrupter.interrupt("the kernel was shut down");
    settle();
    (await history)?.close();
    await sockets.close();
    post({ kind: "shutdown" });
    // A main thread in native code takes no message.
    setTimeout(() => process.kill(process.pid, "SIGKILL"), 3000);
  }

  /** A cell called `process.exit()`: what it printed is shown, its front end told, then the main thread goes on to end the process. */
  async function exitNow(): Promise<void> {
    outputs.flush();
    cells.exitAll();
    await new Promise((resolve) => setTimeout(resolve, 20));
    (await history)?.close();
    await sockets.close();
    Atomics.store(shared.words, word.exit, 1);
    Atomics.notify(shared.words, word.exit);
  }
}

/** A kernel whose starter died without a word has nobody left. */
function watchParent(): void {
  if (!process.env.JPY_PARENT_PID) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
  }, 1000).unref();
}

function portsOf({ shell_port, control_port, iopub_port, stdin_port, hb_port }: WireData["connection"]): JsonObject {
  return { shell_port, control_port, iopub_port, stdin_port, hb_port };
}
