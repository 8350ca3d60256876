/** A string in a cell whose text is known before the cell runs: a literal, or a template without substitutions. */
export interface Literal {
  readonly text: string;
  /** Where the text (without quotes) starts and ends in the cell. */
  readonly start: number;
  readonly end: number;
}

/** `lake.table("conn")` or `` sql`SELECT …` `` in a cell. */
export interface LiteralUse {
  readonly kind: "call" | "template";
  /** What is called, as written: `lake.table`, `sql`. */
  readonly callee: string;
  /** `lake` in `lake.table`; undefined where the callee is a plain name. */
  readonly receiver: string | undefined;
  /** `table` in `lake.table`, `sql` in `sql`. */
  readonly method: string;
  /** The arguments that are literals, the others undefined. A template with substitutions has its text pieces here. */
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
  /** Literal arguments, or the name of a plain variable. */
  readonly args: readonly (Literal | { readonly name: string } | undefined)[];
}

/** What a provider is given: a cell before it is checked. Offsets are of `source`. */
export interface ProviderCell {
  readonly source: string;
  readonly uses: readonly LiteralUse[];
  readonly initialisers: readonly Initialiser[];
}

/** The session's variables as they are now. */
export interface ProviderSession {
  /** The value of a variable of earlier cells, undefined where there is none. */
  value(name: string): unknown;
  /** The folder of the notebook. */
  readonly directory: string;
}

export interface ProvidedDiagnostic {
  readonly start: number;
  readonly end: number;
  /** With "Did you mean …" where there is a near name. */
  readonly message: string;
  /** Shown beside the message, such as `SOCLAB_UNKNOWN_COLUMN`. */
  readonly code: string;
}

export interface Provided {
  /**
   * Declarations (`interface …`), text of a `.d.ts` file. Equal text for equal schemas: it is cached by it. A name that is declared anew is
   * new for this cell and later ones; earlier cells keep the types that they had.
   */
  readonly declarations: string;
  /** Text put into the cell that the compiler sees: most often type arguments, at a use's `typeArgumentsAt`. */
  readonly insertions: readonly { readonly at: number; readonly text: string }[];
  /** Red lines that the compiler would not find itself, such as what the engine says about a query. */
  readonly diagnostics: readonly ProvidedDiagnostic[];
}

export interface ProvidedCompletion {
  readonly label: string;
  readonly kind: "table" | "column" | "keyword" | "value";
  /** Its type, or what it is. */
  readonly detail?: string;
}

/** Completions for the text between two offsets of the cell. */
export interface ProvidedCompletions {
  readonly start: number;
  readonly end: number;
  readonly items: readonly ProvidedCompletion[];
}

/**
 * Turns what a cell names into types before it is checked. A package offers providers in its package.json,
 * `"jupyter": { "typeProviders": "./path/to/module.js" }`, a module that exports `typeProviders: TypeProvider[]`; they are asked about every cell
 * of a session that has imported, or imports, the package. They run on the thread of the user's code, between cells, under a time limit.
 */
export interface TypeProvider {
  readonly name: string;
  /** Names of methods and tags that this provider knows; a cell without them is not shown to it. */
  readonly methods: readonly string[];
  provide(cell: ProviderCell, session: ProviderSession): Promise<Provided>;
  complete?(cell: ProviderCell, offset: number, session: ProviderSession): Promise<ProvidedCompletions | undefined>;
}
