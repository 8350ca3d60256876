// The contract of the notebook kernel's type providers, as soclab sees it: neither side imports the other, and a test holds the two together.

/** A string in a cell whose text is known before the cell runs; offsets are of the text without quotes. */
export interface Literal {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** `lake.table("conn")` or `` sql`SELECT …` `` in a cell. */
export interface LiteralUse {
  readonly kind: "call" | "template";
  readonly callee: string;
  readonly receiver: string | undefined;
  readonly method: string;
  /** The arguments that are literals, the others undefined; of a template its text pieces. */
  readonly args: readonly (Literal | undefined)[];
  readonly start: number;
  readonly end: number;
  /** Where `<T>` can be inserted; undefined where the cell has written type arguments. */
  readonly typeArgumentsAt: number | undefined;
}

/** `const lake = openLake("folder")` in this cell, which has not run yet. */
export interface Initialiser {
  readonly name: string;
  readonly callee: string;
  readonly args: readonly (Literal | { readonly name: string } | undefined)[];
}

export interface ProviderCell {
  readonly source: string;
  readonly uses: readonly LiteralUse[];
  readonly initialisers: readonly Initialiser[];
}

/** The session's variables as they are now. */
export interface ProviderSession {
  value(name: string): unknown;
  readonly directory: string;
}

export interface ProvidedDiagnostic {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly code: string;
}

export interface Provided {
  readonly declarations: string;
  readonly insertions: readonly { readonly at: number; readonly text: string }[];
  readonly diagnostics: readonly ProvidedDiagnostic[];
}

export interface ProvidedCompletion {
  readonly label: string;
  readonly kind: "table" | "column" | "keyword" | "value";
  readonly detail?: string;
}

export interface ProvidedCompletions {
  readonly start: number;
  readonly end: number;
  readonly items: readonly ProvidedCompletion[];
}

export interface TypeProvider {
  readonly name: string;
  readonly methods: readonly string[];
  provide(cell: ProviderCell, session: ProviderSession): Promise<Provided>;
  complete?(cell: ProviderCell, offset: number, session: ProviderSession): Promise<ProvidedCompletions | undefined>;
}
