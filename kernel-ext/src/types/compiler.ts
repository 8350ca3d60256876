import ts from "typescript";

/** A source file as the binder leaves it. */
export interface BoundFile extends ts.SourceFile {
  path: ts.Path;
  resolvedPath: ts.Path;
  originalFileName: string;
  /** Names at the top of the file. */
  locals?: Map<ts.__String, LocalSymbol>;
  /** The text of every identifier in the file. */
  readonly identifiers: ReadonlyMap<string, string>;
  readonly parseDiagnostics: readonly ts.DiagnosticWithLocation[];
  /** The specifiers of its imports. */
  imports: readonly ts.StringLiteralLike[];
  externalModuleIndicator?: ts.Node | true | undefined;
}

export interface LocalSymbol extends ts.Symbol {
  /** For `export const x`, the symbol that carries the meaning. */
  exportSymbol?: LocalSymbol;
  parent?: ts.Symbol;
}

export interface ResolvedModule {
  readonly resolvedModule: ts.ResolvedModuleFull | undefined;
}

/** What the checker and the language service ask a program for, and what the overlay answers for cells. */
export interface OverlaidProgram extends ts.Program {
  getResolvedModule(file: ts.SourceFile, name: string, mode: ts.ResolutionMode): ResolvedModule | undefined;
  getResolvedModuleFromModuleSpecifier(specifier: ts.StringLiteralLike, file?: ts.SourceFile): ResolvedModule | undefined;
  getModeForUsageLocation(file: ts.SourceFile, usage: ts.StringLiteralLike): ts.ResolutionMode;
}

export interface OverlaidChecker extends ts.TypeChecker {
  getSuggestedSymbolForNonexistentSymbol(location: ts.Node, name: string, meaning: ts.SymbolFlags): ts.Symbol | undefined;
}

interface Internals {
  bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
  toPath(fileName: string, basePath: string | undefined, canonical: (name: string) => string): ts.Path;
  getTouchingPropertyName(file: ts.SourceFile, position: number): ts.Node;
  getSpellingSuggestion<T>(name: string, candidates: readonly T[], nameOf: (candidate: T) => string): T | undefined;
  findPrecedingToken(position: number, file: ts.SourceFile): ts.Node | undefined;
  isInComment(file: ts.SourceFile, position: number): ts.CommentRange | undefined;
  isInString(file: ts.SourceFile, position: number): boolean;
  parseIsolatedJSDocComment(text: string, start: number, length: number): { readonly jsDoc: ts.JSDoc } | undefined;
  setParentRecursive(node: ts.Node, incremental: boolean): ts.Node;
  readonly Completions: {
    getCompletionsAtPosition(
      host: ts.LanguageServiceHost,
      program: ts.Program,
      log: (message: string) => void,
      file: ts.SourceFile,
      position: number,
      preferences: ts.UserPreferences,
      triggerCharacter: undefined,
      triggerKind: undefined,
      cancellation: undefined,
      format: undefined,
      includeSymbol: boolean,
    ): ts.CompletionInfo | undefined;
  };
  readonly SignatureHelp: {
    getSignatureHelpItems(
      program: ts.Program,
      file: ts.SourceFile,
      position: number,
      reason: undefined,
      cancellation: ts.CancellationToken,
    ): ts.SignatureHelpItems | undefined;
  };
  readonly SymbolDisplay: {
    getSymbolKind(checker: ts.TypeChecker, symbol: ts.Symbol, location: ts.Node): string;
    getSymbolDisplayPartsDocumentationAndSymbolKind(
      checker: ts.TypeChecker,
      symbol: ts.Symbol,
      file: ts.SourceFile,
      enclosing: ts.Node | undefined,
      location: ts.Node,
    ): {
      readonly displayParts: ts.SymbolDisplayPart[];
      readonly documentation: ts.SymbolDisplayPart[];
      readonly symbolKind: string;
      readonly tags: ts.JSDocTagInfo[] | undefined;
    };
  };
}

/**
 * Functions that TypeScript 6.0.3 exports without declaring them. The version is pinned: `LanguageService` makes a new checker for every
 * changed text (13–41 ms); binding a cell by hand and giving it to a standing checker takes about 1 ms.
 */
export const internals = ts as unknown as Internals;
