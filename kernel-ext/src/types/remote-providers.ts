import type { FromProviders, ToProviders } from "./messages.ts";
import type { Provided, ProvidedCompletions, ProviderCell } from "./provider.ts";
import type { ProvidedCell, Providers } from "./providers.ts";

/** A little more than the providers' own limit: the thread that holds them may be running a cell. */
const answerWithinMs = 2500;
/** For completion and inspection, while somebody types: a thread that does not even take the question runs a cell. */
const soonMs = 50;
const soonWhenReceivedMs = 1000;

type Question<T> = T extends { readonly id: number } ? Omit<T, "id"> : never;

/** Providers that live on another thread. A thread that is busy is not waited for. */
export class RemoteProviders implements Providers {
  readonly #post: (message: ToProviders) => void;
  readonly #waiting = new Map<number, (answer: FromProviders) => void>();
  readonly #methods = new Set<string>();
  readonly #packages = new Set<string>();
  readonly #completions = new Map<string, readonly ProvidedCompletions[]>();
  readonly #warnings: string[] = [];
  /** Give a question that was received more time. */
  readonly #extend = new Map<number, () => void>();
  #id = 0;

  constructor(post: (message: ToProviders) => void) {
    this.#post = post;
  }

  receive(answer: FromProviders): void {
    if ("isReceived" in answer) {
      this.#extend.get(answer.id)?.();
      return;
    }
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
    // An answer that comes too late is there for the next key.
    const keep = (answer: FromProviders): void => {
      if (!("completions" in answer)) return;
      this.#completions.set(key, answer.completions);
      const oldest = this.#completions.size > 100 ? this.#completions.keys().next() : undefined;
      if (oldest && !oldest.done) this.#completions.delete(oldest.value);
    };
    await this.#ask({ ask: "complete", cell, offset }, soonMs, keep);
    return this.#completions.get(key) ?? [];
  }

  async provideSoon(cell: ProviderCell): Promise<readonly Provided[]> {
    const answer = await this.#ask({ ask: "provide", cell }, soonMs);
    return answer && "provided" in answer ? answer.provided : [];
  }

  /** @param keep - takes the answer whenever it comes, also after the promise has given up */
  #ask(question: Question<ToProviders>, withinMs: number, keep?: (answer: FromProviders) => void): Promise<FromProviders | undefined> {
    this.#id += 1;
    const id = this.#id;
    return new Promise((resolve) => {
      const giveUp = (): void => {
        if (!keep) this.#waiting.delete(id);
        this.#extend.delete(id);
        resolve(undefined);
      };
      let timer = setTimeout(giveUp, withinMs);
      this.#extend.set(id, () => {
        clearTimeout(timer);
        timer = setTimeout(giveUp, Math.max(withinMs, soonWhenReceivedMs));
      });
      this.#waiting.set(id, (answer) => {
        clearTimeout(timer);
        this.#extend.delete(id);
        keep?.(answer);
        resolve(answer);
      });
      this.#post({ ...question, id });
    });
  }
}
