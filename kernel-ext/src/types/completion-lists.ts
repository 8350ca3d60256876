import type { CompletionEntry } from "./completion-entry.ts";

const limit = 8;

/** The last lists of completions by their place, for as long as nothing else has changed. */
export class CompletionLists {
  readonly #lists = new Map<string, readonly CompletionEntry[]>();
  readonly #version: () => string;
  #at = "";

  constructor(version: () => string) {
    this.#version = version;
  }

  get(place: string, make: () => readonly CompletionEntry[]): readonly CompletionEntry[] {
    const version = this.#version();
    if (version !== this.#at) this.#lists.clear();
    const known = this.#lists.get(place);
    if (known && version === this.#at) return known;
    const list = make();
    this.#lists.set(place, list);
    // Making the list may have taken a module into the program.
    this.#at = this.#version();
    const oldest = this.#lists.size > limit ? this.#lists.keys().next() : undefined;
    if (oldest && !oldest.done) this.#lists.delete(oldest.value);
    return list;
  }
}
