import type { MessagePort } from "node:worker_threads";
import type { FromProviders, ToProviders } from "./messages.ts";
import type { ProviderCell, ProviderSession, TypeProvider } from "./provider.ts";
import { findProviderModule } from "./provider-module.ts";

export interface ProviderHostSession extends ProviderSession {
  /** Imports a module on this thread, by its file URL. */
  importModule(url: string): Promise<unknown>;
  /** Conditions under which a package may name another module for its providers. */
  readonly conditions?: readonly string[];
  /** The kernel's own folder: a package that the notebook has not is looked for from here. */
  readonly home?: string;
  /** How long one provider may take. */
  readonly limitMs?: number;
}

interface Loaded {
  readonly provider: TypeProvider;
  timeouts: number;
}

/** A provider that did not answer so often is not asked again. */
const maxTimeouts = 3;

/** Answers the types thread on the thread of the user's code, whose values providers look at. @returns a function that stops it */
export function attachProviderHost(port: MessagePort, session: ProviderHostSession): () => void {
  const host = new ProviderHost(session);
  const listen = (question: ToProviders): void => {
    port.postMessage({ id: question.id, isReceived: true });
    host.answer(question).then((answer) => port.postMessage(answer));
  };
  port.on("message", listen);
  port.unref();
  return () => port.off("message", listen);
}

class ProviderHost {
  readonly #session: ProviderHostSession;
  readonly #loaded: Loaded[] = [];
  readonly #packages = new Set<string>();
  readonly #warned = new Set<string>();

  constructor(session: ProviderHostSession) {
    this.#session = session;
  }

  async answer(question: ToProviders): Promise<FromProviders> {
    const { id } = question;
    const warnings: string[] = [];
    if (question.ask === "methods") {
      for (const name of question.packages) await this.#load(name, warnings);
      return { id, methods: this.#loaded.flatMap(({ provider }) => [...provider.methods]), warnings };
    }
    const asked = this.#loaded.filter(({ provider, timeouts }) => timeouts < maxTimeouts && knows(provider, question.cell));
    if (question.ask === "provide") {
      const provided = await Promise.all(
        asked.map((loaded) => this.#run(loaded, warnings, () => loaded.provider.provide(question.cell, this.#session))),
      );
      return { id, provided: provided.filter((one) => one !== undefined), warnings };
    }
    const completions = await Promise.all(
      asked.map((loaded) =>
        this.#run(loaded, warnings, async () => loaded.provider.complete?.(question.cell, question.offset, this.#session)),
      ),
    );
    return { id, completions: completions.filter((one) => one !== undefined) };
  }

  async #load(name: string, warnings: string[]): Promise<void> {
    if (this.#packages.has(name)) return;
    this.#packages.add(name);
    const { directory, home, conditions = [] } = this.#session;
    try {
      const url = findProviderModule(name, home === undefined ? [directory] : [directory, home], conditions);
      if (url === undefined) return;
      for (const provider of providersOf(await this.#session.importModule(url))) this.#loaded.push({ provider, timeouts: 0 });
    } catch (error) {
      this.#warn(warnings, name, `the type providers of "${name}" could not be loaded: ${messageOf(error)}`);
    }
  }

  async #run<T>(loaded: Loaded, warnings: string[], work: () => Promise<T>): Promise<T | undefined> {
    const { limitMs = 2000 } = this.#session;
    const { name } = loaded.provider;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<"late">((resolve) => {
      timer = setTimeout(() => resolve("late"), limitMs);
    });
    try {
      const answer = await Promise.race([work(), late]);
      if (answer !== "late") {
        // What cannot be sent to another thread is found out here, where it is the provider's error.
        return structuredClone(answer);
      }
      loaded.timeouts += 1;
      this.#warn(warnings, `${name} late`, `the type provider "${name}" did not answer within ${limitMs / 1000} s`);
    } catch (error) {
      this.#warn(warnings, `${name} ${messageOf(error)}`, `the type provider "${name}" failed: ${messageOf(error)}`);
    } finally {
      clearTimeout(timer);
    }
    return undefined;
  }

  #warn(warnings: string[], key: string, message: string): void {
    if (this.#warned.has(key)) return;
    this.#warned.add(key);
    warnings.push(message);
  }
}

function knows(provider: TypeProvider, cell: ProviderCell): boolean {
  return cell.uses.some(({ method }) => provider.methods.includes(method));
}

function providersOf(module: unknown): TypeProvider[] {
  const list = typeof module === "object" && module !== null && "typeProviders" in module ? module.typeProviders : undefined;
  if (!Array.isArray(list)) throw new TypeError("the module has no array `typeProviders`");
  return list.map((provider: unknown) => {
    if (isProvider(provider)) return provider;
    throw new TypeError("a type provider has a `name`, `methods` and a function `provide`");
  });
}

function isProvider(value: unknown): value is TypeProvider {
  if (typeof value !== "object" || value === null) return false;
  const { name, methods, provide } = value as Partial<TypeProvider>;
  return typeof name === "string" && Array.isArray(methods) && typeof provide === "function";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
