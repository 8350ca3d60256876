import { Session } from "node:inspector";
import type { CellScript, DebugTarget } from "../debugger/target.ts";

/** Cells before these keep their breakpoints, and get no new ones. */
const rememberedCells = 1000;

/** The main thread's inspector as this thread reaches it. */
export class InspectorTarget implements DebugTarget {
  readonly #session = new Session();
  readonly #cells = new Map<string, CellScript>();

  readonly #declare: (name: string) => void;

  /** @param declare - tells later cells of a variable that no cell declared */
  constructor(declare: (name: string) => void = () => {}) {
    this.#declare = declare;
    this.#session.connectToMainThread();
  }

  post(method: string, params: object = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#session.post(method, params, (error, result) => {
        if (error) reject(new Error(error.message));
        else resolve(result);
      });
    });
  }

  on(event: string, listener: (params: unknown) => void): void {
    this.#listeners.set(listener, (message) => listener(message.params));
    this.#session.on(event, this.#listeners.get(listener) ?? listener);
  }

  off(event: string, listener: (params: unknown) => void): void {
    this.#session.off(event, this.#listeners.get(listener) ?? listener);
    this.#listeners.delete(listener);
  }

  declared(name: string): void {
    this.#declare(name);
  }

  cells(): readonly CellScript[] {
    return [...this.#cells.values()];
  }

  add(cell: CellScript): void {
    this.#cells.set(cell.url, cell);
    const [oldest] = this.#cells.size > rememberedCells ? this.#cells.keys() : [];
    if (oldest !== undefined) this.#cells.delete(oldest);
  }

  readonly #listeners = new Map<(params: unknown) => void, (message: { params: unknown }) => void>();
}
