import ts from "typescript";
import { compileCell } from "../cells/compile-cell.ts";
import { translateMagics } from "../cells/magics.ts";
import { PositionMap } from "../cells/position-map.ts";
import { type CellFile, layCell, parseCell, releaseUnused } from "./cell-file.ts";
import { augmentationsOf, packagesOf } from "./cell-modules.ts";
import { type CellText, withInsertions } from "./cell-text.ts";
import { type CheckedCell, CheckedCells } from "./checked-cells.ts";
import type { BoundFile, LocalSymbol } from "./compiler.ts";
import { CompletionLists } from "./completion-lists.ts";
import { cellDiagnostics, sourceRange } from "./diagnostics.ts";
import { languageHost } from "./language-host.ts";
import { providerCell } from "./literal-uses.ts";
import type { CheckedText } from "./messages.ts";
import { ModuleExportsIndex } from "./module-exports.ts";
import { withNearName } from "./near-name.ts";
import { openVariables } from "./open-variables.ts";
import { ProvidedTypes } from "./provided-types.ts";
import type { Provided, ProviderCell } from "./provider.ts";
import { noProviders, type Providers, providerWarning } from "./providers.ts";
import type { CellDiagnostic, PreparedCell, TypecheckMode } from "./service.ts";
import { StandingProgram, type StandingProgramOptions } from "./standing-program.ts";
import { VisibleNames } from "./visible-names.ts";

interface PreparedFile {
  readonly cell: CellFile;
  readonly declarations: readonly string[];
}

/** After so many checks the checker is made anew while nobody waits: it forgets nothing by itself. */
const checksPerGeneration = 500;

/** Checks and compiles cells, on the thread that it is made on. */
export class CellChecker {
  readonly standing: StandingProgram;
  readonly visible = new VisibleNames();
  readonly providers: Providers;
  readonly completions: CompletionLists;
  readonly moduleExports: ModuleExportsIndex;
  readonly languageHost: ts.LanguageServiceHost;
  readonly #checked = new CheckedCells();
  readonly #prepared = new Map<string, PreparedFile>();
  readonly #packages = new Set<string>();
  readonly #provided: ProvidedTypes;
  #augmentations = "";
  #checks = 0;

  constructor(options: StandingProgramOptions, providers: Providers = noProviders) {
    this.standing = new StandingProgram(options);
    this.providers = providers;
    this.completions = new CompletionLists(() => `${this.standing.generation} ${this.visible.version}`);
    this.moduleExports = new ModuleExportsIndex(this.standing);
    this.languageHost = languageHost(this.standing);
    this.#provided = new ProvidedTypes(this.standing, this.visible);
  }

  async prepare(cell: string, source: string, asked: TypecheckMode): Promise<PreparedCell> {
    try {
      return await this.#prepare(cell, source, asked);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return tooDeep(source);
    }
  }

  /** Makes what the cell declared visible to the cells after it. */
  commit(cell: string): void {
    const prepared = this.#prepared.get(cell)?.cell;
    if (!prepared) return;
    this.#prepared.delete(cell);
    releaseUnused(prepared);
    this.visible.declare(cell, openVariables(prepared.own, this.standing.options));
    for (const name of packagesOf(prepared.file)) this.#packages.add(name);
  }

  /** What `restore` needs; undefined for a cell that leaves no trace. */
  checkedText(cell: string): CheckedText | undefined {
    const prepared = this.#prepared.get(cell);
    if (!prepared) return undefined;
    const { file, own } = prepared.cell;
    if (own.size === 0 && packagesOf(file).size === 0 && augmentationsOf(file) === "") return undefined;
    return { cell, text: file.text, declarations: prepared.declarations };
  }

  /** Takes in a cell that another worker checked. */
  restore({ cell, text, declarations }: CheckedText, isCommitted: boolean): void {
    for (const one of declarations) this.#provided.add(one);
    const file = parseCell(this.standing.directory, cell, text);
    this.#augment(file);
    this.#remember(cell, { cell: layCell(this.standing, this.visible, file), declarations });
    if (isCommitted) this.commit(cell);
  }

  /** Loads what the first cell needs. */
  warm(): void {
    const file = parseCell(this.standing.directory, "warm", warmText);
    layCell(this.standing, this.visible, file);
    this.standing.program.getSemanticDiagnostics(file);
  }

  /** Lets go of what many checks left behind. For times when nobody waits. */
  tidy(): void {
    if (this.#checks >= checksPerGeneration) {
      this.#checks = 0;
      this.#checked.clear();
      this.standing.renew();
      this.warm();
    }
    this.moduleExports.refresh();
  }

  forget(names?: readonly string[]): void {
    this.visible.forget(names);
    if (names) return;
    this.#checked.clear();
    this.#augmentations = "";
    this.standing.augment("");
  }

  /** A cell as the compiler sees it, and where the cursor is in it: undefined in what is no TypeScript, such as the name of a magic. */
  translated(source: string, cursor: number): CellText & { readonly offset: number | undefined } {
    const cell = translateMagics(source);
    const at = Math.min(Math.max(cursor, 0), source.length);
    return { ...cell, offset: cell.map.toMade(at) };
  }

  parse(text: string): BoundFile {
    return parseCell(this.standing.directory, "edited", text);
  }

  /** A cell that is not to run: for completion and inspection. */
  lay(text: string): CellFile {
    this.#checks += 1;
    return layCell(this.standing, this.visible, this.parse(text));
  }

  /** The packages whose providers are asked about a cell. */
  packagesFor(file: BoundFile): ReadonlySet<string> {
    const packages = packagesOf(file);
    return packages.size === 0 ? this.#packages : new Set([...this.#packages, ...packages]);
  }

  /** As {@link translated}, with what providers put into the cell, and their declarations known. */
  async typed(source: string, cursor: number): Promise<CellText & { readonly offset: number | undefined }> {
    const cell = this.translated(source, cursor);
    const file = this.parse(cell.text);
    const asked = await this.#askable(file);
    if (!asked) return cell;
    const provided = await this.providers.provideSoon(asked);
    for (const { declarations } of provided) this.#provided.add(declarations);
    const whole = withInsertions(cell, provided);
    return { ...whole, offset: whole.map.toMade(Math.min(Math.max(cursor, 0), source.length)) };
  }

  /** What providers are shown of a cell; undefined where it names nothing that they know. */
  async #askable(file: BoundFile): Promise<ProviderCell | undefined> {
    const methods = await this.providers.methods(this.packagesFor(file));
    return [...methods].some((method) => file.identifiers.has(method)) ? providerCell(file, methods) : undefined;
  }

  async #prepare(cell: string, source: string, asked: TypecheckMode): Promise<PreparedCell> {
    const translated = translateMagics(source);
    const mode = translated.typecheck ?? asked;
    const diagnostics: CellDiagnostic[] = [];
    let file = parseCell(this.standing.directory, cell, translated.text);
    let text: CellText = translated;
    let provided: readonly Provided[] = [];
    if (file.parseDiagnostics.length > 0) return syntaxError(file, text, source);
    if (mode !== "off") {
      provided = await this.#provide(file, translated, source, diagnostics);
      const whole = withInsertions(translated, provided);
      const made = whole === text ? file : parseCell(this.standing.directory, cell, whole.text);
      if (made.parseDiagnostics.length === 0) [text, file] = [whole, made];
      else
        diagnostics.push(providerWarning("What the type providers put into this cell is no TypeScript; the cell was checked without it."));
    }
    this.standing.refresh();
    this.#augment(file);
    const checked = this.#check(file, mode);
    if (mode !== "off") diagnostics.unshift(...cellDiagnostics(checked.cell.file, checked.found, text.map, source.length));
    if (checked.failure !== undefined) diagnostics.push(failedWarning(checked.failure));
    this.#remember(cell, { cell: checked.cell, declarations: provided.map(({ declarations }) => declarations) });
    const { checker } = this.standing;
    const isTypeOnly = (name: string): boolean => isTypeAlias(checker, checked.cell.own.get(name));
    const { script, map, declared } = compileCell(text.text, { cell, isTypeOnly, shadowed: this.visible.shadowed() });
    const shown = mode === "warn" ? diagnostics.map((diagnostic) => ({ ...diagnostic, severity: "warning" as const })) : diagnostics;
    return { diagnostics: shown, isSyntaxError: false, script, map: text.map.followedBy(map), declared };
  }

  #check(file: BoundFile, mode: TypecheckMode): CheckedCell & { readonly failure?: string } {
    const { generation } = this.standing;
    const known = this.#checked.get(file.text, generation, this.visible);
    if (known) return known;
    this.#checks += 1;
    const cell = layCell(this.standing, this.visible, file);
    if (mode === "off") return { cell, found: [] };
    const { program, checker } = this.standing;
    try {
      const found = program.getSemanticDiagnostics(file).map((diagnostic) => withNearName(checker, file, diagnostic));
      const checked = { cell, found };
      this.#checked.set(file.text, this.standing.generation, this.visible, checked);
      return checked;
    } catch (error) {
      // A checker that threw half-way is not to be trusted again.
      this.standing.renew();
      return { cell, found: [], failure: error instanceof RangeError ? "its types nest too deeply" : messageOf(error) };
    }
  }

  async #provide(file: BoundFile, { text, map }: CellText, source: string, diagnostics: CellDiagnostic[]): Promise<readonly Provided[]> {
    const cell = await this.#askable(file);
    diagnostics.push(...this.providers.takeWarnings().map(providerWarning));
    if (!cell) return [];
    const { provided, warnings } = await this.providers.provide(cell);
    for (const { code, message, start, end } of provided.flatMap((one) => one.diagnostics)) {
      diagnostics.push({ code, message, severity: "error", ...sourceRange(map, start, Math.min(end, text.length), source.length) });
    }
    diagnostics.push(...warnings.map(providerWarning));
    for (const { declarations } of provided) this.#provided.add(declarations);
    return provided;
  }

  #augment(file: BoundFile): void {
    const text = augmentationsOf(file);
    if (text === "" || this.#augmentations.includes(text)) return;
    this.#augmentations += `${text}\n`;
    this.standing.augment(this.#augmentations);
  }

  #remember(cell: string, prepared: PreparedFile): void {
    this.#prepared.set(cell, prepared);
    // Cells that were prepared and never ran are not kept for ever.
    const oldest = this.#prepared.size > 50 ? this.#prepared.keys().next() : undefined;
    if (oldest && !oldest.done) this.#prepared.delete(oldest.value);
  }
}

/** What most cells use, so that no cell is the first to. */
const warmText = `const a = [1, 2].map((x) => x * 2); const { b } = { b: new Map([["a", a]]) };
async function f(x: string | undefined) { for (const y of x?.split(",") ?? []) console.log(\`\${y.trim()}\`); }
class C<T> { readonly v: T; constructor(v: T) { this.v = v; } }
await f(JSON.stringify([new C(1).v, ...b.keys(), process.argv, new Date()])); display(a);`;

function syntaxError(file: BoundFile, { map }: CellText, source: string): PreparedCell {
  const diagnostics = cellDiagnostics(file, file.parseDiagnostics, map, source.length);
  return { diagnostics, isSyntaxError: true, script: "", map, declared: [] };
}

function tooDeep(source: string): PreparedCell {
  const message = "The cell nests too deeply to be compiled.";
  return {
    diagnostics: [{ code: "TYPES_TOO_DEEP", message, severity: "error", start: 0, end: source.length }],
    isSyntaxError: true,
    script: "",
    map: PositionMap.identity(source.length),
    declared: [],
  };
}

function failedWarning(reason: string): CellDiagnostic {
  const message = `The cell was not type-checked: ${reason}.`;
  return { code: "TYPES_FAILED", message, severity: "warning", start: 0, end: 0 };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isTypeAlias(checker: ts.TypeChecker, symbol: LocalSymbol | undefined): boolean {
  if (!symbol || !(symbol.flags & ts.SymbolFlags.Alias)) return false;
  const target = checker.getAliasedSymbol(symbol);
  return (target.flags & ts.SymbolFlags.Value) === 0 && (target.flags & ts.SymbolFlags.Type) !== 0;
}
