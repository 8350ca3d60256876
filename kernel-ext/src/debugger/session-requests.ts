import { capabilities } from "./capabilities.ts";
import { type DebugSession, threadId } from "./debug-session.ts";
import type { Handlers } from "./requests.ts";

/** Requests that start, describe and end the debugger. */
export function sessionRequests(session: DebugSession): Handlers {
  const { sources, breakpoints, execution, attachment, factory } = session;

  async function disconnect(): Promise<undefined> {
    breakpoints.clear();
    session.isStarted = false;
    await attachment.off();
    return undefined;
  }

  return {
    debugInfo: () => ({
      isStarted: session.isStarted,
      hashMethod: sources.hashMethod,
      hashSeed: sources.hashSeed,
      tmpFilePrefix: sources.prefix,
      tmpFileSuffix: sources.suffix,
      breakpoints: Array.from(breakpoints.all(), ([source, set]) => ({
        source,
        breakpoints: set.map(({ line, condition, hitCondition, logMessage }) => ({ line, condition, hitCondition, logMessage })),
      })),
      stoppedThreads: execution.pause === undefined ? [] : [threadId],
      richRendering: true,
      exceptionPaths: ["JavaScript Exceptions"],
      copyToGlobals: true,
    }),

    initialize(args) {
      session.isStarted = true;
      const client = args.optionalText("clientID");
      factory.showsType = client !== "jupyterlab";
      // JupyterLab says that it pages, and never does.
      factory.pages = client !== "jupyterlab" && args.flag("supportsVariablePaging");
      return capabilities;
    },

    async attach() {
      const isNew = !attachment.isOn;
      await attachment.on();
      session.isStarted = true;
      session.emit("initialized");
      if (isNew) session.emit("thread", { reason: "started", threadId });
      return undefined;
    },

    configurationDone: () => undefined,

    disconnect,

    async terminate() {
      await execution.resume({ terminate: true });
      await disconnect();
      session.emit("terminated");
      return undefined;
    },

    /** Breakpoints stay. */
    async restart() {
      const { exceptionMode } = execution;
      await attachment.off();
      await attachment.on();
      await execution.setExceptionMode(exceptionMode);
      return undefined;
    },

    threads: () => ({ threads: [{ id: threadId, name: "cells" }] }),

    /** Each file once: a module that changed is loaded anew, under another URL. */
    modules(args) {
      const byPath = new Map(
        session.scripts.modules().map(({ id, source }) => [source.path, { id: Number(id), name: source.name, path: source.path }]),
      );
      const all = [...byPath.values()];
      const start = args.optionalInteger("startModule") ?? 0;
      const count = args.optionalInteger("moduleCount") || all.length;
      return { modules: all.slice(start, start + count), totalModules: all.length };
    },
  };
}
