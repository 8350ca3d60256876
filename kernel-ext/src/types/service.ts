import type { PositionMap } from "../cells/position-map.ts";

/** `off`: nothing is checked. `warn`: errors are shown and the cell runs. `on`: an error stops the cell before its first statement. */
export type TypecheckMode = "off" | "warn" | "on";

export interface CellDiagnostic {
  /** `TS2551`, or a provider's code. */
  readonly code: string;
  /** The whole message, its chain in further lines, indented. */
  readonly message: string;
  /** An error stops the cell; under `warn` there is none. */
  readonly severity: "error" | "warning";
  /** Offsets in the cell as the user wrote it. */
  readonly start: number;
  readonly end: number;
}

/** A cell that was checked and compiled. */
export interface PreparedCell {
  readonly diagnostics: readonly CellDiagnostic[];
  /** True where the text is no TypeScript at all; `diagnostics` say why, and it must not run in any mode. */
  readonly isSyntaxError: boolean;
  /** JavaScript for `Runtime.evaluate` in REPL mode, without `sourceURL`. */
  readonly script: string;
  /** Positions of `script` ↔ positions of the cell as the user wrote it. */
  readonly map: PositionMap;
  /** Names that the cell declares at its top level, types included. */
  readonly declared: readonly string[];
}

export interface Completions {
  readonly matches: readonly string[];
  readonly cursorStart: number;
  readonly cursorEnd: number;
  /** Jupyter's `_jupyter_types_experimental`: one for each match. */
  readonly types: readonly {
    readonly text: string;
    readonly type: string;
    readonly start: number;
    readonly end: number;
    readonly signature?: string;
  }[];
}

export interface Inspection {
  /** Signature and documentation as Markdown, and as plain text. */
  readonly markdown: string;
  readonly text: string;
}

export interface Completeness {
  readonly status: "complete" | "incomplete" | "invalid";
  /** For `incomplete`: what the next line starts with. */
  readonly indent: string;
}

/** The compiler as the wire thread sees it; it runs in a worker of its own. Offsets are UTF-16 code units of the cell as the user wrote it. */
export interface TypesService {
  /** @param cell - unique name of this execution, such as `7` */
  prepare(cell: string, source: string, mode: TypecheckMode): Promise<PreparedCell>;
  /** The cell started to run: what it declared is visible to later cells. */
  commit(cell: string): void;
  /** Forgets the names of all cells (`%reset`), or the given ones. */
  forget(names?: readonly string[]): void;
  complete(source: string, cursor: number): Promise<Completions>;
  /** What stands at the cursor, or undefined. `detail` 1 asks for all that is known. */
  inspect(source: string, cursor: number, detail: 0 | 1): Promise<Inspection | undefined>;
  isComplete(source: string): Promise<Completeness>;
  close(): Promise<void>;
}
