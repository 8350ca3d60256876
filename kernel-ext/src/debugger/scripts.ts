import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { CellPlaces, type SourcePlace } from "./cell-places.ts";
import type { CellSources } from "./cell-sources.ts";
import type { CallFrame, Location, ScriptParsed } from "./inspector.ts";
import type { DebugTarget } from "./target.ts";

/** Where a script comes from, for the user. */
export interface ScriptSource {
  readonly name: string;
  /** For a cell the path that JupyterLab computed, for a module its file. */
  readonly path?: string;
  /** For code without a file (`new Function`): the number that `source` takes. */
  readonly sourceReference?: number;
}

export interface Script {
  readonly id: string;
  readonly url: string;
  readonly source: ScriptSource;
  /** Frames of Node and of the kernel are not shown, and stepping does not stop in them. */
  readonly isHidden: boolean;
  readonly places: CellPlaces | undefined;
}

const kernelRoot = new URL("../../", import.meta.url).href;

/** Scripts that were only parsed, to learn where V8 could stop. */
export const parsedUrlPrefix = "soclab-debugger:";

/** A regular expression that matches just this text. */
export function literalPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** What never is the user's code. */
export const hiddenPatterns: readonly string[] = ["^node:", `^${literalPattern(kernelRoot)}`];

function fileOf(url: string): string | undefined {
  if (!url.startsWith("file:")) return url.startsWith("/") ? url : undefined;
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}

/** The scripts that V8 has parsed since the debugger was attached, cells among them. */
export class Scripts {
  readonly #target: DebugTarget;
  readonly #sources: CellSources;
  readonly #cells = new Map<string, CellPlaces>();
  readonly #scripts = new Map<string, Script>();

  constructor(target: DebugTarget, sources: CellSources) {
    this.#target = target;
    this.#sources = sources;
  }

  parsed({ scriptId, url }: ScriptParsed): void {
    const places = this.cell(url);
    const path = places === undefined ? fileOf(url) : this.#sources.pathOf(places.cell.source);
    const isHidden = places === undefined && ["node:", parsedUrlPrefix, kernelRoot].some((prefix) => url.startsWith(prefix));
    const name = places === undefined ? (path === undefined ? url || "(no file)" : basename(path)) : url;
    const source = path === undefined ? { name, sourceReference: Number(scriptId) } : { name, path };
    this.#scripts.set(scriptId, { id: scriptId, url, source, isHidden, places });
  }

  clear(): void {
    this.#scripts.clear();
  }

  byId(scriptId: string): Script | undefined {
    return this.#scripts.get(scriptId);
  }

  byUrl(url: string): Script | undefined {
    return [...this.#scripts.values()].findLast((script) => script.url === url);
  }

  /** Code of Node and of the kernel, and what is not known. */
  isHidden(scriptId: string): boolean {
    return this.#scripts.get(scriptId)?.isHidden ?? true;
  }

  /** The scripts of a path, newest first: a cell that ran three times has three. */
  byPath(path: string): readonly Script[] {
    return [...this.#scripts.values()].filter(({ source }) => source.path === path).reverse();
  }

  /** The user's modules. */
  modules(): readonly Script[] {
    return [...this.#scripts.values()].filter(
      ({ isHidden, places, source }) => !isHidden && places === undefined && source.path !== undefined,
    );
  }

  /** The cell of a `sourceURL`. */
  cell(url: string): CellPlaces | undefined {
    const known = this.#cells.get(url);
    if (known !== undefined) return known;
    const cell = this.#target.cells().findLast((candidate) => candidate.url === url);
    if (cell === undefined) return undefined;
    const places = new CellPlaces(cell);
    this.#cells.set(url, places);
    return places;
  }

  /** A cell that JupyterLab knows by this path. */
  cellOfPath(path: string): CellPlaces | undefined {
    if (!this.#sources.isCellPath(path)) return undefined;
    const cell = this.#target.cells().findLast(({ source }) => this.#sources.pathOf(source) === path);
    return cell && this.cell(cell.url);
  }

  /** A cell that is about to run. */
  addCell(places: CellPlaces): void {
    this.#cells.set(places.cell.url, places);
  }

  /** Whether a frame is the cell itself, and no function in it. */
  isCellBody({ functionName, functionLocation, location }: CallFrame): boolean {
    const places = this.byId(location.scriptId)?.places;
    if (places === undefined || functionName !== "") return false;
    const start = functionLocation ?? { lineNumber: 0, columnNumber: 0 };
    return places.isBeforeCode({ line: start.lineNumber, column: start.columnNumber ?? 0 });
  }

  /** What a cell's script says from here on. */
  cellText({ scriptId, lineNumber, columnNumber }: Location): string {
    return this.byId(scriptId)?.places?.textFrom({ line: lineNumber, column: columnNumber ?? 0 }) ?? "";
  }

  /** The user's place of a place of V8; lines and columns from 0. */
  place({ scriptId, lineNumber, columnNumber }: Location): SourcePlace {
    const place = { line: lineNumber, column: columnNumber ?? 0 };
    return this.byId(scriptId)?.places?.toSource(place) ?? { ...place, isInserted: false };
  }
}
