import type { KernelApi } from "./kernel-api.ts";
import type { Session } from "./session.ts";
import type { Stdin } from "./stdin.ts";

export interface GlobalsOptions {
  readonly kernel: KernelApi;
  readonly require: NodeJS.Require;
  readonly stdin: Stdin;
  readonly session: Session;
  readonly directory: string;
}

/** Puts what every cell may use without an import on the global object. */
export function offerGlobals({ kernel, require, stdin, session, directory }: GlobalsOptions): void {
  const ask = (prompt: unknown, isPassword: boolean): string => {
    if (!session.allowsStdin) throw new Error("this front end gives no input: it runs the cell without a person to ask");
    return stdin.ask(session.owner, String(prompt), isPassword);
  };
  const globals = {
    kernel,
    require,
    prompt: (text: unknown = ""): string => ask(text, false),
    password: (text: unknown = "Password:"): string => ask(text, true),
    __dirname: directory,
    __filename: `${directory}/notebook.ts`,
  };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  }
}
