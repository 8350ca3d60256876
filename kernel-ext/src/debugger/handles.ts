import type { Frame } from "./call-stack.ts";
import type { RemoteObject } from "./inspector.ts";
import { RequestError } from "./request-error.ts";

/** What a `variablesReference` stands for. `path` is the expression that names it, where one does. */
export type Handle =
  | {
      readonly kind: "object";
      readonly objectId: string;
      readonly path?: string | undefined;
      readonly length: number | undefined;
      readonly className: string | undefined;
    }
  /** Elements of an array, or (`isEntries`) of the entries of a Map or Set. */
  | {
      readonly kind: "slice";
      readonly objectId: string;
      readonly path?: string | undefined;
      readonly start: number;
      readonly end: number;
      readonly isEntries: boolean;
    }
  | { readonly kind: "scope"; readonly objectIds: readonly string[]; readonly frame: Frame }
  /** A getter that the user asked to run. */
  | { readonly kind: "getter"; readonly objectId: string; readonly getterId: string; readonly path?: string | undefined }
  /** The scope that is shown first where something was thrown. */
  | { readonly kind: "thrown"; readonly value: RemoteObject; readonly scope: Handle }
  | { readonly kind: "session" };

/** Numbers for what can be opened. A generation is forgotten as a whole, when its objects are released. */
export class Handles {
  readonly #generations = new Map<string, Map<number, Handle>>();
  #next = 1;

  add(generation: string, handle: Handle): number {
    const handles = this.#generations.get(generation) ?? new Map<number, Handle>();
    this.#generations.set(generation, handles);
    handles.set(this.#next, handle);
    return this.#next++;
  }

  /** @returns the handle and the generation that its children belong to */
  get(reference: number): { readonly generation: string; readonly handle: Handle } {
    for (const [generation, handles] of this.#generations) {
      const handle = handles.get(reference);
      if (handle !== undefined) return { generation, handle };
    }
    throw new RequestError(`there is no variable of reference ${reference} any more`);
  }

  release(generation: string): void {
    this.#generations.delete(generation);
  }

  clear(): void {
    this.#generations.clear();
  }
}
