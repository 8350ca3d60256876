import type { Piece } from "../cells/position-map.ts";
import type { ProvidedCompletions, ProviderCell } from "./provider.ts";
import type { ProvidedCell } from "./providers.ts";
import type { CellDiagnostic, Completeness, Completions, Inspection, TypecheckMode } from "./service.ts";

/** What the worker is started with. */
export interface TypesWorkerData {
  readonly directory: string;
  readonly home: string;
  readonly conditions: readonly string[];
  /** Whether there is a thread that answers for type providers. */
  readonly hasProviders: boolean;
}

export type TypesCall =
  | { readonly method: "prepare"; readonly cell: string; readonly source: string; readonly mode: TypecheckMode }
  | { readonly method: "complete"; readonly source: string; readonly cursor: number }
  | { readonly method: "inspect"; readonly source: string; readonly cursor: number; readonly detail: 0 | 1 }
  | { readonly method: "isComplete"; readonly source: string };

/** A cell as it was checked, so that a new worker can take it in without asking anyone. */
export interface CheckedText {
  readonly cell: string;
  readonly text: string;
  readonly declarations: readonly string[];
}

export interface PreparedMessage {
  readonly diagnostics: readonly CellDiagnostic[];
  readonly isSyntaxError: boolean;
  readonly script: string;
  readonly pieces: readonly Piece[];
  readonly declared: readonly string[];
  /** Undefined where a new worker need not know the cell: it declares and imports nothing. */
  readonly checked: CheckedText | undefined;
}

export type TypesAnswer = PreparedMessage | Completions | Inspection | Completeness | undefined;

/** Notes that are not answered. */
export type TypesNote =
  | { readonly note: "commit"; readonly cell: string }
  | { readonly note: "forget"; readonly names: readonly string[] | undefined }
  | { readonly note: "restore"; readonly checked: CheckedText; readonly isCommitted: boolean };

export type ToTypes = { readonly id: number; readonly call: TypesCall } | TypesNote | { readonly fromProviders: FromProviders };

export type FromTypes =
  | { readonly ready: true }
  | { readonly id: number; readonly answer: TypesAnswer }
  | { readonly id: number; readonly error: string }
  | { readonly toProviders: ToProviders };

/** Questions to the thread that holds the type providers. */
export type ToProviders =
  | { readonly id: number; readonly ask: "methods"; readonly packages: readonly string[] }
  | { readonly id: number; readonly ask: "provide"; readonly cell: ProviderCell }
  | { readonly id: number; readonly ask: "complete"; readonly cell: ProviderCell; readonly offset: number };

export type FromProviders =
  | { readonly id: number; readonly methods: readonly string[]; readonly warnings: readonly string[] }
  | ({ readonly id: number } & ProvidedCell)
  | { readonly id: number; readonly completions: readonly ProvidedCompletions[] }
  /** The thread is free and at work on it. */
  | { readonly id: number; readonly isReceived: true };
