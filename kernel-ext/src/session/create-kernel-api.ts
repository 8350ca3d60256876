import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import process from "node:process";
import { inspect } from "node:util";
import { getHeapStatistics } from "node:v8";
import { magicNames } from "../cells/magic-names.ts";
import type { Inspection } from "../types/service.ts";
import type { KernelApi, Variable } from "./kernel-api.ts";
import type { Link } from "./link.ts";
import { magicHelp } from "./magic-help.ts";
import type { Session } from "./session.ts";
import { runInShell } from "./shell.ts";
import { duration, timeit } from "./timing.ts";

export interface KernelApiOptions {
  readonly session: Session;
  readonly link: Link;
  readonly directory: string;
}

/** The `kernel` of cells, and the way by which the wire thread's answers come back to it. */
export function createKernelApi({ session, link, directory }: KernelApiOptions): {
  readonly kernel: KernelApi;
  answered(request: number, value: unknown, error: string | undefined): void;
} {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let requests = 0;
  const print = (text: string): void => session.print("stdout", `${text}\n`);

  function env(name?: string, value?: string): unknown {
    if (name === undefined) return { ...process.env };
    if (value !== undefined) process.env[name] = value;
    return process.env[name];
  }

  const kernel: KernelApi = {
    async time(run) {
      const cpu = process.cpuUsage();
      const start = performance.now();
      try {
        return await run();
      } finally {
        const { user, system } = process.cpuUsage(cpu);
        print(`wall ${duration(performance.now() - start)}, CPU ${duration((user + system) / 1000)}`);
      }
    },
    async timeit(run, options) {
      const timing = await timeit(run, options);
      const { meanMs, standardDeviationMs, repeat, number } = timing;
      print(
        `${duration(meanMs)} ± ${duration(standardDeviationMs)} a run (mean ± standard deviation of ${repeat} rounds of ${number} runs)`,
      );
      return timing;
    },
    timeCell: () => session.timeCell(),
    who: () => variablesOf(session),
    async reset(...names) {
      const chosen = names.length === 0 ? session.evaluator.names() : names;
      await session.dispose(chosen);
      const known = new Set(session.evaluator.names());
      for (const name of chosen) if (known.has(name)) session.evaluator.forget(name);
      link.send({ kind: "reset", names: names.length === 0 ? undefined : names });
    },
    env: env as KernelApi["env"],
    sh: (command) => runInShell(command, directory, session.signal, (stream, text) => session.print(stream, text)),
    async load(path) {
      const text = await readFile(resolve(directory, path), "utf8");
      session.addPayload({ source: "set_next_input", text: `// %load ${path}\n${text}`, replace: true });
    },
    async writefile(path, text, { append = false } = {}) {
      await writeFile(resolve(directory, path), text, { flag: append ? "a" : "w" });
      print(`${append ? "Added to" : "Wrote"} ${path}`);
    },
    async help(name) {
      if (name === undefined) return print(magicHelp);
      const request = ++requests;
      const answer = new Promise<unknown>((resolve, reject) => waiting.set(request, { resolve, reject }));
      link.send({ kind: "inspect", request, source: name, cursor: name.length });
      const found = (await answer) as Inspection | undefined;
      if (!found) return print(`nothing is known of ${name}`);
      session.page({ "text/plain": found.text, "text/markdown": found.markdown });
    },
    typecheck(mode) {
      if (!["off", "warn", "on"].includes(mode)) throw new RangeError(`%typecheck takes off, warn or on, not ${inspect(mode)}`);
      link.send({ kind: "typecheck", mode });
    },
    limit: (limits = {}) => link.send({ kind: "limits", limits }),
    memory: () => {
      const { rss, heapUsed } = process.memoryUsage();
      return { rss, heapUsed, heapLimit: getHeapStatistics().heap_size_limit };
    },
    get signal() {
      return session.signal;
    },
    comms: session.comms,
    unknownMagic(magic) {
      throw new Error(`there is no magic ${magic}. There are ${magicNames.join(" ")} and !command, ?name; %magics explains them`);
    },
    unknownLimit(word) {
      throw new Error(`%limit does not know ${inspect(word)}: it takes time=60 (seconds) and memory=2GB, or off`);
    },
    directory,
  };
  return {
    kernel,
    answered(request, value, error) {
      const asked = waiting.get(request);
      waiting.delete(request);
      if (error === undefined) asked?.resolve(value);
      else asked?.reject(new Error(error));
    },
  };
}

function variablesOf(session: Session): Variable[] {
  return session.evaluator
    .names()
    .sort()
    .map((name) => {
      const value = session.evaluator.valueOf(name);
      const type = value === null ? "null" : typeof value === "object" ? (value.constructor?.name ?? "object") : typeof value;
      return {
        name,
        type,
        value: inspect(value, { depth: 0, maxArrayLength: 3, maxStringLength: 60, breakLength: Number.POSITIVE_INFINITY }).slice(0, 80),
      };
    });
}
