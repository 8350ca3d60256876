import { getHeapStatistics } from "node:v8";
import { MessageChannel, Worker } from "node:worker_threads";
import { setFrontEnd } from "../display/front-end.ts";
import { readConnectionFile } from "./connection-file.ts";
import { captureConsole } from "./console.ts";
import { createKernelApi } from "./create-kernel-api.ts";
import { setCurrentKernel } from "./current-kernel.ts";
import { offerGlobals } from "./globals.ts";
import { Link } from "./link.ts";
import type { ToMain, WireData } from "./messages.ts";
import { Modules } from "./modules.ts";
import { redirectDescriptors } from "./pipes.ts";
import { Session } from "./session.ts";
import { createShared, threadState, word } from "./shared.ts";
import { Stdin } from "./stdin.ts";

export interface LaunchOptions {
  /** Export conditions with which cells import, such as `soclab-source`. */
  readonly conditions?: readonly string[];
  /** Entry modules that know their own place: this package is run from its sources or from what they compile to. */
  readonly wireEntry: URL;
  readonly face: string;
  readonly home: string;
}

/**
 * Runs a kernel on this thread until a front end shuts it down. Returns when the sockets are being opened.
 * @throws Error where the connection file is none
 */
export function launch(connectionFile: string, { conditions = [], wireEntry, face, home }: LaunchOptions): void {
  const connection = readConnectionFile(connectionFile);
  const pipes = redirectDescriptors();
  const shared = createShared();
  const [output, stdin, providers] = [new MessageChannel(), new MessageChannel(), new MessageChannel()];
  const directory = process.cwd();
  const workerData: WireData = {
    connection,
    shared,
    output: output.port1,
    stdin: stdin.port1,
    providers: providers.port1,
    directory,
    conditions,
    pipes,
    heapLimit: getHeapStatistics().heap_size_limit,
  };
  const wire = new Worker(wireEntry, {
    workerData,
    transferList: [output.port1, stdin.port1, providers.port1],
    stdout: false,
    stderr: false,
  });
  const link = new Link(shared, output.port2, () => wire.postMessage("wake"));
  const modules = new Modules({ directory, home, face, conditions });
  const session = new Session({ shared, link, modules, home });
  const exit = process.exit.bind(process);

  wire.on("message", (message: ToMain) => {
    Atomics.store(shared.words, word.state, threadState.kernel);
    try {
      receive(message);
    } finally {
      Atomics.store(shared.words, word.state, threadState.idle);
    }
  });
  wire.on("error", (error) => {
    process.stderr.write(`the kernel's wire thread failed: ${error.stack}\n`);
    exit(1);
  });
  wire.on("exit", (code) => exit(code));

  function receive(message: ToMain): void {
    switch (message.kind) {
      case "run":
        session.run(message);
        break;
      case "interrupt":
        Atomics.store(shared.words, word.interrupting, 0);
        Atomics.add(shared.words, word.interruptsTaken, 1);
        session.interrupt(message.reason, message.owner);
        break;
      case "forget":
        session.forget(message.owner);
        break;
      case "comm":
        session.receiveComm(message);
        break;
      case "answer":
        api.answered(message.request, message.value, message.error);
        break;
      case "shutdown":
        void Promise.race([session.dispose(), new Promise((resolve) => setTimeout(resolve, 1000))]).finally(() => exit(0));
        break;
    }
  }

  captureConsole((stream, text) => session.print(stream, text));
  process.on("uncaughtException", (error) => session.stray(error));
  process.on("unhandledRejection", (reason) => session.stray(reason));
  process.on("SIGINT", () => {});
  process.on("warning", (warning) => {
    if (warning.name !== "ExperimentalWarning") session.print("stderr", `${warning.name}: ${warning.message}\n`);
  });
  process.removeAllListeners("warning");
  process.exit = ((code?: number) => {
    link.send({ kind: "exit", code: code ?? 0 });
    // The wire thread publishes what is left, and then ends the process.
    Atomics.wait(shared.words, word.exit, 0, 2000);
    exit(code ?? 0);
  }) as typeof process.exit;

  const api = createKernelApi({ session, link, directory });
  setFrontEnd({ output: session.output, comms: session.comms });
  const asker = new Stdin(shared, stdin.port2, link);
  setCurrentKernel({
    kernel: api.kernel,
    ask: (prompt, isPassword) => {
      if (!session.allowsStdin) throw new Error("nobody can be asked: the cell runs without a person at the front end");
      return asker.ask(session.owner, prompt, isPassword);
    },
  });
  offerGlobals(modules.require, directory);
}
