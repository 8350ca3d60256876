import type { FromProviders, ToProviders } from "./messages.ts";
import type { ProvidedCompletions, ProviderCell } from "./provider.ts";
import type { ProvidedCell, Providers } from "./providers.ts";

/** A little more than the providers' own limit: the thread that holds them may be running a cell. */
const answerWithinMs = 2500;
const completeWithinMs = 50;

type Question<T> = T extends { readonly id: number } ? Omit<T, "id"> : never;

/** Providers that live on another thread. A thread that is busy is not waited for. */
export class RemoteProviders implements Providers {
  readonly #post: (message: ToProviders) => void;
  readonly #waiting = new Map<number, (answer: FromProviders) => void>();
  readonly #methods = new Set<string>();
  readonly #packages = new Set<string>();
  readonly #completions = new Map<string, readonly ProvidedCompletions[]>();
  readonly #warnings: string[] = [];
  #id = 0;

  constructor(post: (message: ToProviders) => void) {
    this.#post = post;
  }

  receive(answer: FromProviders): void {
    if ("methods" in answer) {
      for (const method of answer.methods) this.#methods.add(method);
      this.#warnings.push(...answer.warnings);
    }
    this.#waiting.get(answer.id)?.(answer);
    this.#waiting.delete(answer.id);
  }

  async methods(packages: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    const unknown = [...packages].filter((name) => !this.#packages.has(name));
    if (unknown.length === 0) return this.#methods;
    for (const name of unknown) this.#packages.add(name);
    // An answer that comes late is taken in all the same.
    await this.#ask({ ask: "methods", packages: unknown }, answerWithinMs);
    return this.#methods;
  }

  takeWarnings(): readonly string[] {
    return this.#warnings.splice(0);
  }

  async provide(cell: ProviderCell): Promise<ProvidedCell> {
    const answer = await this.#ask({ ask: "provide", cell }, answerWithinMs);
    if (!answer || !("provided" in answer)) {
      return {
        provided: [],
        warnings: ["The type providers did not answer; what they know is missing from the types of this cell."],
      };
    }
    return answer;
  }

  async complete(cell: ProviderCell, offset: number): Promise<readonly ProvidedCompletions[]> {
    const key = `${offset} ${cell.source.slice(0, offset).replace(/[\w$]*$/, "")}`;
    const answer = await this.#ask({ ask: "complete", cell, offset }, completeWithinMs);
    if (!answer || !("completions" in answer)) return this.#completions.get(key) ?? [];
    this.#completions.set(key, answer.completions);
    const oldest = this.#completions.size > 100 ? this.#completions.keys().next() : undefined;
    if (oldest && !oldest.done) this.#completions.delete(oldest.value);
    return answer.completions;
  }

  #ask(question: Question<ToProviders>, withinMs: number): Promise<FromProviders | undefined> {
    this.#id += 1;
    const id = this.#id;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        resolve(undefined);
      }, withinMs);
      this.#waiting.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      this.#post({ ...question, id });
    });
  }
}
