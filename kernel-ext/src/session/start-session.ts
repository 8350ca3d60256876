import process from "node:process";
import type { MessagePort, Worker } from "node:worker_threads";
import { setFrontEnd } from "../display/front-end.ts";
import { giveBackMemory } from "../types/give-back.ts";
import { attachProviderHost } from "../types/provider-host.ts";
import { captureConsole } from "./console.ts";
import { createKernelApi } from "./create-kernel-api.ts";
import { setCurrentKernel } from "./current-kernel.ts";
import { offerGlobals } from "./globals.ts";
import { Link } from "./link.ts";
import type { ToMain } from "./messages.ts";
import { Modules, type ModulesOptions } from "./modules.ts";
import { Session } from "./session.ts";
import { type Shared, threadState, word } from "./shared.ts";
import { Stdin } from "./stdin.ts";

const settleMs = 2500;

export interface SessionStart extends ModulesOptions {
  readonly wire: Worker;
  readonly shared: Shared;
  readonly output: MessagePort;
  readonly stdin: MessagePort;
  readonly providers: MessagePort;
}

/** Makes this thread the one that runs cells. @returns what takes the wire thread's messages */
export function startSession({
  wire,
  shared,
  output,
  stdin,
  providers,
  home,
  directory,
  face,
  conditions,
}: SessionStart): (message: ToMain) => void {
  const link = new Link(shared, output, () => wire.postMessage("wake"));
  const modules = new Modules({ directory, home, face, conditions });
  const session = new Session({ shared, link, modules, home });
  const exit = process.exit.bind(process);

  function receive(message: ToMain): void {
    switch (message.kind) {
      case "run":
        session.run(message);
        break;
      case "interrupt":
        Atomics.store(shared.words, word.interrupting, 0);
        session.interrupt(message.reason, message.owner);
        break;
      case "interrupted":
        Atomics.store(shared.words, word.interruptRound, message.round);
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
    // Node takes an undefined code for 0, and no code for that which the cell has set.
    if (code === undefined) exit();
    exit(code);
  }) as typeof process.exit;

  const api = createKernelApi({ session, link, directory });
  setFrontEnd({ output: session.output, comms: session.comms });
  const asker = new Stdin(shared, stdin, link);
  setCurrentKernel({
    kernel: api.kernel,
    ask: (prompt, isPassword) => {
      if (!session.allowsStdin) throw new Error("nobody can be asked: the cell runs without a person at the front end");
      return asker.ask(session.owner, prompt, isPassword);
    },
  });
  offerGlobals(modules.require, directory);
  attachProviderHost(providers, {
    directory,
    home,
    conditions,
    value: (name) => (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? session.evaluator.valueOf(name) : undefined),
    importModule: (url) => import(url),
  });

  const settled = setInterval(() => {
    if (!session.isIdle) return;
    clearInterval(settled);
    giveBackMemory();
  }, settleMs).unref();

  return (message) => {
    Atomics.store(shared.words, word.state, threadState.kernel);
    try {
      receive(message);
    } finally {
      Atomics.store(shared.words, word.state, threadState.idle);
    }
  };
}
