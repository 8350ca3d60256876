import type { Breakpoints } from "./breakpoints.ts";
import type { Execution } from "./execution.ts";
import type { Inspector } from "./inspector.ts";
import { hiddenPatterns, type Scripts } from "./scripts.ts";

/** How many functions that await one another the call stack shows. */
const asyncDepth = 8;

/** Turns V8's debugger on and off: while it is off it costs nothing, and `debugger;` does nothing. */
export class Attachment {
  readonly #inspector: Inspector;
  readonly #scripts: Scripts;
  readonly #breakpoints: Breakpoints;
  readonly #execution: Execution;
  #offs: readonly (() => void)[] = [];

  constructor(inspector: Inspector, scripts: Scripts, breakpoints: Breakpoints, execution: Execution) {
    this.#inspector = inspector;
    this.#scripts = scripts;
    this.#breakpoints = breakpoints;
    this.#execution = execution;
  }

  get isOn(): boolean {
    return this.#offs.length > 0;
  }

  async on(): Promise<void> {
    if (this.isOn) return;
    const inspector = this.#inspector;
    this.#scripts.clear();
    this.#offs = [
      inspector.on("Debugger.scriptParsed", (script) => this.#scripts.parsed(script)),
      inspector.on("Debugger.breakpointResolved", (resolved) => this.#breakpoints.resolved(resolved)),
      inspector.on("Debugger.paused", (event) => this.#execution.paused(event)),
      inspector.on("Debugger.resumed", () => this.#execution.resumed()),
    ];
    try {
      await inspector.post("Debugger.enable");
      await inspector.post("Debugger.setBlackboxPatterns", { patterns: hiddenPatterns });
      await inspector.post("Debugger.setAsyncCallStackDepth", { maxDepth: asyncDepth });
      await this.#breakpoints.bindAll();
    } catch (error) {
      await this.off().catch(() => undefined);
      throw error;
    }
  }

  /** A paused cell runs on. */
  async off(): Promise<void> {
    if (!this.isOn) return;
    if (this.#execution.pause !== undefined) {
      await this.#inspector.post("Debugger.setSkipAllPauses", { skip: true });
      await this.#execution.resume();
    }
    for (const off of this.#offs) off();
    this.#offs = [];
    this.#breakpoints.detached();
    this.#execution.forget();
    await this.#inspector.post("Debugger.disable");
  }
}
