import { pathToFileURL } from "node:url";
import { type Breakpoint, complaint, isHit, toBreakpoint, v8Condition } from "./breakpoint.ts";
import type { CellPlaces } from "./cell-places.ts";
import { type BreakpointResolved, type Inspector, parsePrefix } from "./inspector.ts";
import { literalPattern, parsedUrlPrefix, type Script, type Scripts } from "./scripts.ts";

/** A cell that ran hundreds of times has hundreds of scripts; the oldest ones are hardly called any more. */
const scriptsPerCell = 30;

interface Bound {
  readonly breakpoint: Breakpoint;
  readonly path: string;
  readonly places: CellPlaces | undefined;
}

/** A place of the script where V8 can stop, and the user's line (from 1) there. */
interface Stop {
  readonly lineNumber: number;
  readonly columnNumber: number;
  readonly line: number;
  readonly column: number;
}

/** The user's breakpoints by source, and what V8 made of them. */
export class Breakpoints {
  readonly #inspector: Inspector;
  readonly #scripts: Scripts;
  readonly #changed: (path: string, breakpoint: Breakpoint) => void;
  readonly #wanted = new Map<string, readonly Breakpoint[]>();
  readonly #bound = new Map<string, Bound>();
  #nextId = 1;
  #isAttached = false;

  /** @param changed - a breakpoint of a cell that had not run is now set, maybe in another line */
  constructor(inspector: Inspector, scripts: Scripts, changed: (path: string, breakpoint: Breakpoint) => void) {
    this.#inspector = inspector;
    this.#scripts = scripts;
    this.#changed = changed;
  }

  /** Replaces all breakpoints of a source. */
  async set(path: string, wanted: readonly unknown[]): Promise<readonly Breakpoint[]> {
    const breakpoints = wanted.map((each) => toBreakpoint(this.#nextId++, each));
    await this.#unbind((bound) => bound.path === path);
    if (breakpoints.length === 0) this.#wanted.delete(path);
    else this.#wanted.set(path, breakpoints);
    if (this.#isAttached) await this.#bindPath(path);
    return breakpoints;
  }

  all(): ReadonlyMap<string, readonly Breakpoint[]> {
    return this.#wanted;
  }

  /** The debugger is attached: V8 lost or never had them. */
  async bindAll(): Promise<void> {
    this.#isAttached = true;
    this.#bound.clear();
    for (const path of this.#wanted.keys()) await this.#bindPath(path);
  }

  /** V8 forgot all of them with `Debugger.disable`. */
  detached(): void {
    this.#isAttached = false;
    this.#bound.clear();
  }

  clear(): void {
    this.#wanted.clear();
  }

  /** A cell is about to run: sets the breakpoints of its source, exactly, in the script that V8 has not seen yet. */
  async bindCell(path: string, places: CellPlaces): Promise<void> {
    const breakpoints = this.#wanted.get(path);
    if (!this.#isAttached || breakpoints === undefined) return;
    const stops = await this.#stopsAhead(places);
    for (const breakpoint of breakpoints) {
      const before = `${breakpoint.line} ${breakpoint.isVerified}`;
      await this.#bind(path, breakpoint, { url: places.cell.url }, stops, places);
      if (`${breakpoint.line} ${breakpoint.isVerified}` !== before) this.#changed(path, breakpoint);
    }
    const runs = new Set([...this.#bound.values()].flatMap((bound) => (bound.path === path && bound.places ? [bound.places] : [])));
    const old = new Set([...runs].slice(0, -scriptsPerCell));
    await this.#unbind((bound) => bound.places !== undefined && old.has(bound.places));
  }

  /** Sets a breakpoint, which is nobody's, where a cell starts. @returns V8's name for it */
  async bindStart(places: CellPlaces): Promise<string | undefined> {
    const [first] = (await this.#stopsAhead(places)) ?? [];
    if (first === undefined) return undefined;
    const { lineNumber, columnNumber } = first;
    return (await this.#inspector.post("Debugger.setBreakpointByUrl", { url: places.cell.url, lineNumber, columnNumber })).breakpointId;
  }

  /** V8 set a breakpoint of a module that was not loaded before. */
  resolved({ breakpointId, location }: BreakpointResolved): void {
    const bound = this.#bound.get(breakpointId);
    if (bound === undefined || bound.places !== undefined) return;
    const { breakpoint, path } = bound;
    const line = this.#scripts.place(location).line + 1;
    if (breakpoint.isVerified && breakpoint.line === line) return;
    breakpoint.line = line;
    breakpoint.isVerified = true;
    delete breakpoint.message;
    this.#changed(path, breakpoint);
  }

  /** Counts hits. @returns those of the user's breakpoints that execution stops for, and whether any was known */
  hit(v8Ids: readonly string[]): readonly Breakpoint[] {
    const breakpoints = new Set(v8Ids.flatMap((id) => this.#bound.get(id)?.breakpoint ?? []));
    return [...breakpoints].filter(isHit);
  }

  async #unbind(isOld: (bound: Bound) => boolean): Promise<void> {
    for (const [v8Id, bound] of this.#bound) {
      if (!isOld(bound)) continue;
      this.#bound.delete(v8Id);
      await this.#inspector.post("Debugger.removeBreakpoint", { breakpointId: v8Id }).catch(() => undefined);
    }
  }

  async #bindPath(path: string): Promise<void> {
    const breakpoints = this.#wanted.get(path) ?? [];
    const scripts = this.#scripts.byPath(path);
    const cells = scripts.filter(({ places }) => places !== undefined).slice(0, scriptsPerCell);
    for (const script of cells) {
      const stops = await this.#stops(script);
      for (const breakpoint of breakpoints) await this.#bind(path, breakpoint, { url: script.url }, stops, script.places);
    }
    if (cells.length > 0 || (!path.startsWith("/") && !/^[a-z]:/i.test(path))) return;
    const [script] = scripts;
    const stops = script === undefined ? undefined : await this.#stops(script);
    const urlRegex = `^(?:${literalPattern(pathToFileURL(path).href)}(?:[?#].*)?|${literalPattern(path)})$`;
    for (const breakpoint of breakpoints) await this.#bind(path, breakpoint, { urlRegex }, stops, undefined);
  }

  async #bind(
    path: string,
    breakpoint: Breakpoint,
    script: { readonly url: string } | { readonly urlRegex: string },
    stops: readonly Stop[] | undefined,
    places: CellPlaces | undefined,
  ): Promise<void> {
    const stop = stops?.find(({ line }) => line >= breakpoint.line);
    const condition = v8Condition(breakpoint);
    const message =
      complaint(breakpoint) ??
      (await this.#syntaxError(condition)) ??
      (stops !== undefined && stop === undefined ? "no code from here on" : undefined);
    if (message !== undefined) {
      breakpoint.isVerified = false;
      breakpoint.message = message;
      return;
    }
    const { lineNumber, columnNumber } = stop ?? { lineNumber: breakpoint.line - 1, columnNumber: 0 };
    try {
      const { breakpointId } = await this.#inspector.post("Debugger.setBreakpointByUrl", {
        ...script,
        lineNumber,
        columnNumber,
        ...(condition !== undefined && { condition }),
      });
      this.#bound.set(breakpointId, { breakpoint, path, places });
      if (stop === undefined) return;
      breakpoint.line = stop.line;
      breakpoint.isVerified = true;
      delete breakpoint.message;
    } catch (cause) {
      // V8 takes one breakpoint a place: a second one in the same line is the first one again.
      if (String(cause).includes("already exists") && stop !== undefined) breakpoint.line = stop.line;
      else breakpoint.message = String(cause);
    }
  }

  async #syntaxError(condition: string | undefined): Promise<string | undefined> {
    return condition === undefined ? undefined : this.#inspector.parse(`(${condition}\n)`);
  }

  async #stops({ id, places }: Script): Promise<readonly Stop[]> {
    return this.#stopsOf(id, 0, places);
  }

  /**
   * Where V8 could stop in a cell that has not run: compiled, never run, as the body of an async function, because only
   * the REPL takes `await` at the top. Left to itself V8 puts a breakpoint on a function's first line behind the function.
   */
  async #stopsAhead(places: CellPlaces): Promise<readonly Stop[] | undefined> {
    const url = `${parsedUrlPrefix}${places.cell.url}`;
    await this.#inspector.parse(places.cell.script, url);
    const script = this.#scripts.byUrl(url);
    return script === undefined ? undefined : this.#stopsOf(script.id, parsePrefix.length, places);
  }

  async #stopsOf(scriptId: string, prefix: number, places: CellPlaces | undefined): Promise<readonly Stop[]> {
    const { locations } = await this.#inspector.post("Debugger.getPossibleBreakpoints", {
      start: { scriptId, lineNumber: 0, columnNumber: prefix },
    });
    return locations
      .map(({ lineNumber, columnNumber = 0 }) => {
        const column = lineNumber === 0 ? columnNumber - prefix : columnNumber;
        const place = places?.toSource({ line: lineNumber, column }) ?? { line: lineNumber, column, isInserted: false };
        return { lineNumber, columnNumber: column, line: place.line + 1, column: place.column, isInserted: place.isInserted };
      })
      .filter(({ isInserted }) => !isInserted)
      .sort((a, b) => a.line - b.line || a.column - b.column);
  }
}
