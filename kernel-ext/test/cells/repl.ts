import { Session } from "node:inspector";
import { compileCell } from "../../src/cells/compile-cell.ts";
import { translateMagics } from "../../src/cells/magics.ts";
import { evaluateInReplMode } from "../../src/session/repl-mode.ts";

/** Runs cells as the session does, in REPL mode, so that tests see what V8 makes of the scripts. */
export class Repl {
  readonly #session = new Session();
  #count = 0;
  #body: (() => Promise<void>) | undefined;
  #result: unknown;
  readonly imported: string[] = [];

  constructor() {
    this.#session.connect();
    Object.assign(globalThis, {
      __kernel__: {
        define: (body: () => Promise<void>) => {
          this.#body = body;
        },
        result: (_cell: string, value: unknown) => {
          this.#result = value;
        },
        load: (specifier: string) => {
          this.imported.push(specifier);
          return import(specifier);
        },
        import: (specifier: string) => import(specifier),
        meta: { url: "file:///notebook.ts" },
        using: (_name: string, value: unknown) => value,
      },
    });
  }

  /** @returns the value of the cell's last expression */
  async run(source: string): Promise<unknown> {
    const { script } = compileCell(translateMagics(source).text, { cell: String(++this.#count) });
    this.#result = undefined;
    this.#body = undefined;
    let problem: string | undefined;
    evaluateInReplMode(this.#session, script, (_failure, reply) => {
      problem = reply && "exceptionDetails" in reply ? JSON.stringify(reply.exceptionDetails) : undefined;
    });
    await new Promise((resolve) => setImmediate(resolve));
    if (problem !== undefined) throw new Error(`${problem}\n${script}`);
    await this.#runBody();
    return this.#result;
  }

  async #runBody(): Promise<void> {
    await this.#body?.();
  }

  close(): void {
    this.#session.disconnect();
  }
}
