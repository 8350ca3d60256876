import type { Comms } from "../display/comm.ts";
import type { TypecheckMode } from "../types/service.ts";
import type { Limits } from "./messages.ts";
import type { ShellResult } from "./shell.ts";
import type { TimeitOptions, Timing } from "./timing.ts";

export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

export interface MemoryUse {
  /** Of the process, all its threads: bytes. */
  readonly rss: number;
  /** JavaScript objects of the thread that runs cells: bytes. */
  readonly heapUsed: number;
  readonly heapLimit: number;
}

/** What the magics do, as functions. `kernel` is this object in every cell, and `import { kernel } from "soclab-kernel"` is the same. */
export interface KernelApi {
  /** `%time`: runs it once, prints the wall and CPU time, gives its result. */
  time<T>(run: () => T | Promise<T>): Promise<T>;
  /** `%timeit`: runs it many times and prints the mean time of a run. */
  timeit(run: () => unknown, options?: TimeitOptions): Promise<Timing>;
  /** `%%time`: prints the time that this cell takes, when it has ended. */
  timeCell(): void;
  /** `%who`: the session's variables. */
  who(): Variable[];
  /** `%reset`: forgets the session's variables, or the named ones. */
  reset(...names: string[]): Promise<void>;
  /** `%env`: all environment variables, one of them, or (with a value) sets one. */
  env(): { readonly [name: string]: string | undefined };
  env(name: string): string | undefined;
  env(name: string, value: string): string;
  /** `!command`: runs it in a shell; its output appears while it runs. */
  sh(command: string): Promise<ShellResult>;
  /** `%load`: puts a file's text into the cell that called it. */
  load(path: string): Promise<void>;
  /** `%%writefile`: writes a text file. */
  writefile(path: string, text: string, options?: { readonly append?: boolean }): Promise<void>;
  /** `?name`: shows the type and documentation of a name; without one (`%magics`), what there is. */
  help(name?: string): Promise<void>;
  /** `%typecheck`: whether a type error stops a cell (`on`), is shown (`warn`), or is not looked for (`off`). */
  typecheck(mode: TypecheckMode): void;
  /** `%limit`: stops a cell that runs longer, or whose heap grows beyond; without arguments nothing is limited. */
  limit(limits?: Limits): void;
  /** `%memory`: what the session takes. */
  memory(): MemoryUse;
  /** Aborted when the running cell is interrupted: give it to what can be stopped. */
  readonly signal: AbortSignal;
  readonly comms: Comms;
  /** What a misspelled magic becomes. @throws Error with the nearest one */
  unknownMagic(magic: string): never;
  unknownLimit(word: string): object;
  /** The folder of the notebook. */
  readonly directory: string;
}
