import { randomUUID } from "node:crypto";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import type { DebugEvent } from "../debugger/target.ts";
import type { FromMain, ToMain, WireData } from "../session/messages.ts";
import { RingReader } from "../session/ring.ts";
import { stdinState, word } from "../session/shared.ts";
import { CellRunner } from "./cell-runner.ts";
import { History } from "./history.ts";
import { InspectorTarget } from "./inspector-target.ts";
import { Interrupter } from "./interrupter.ts";
import { kernelInfo } from "./kernel-info.ts";
import { LimitWatch } from "./limit-watch.ts";
import { Outputs } from "./outputs.ts";
import { PipeReader } from "./pipe-reader.ts";
import { createDebugger } from "./plain-debugger.ts";
import { TypesClient } from "./plain-types.ts";
import { Server } from "./server.ts";
import { Sockets } from "./sockets.ts";

const { connection, shared, output, stdin, providers, directory, conditions, pipes, heapLimit } = workerData as WireData;
const main = parentPort;
if (!main) throw new Error("the wire thread is started by the kernel");
const post = (message: ToMain): void => main.postMessage(message);

const sockets = new Sockets({
  connection,
  session: randomUUID(),
  onMessage: (channel, message) => server.receive(channel, message),
  onRefused: () => {},
  onSubscribe: (topic) => sockets.send("iopub", "iopub_welcome", { subscription: topic }, { identities: [Buffer.from(topic)] }),
});
const target = new InspectorTarget();
const types = new TypesClient({ directory, conditions, providers });
const debug = createDebugger(target, (event: DebugEvent) =>
  sockets.send("iopub", "debug_event", { ...event }, { parent: server.parentOf(server.latestOwner) }),
);
let history: Promise<History> | undefined;
let openHistory: History | undefined;
const openedHistory = (): Promise<History> =>
  (history ??= History.open().then((opened) => {
    openHistory = opened;
    return opened;
  }));

const interrupter = new Interrupter({
  shared,
  target,
  tell: (reason) => post({ kind: "interrupt", reason }),
  giveUp: (reason) => cells.endAll(reason),
});
const interrupt = async (reason: string): Promise<void> => {
  await debug.close();
  await interrupter.interrupt(reason);
};
const cells = new CellRunner({ heapLimit, types, target, debug, history: () => openHistory, post, settle });
const server = new Server({
  sockets,
  cells,
  types,
  debug,
  history: openedHistory,
  info: kernelInfo(),
  post,
  interrupt,
  input,
  settle,
  shutdown,
});
const outputs = new Outputs({
  sockets,
  ring: new RingReader(shared),
  nextMessage: () => receiveMessageOnPort(output)?.message as FromMain | undefined,
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
new LimitWatch({ target, cells, interrupt: (reason) => void interrupt(reason) });

main.on("message", () => outputs.drain());
await sockets.open();
sockets.send("iopub", "status", { execution_state: "starting" });
outputs.drain();
void openedHistory();
watchParent();

/** Everything that was printed so far is published. */
function settle(): void {
  outputs.drain();
  for (const reader of readers) reader.drain();
  outputs.flush();
}

function input(value: string): void {
  stdin.postMessage(value);
  if (Atomics.compareExchange(shared.words, word.stdin, stdinState.waiting, stdinState.answered) === stdinState.waiting) {
    Atomics.notify(shared.words, word.stdin);
  }
}

async function shutdown(): Promise<void> {
  await debug.close();
  settle();
  openHistory?.close();
  await sockets.close();
  post({ kind: "shutdown" });
  target.post("Runtime.terminateExecution").catch(() => {});
  // A main thread in native code takes no message.
  setTimeout(() => process.kill(process.pid, "SIGKILL"), 3000);
}

/** A cell called `process.exit()`: what it printed is shown, its front end told, then the main thread goes on to end the process. */
async function exitNow(): Promise<void> {
  outputs.flush();
  cells.exitAll();
  await new Promise((resolve) => setTimeout(resolve, 20));
  openHistory?.close();
  await sockets.close();
  Atomics.store(shared.words, word.exit, 1);
  Atomics.notify(shared.words, word.exit);
}

/** A kernel whose starter died without a word has nobody left. */
function watchParent(): void {
  if (!process.env.JPY_PARENT_PID) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
  }, 1000).unref();
}
