import type { Provided, ProvidedCompletions, ProviderCell } from "./provider.ts";
import type { CellDiagnostic } from "./service.ts";

export interface ProvidedCell {
  readonly provided: readonly Provided[];
  /** What the user should know about providers themselves: one that failed, or did not answer. */
  readonly warnings: readonly string[];
}

/** The type providers of the session, as the compiler's thread sees them. */
export interface Providers {
  /** Names of methods and tags that some provider knows, once these packages are imported. */
  methods(packages: ReadonlySet<string>): Promise<ReadonlySet<string>>;
  /** What is to be said about providers that were loaded since it was last asked. */
  takeWarnings(): readonly string[];
  provide(cell: ProviderCell): Promise<ProvidedCell>;
  /** As `provide`, for a cell that is being written: nothing where the answer takes longer than a moment. */
  provideSoon(cell: ProviderCell): Promise<readonly Provided[]>;
  /** Never waits for a cell that runs. */
  complete(cell: ProviderCell, offset: number): Promise<readonly ProvidedCompletions[]>;
}

/** A session without providers. */
export const noProviders: Providers = {
  methods: async () => new Set(),
  takeWarnings: () => [],
  provide: async () => ({ provided: [], warnings: [] }),
  provideSoon: async () => [],
  complete: async () => [],
};

export function providerWarning(message: string): CellDiagnostic {
  return { code: "TYPE_PROVIDER", message, severity: "warning", start: 0, end: 0 };
}
