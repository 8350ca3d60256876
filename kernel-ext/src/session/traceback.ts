import { inspect } from "node:util";
import { PositionMap } from "../cells/position-map.ts";
import type { ErrorContent, RunnableScript } from "./messages.ts";

// No colours: front ends put errors on a red ground, where few are readable.
const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`;
const dim = (text: string): string => `\u001b[2m${text}\u001b[22m`;

interface Place {
  readonly cell: RunnableScript;
  readonly line: number;
  readonly column: number;
}

/** Cells by the URL that V8 knows their scripts by. */
export type CellScripts = ReadonlyMap<string, RunnableScript>;

const internal = /(node:internal|node:inspector|node:async_hooks|node:events|__kernel__|Session\.post)/;
const deepestCause = 8;

/** Any thrown value as Jupyter's `error`: places in cells as the user wrote them, frames of the kernel left out, the causes after it. */
export function describeError(error: unknown, cells: CellScripts, kernelHome: string): ErrorContent {
  try {
    return describe(error, cells, kernelHome);
  } catch {
    // A proxy or a getter that throws in turn.
    const evalue = "what was thrown cannot be read";
    return { ename: "Uncaught", evalue, traceback: [`${bold("Uncaught")} (${evalue})`] };
  }
}

function describe(error: unknown, cells: CellScripts, kernelHome: string): ErrorContent {
  if (!(error instanceof Error) && !looksLikeError(error)) {
    const shown = inspect(error, { depth: 2 });
    return { ename: "Uncaught", evalue: shown, traceback: [`${bold("Uncaught")} ${shown}`] };
  }
  const { name, message } = headOf(error);
  return { ename: name, evalue: message, traceback: tracebackOf(error, cells, kernelHome, new Set()) };
}

interface ErrorLike {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly stack?: unknown;
  readonly cause?: unknown;
  readonly hint?: unknown;
  readonly code?: unknown;
  readonly errors?: unknown;
}

function looksLikeError(value: unknown): value is ErrorLike {
  return typeof value === "object" && value !== null && "stack" in value && "message" in value;
}

function headOf(error: ErrorLike): { name: string; message: string } {
  const read = (get: () => unknown, standard: string): string => {
    try {
      const value = get();
      return typeof value === "string" ? value : standard;
    } catch {
      return standard;
    }
  };
  return { name: read(() => error.name, "Error") || "Error", message: read(() => error.message, "") };
}

function tracebackOf(error: ErrorLike, cells: CellScripts, home: string, seen: Set<unknown>): string[] {
  seen.add(error);
  const { name, message } = headOf(error);
  const code = typeof error.code === "string" && !message.includes(error.code) && error.code !== name ? ` [${error.code}]` : "";
  const lines = [`${bold(name)}${code}: ${message}`];
  if (typeof error.hint === "string" && error.hint !== "") lines.push(`${bold("Hint:")} ${error.hint}`);
  const { frames, first } = framesOf(error, cells, home);
  if (first) lines.push(...excerpt(first));
  lines.push(...frames);
  if (seen.size < deepestCause) {
    if (Array.isArray(error.errors)) {
      for (const inner of error.errors.slice(0, 5)) lines.push(...causeLines("One of the errors:", inner, cells, home, seen));
      if (error.errors.length > 5) lines.push(`… ${error.errors.length - 5} more errors`);
    }
    if (error.cause !== undefined) lines.push(...causeLines("Caused by:", error.cause, cells, home, seen));
  }
  return lines;
}

function causeLines(title: string, cause: unknown, cells: CellScripts, home: string, seen: Set<unknown>): string[] {
  if (seen.has(cause)) return [`${bold(title)} (an error shown above)`];
  if (!looksLikeError(cause)) return [`${bold(title)} ${inspect(cause, { depth: 1 })}`];
  return [bold(title), ...tracebackOf(cause, cells, home, seen)];
}

function framesOf(error: ErrorLike, cells: CellScripts, home: string): { frames: string[]; first: Place | undefined } {
  if (typeof error.stack !== "string") return { frames: [], first: undefined };
  const frames: string[] = [];
  let first: Place | undefined;
  for (const line of error.stack.split("\n")) {
    const frame = /^\s+at (.*)$/.exec(line)?.[1];
    if (frame === undefined || internal.test(frame) || frame.includes(home)) continue;
    const place = placeOf(frame, cells);
    if (place) {
      first ??= place;
      const name = /^(?:async )?(.+?) \(/.exec(frame)?.[1]?.replace(/^Object\.body$/, "");
      frames.push(
        `    at ${name && name !== "<anonymous>" ? `${name} ` : ""}${dim(`(cell ${place.cell.cell}, line ${place.line + 1}, column ${place.column + 1})`)}`,
      );
    } else {
      frames.push(`    at ${frame.replaceAll("file://", "")}`);
    }
  }
  return { frames, first };
}

function placeOf(frame: string, cells: CellScripts): Place | undefined {
  const match = /(cell-[^\s:()]+\.ts):(\d+):(\d+)\)?$/.exec(frame);
  const cell = cells.get(match?.[1] ?? "");
  if (!match || !cell) return undefined;
  return placeInSource(cell, Number(match[2]) - 1, Number(match[3]) - 1);
}

/** The place in the user's text of a place in the script; lines and columns count from 0. */
export function placeInSource(cell: RunnableScript, line: number, column: number): Place {
  const offset = offsetOf(cell.script, line) + column;
  const source = Math.min(new PositionMap(cell.pieces).toSource(offset), cell.source.length);
  const before = cell.source.slice(0, source).split("\n");
  return { cell, line: before.length - 1, column: before.at(-1)?.length ?? 0 };
}

function offsetOf(text: string, line: number): number {
  let at = 0;
  for (let i = 0; i < line; i++) at = text.indexOf("\n", at) + 1;
  return at;
}

function excerpt({ cell, line, column }: Place): string[] {
  return excerptLines(cell.source, line, column);
}

/** The line of a place with one line around it, an arrow at the line and a caret below the column. */
export function excerptLines(source: string, line: number, column: number): string[] {
  const all = source.split("\n");
  const from = Math.max(0, line - 1);
  const shown = all.slice(from, line + 2);
  const width = String(from + shown.length).length;
  return shown.flatMap((text, i) => {
    const number = from + i;
    const label = String(number + 1).padStart(width);
    const cut = text.length > 160 ? `${text.slice(0, 160)}…` : text;
    if (number !== line) return [dim(`  ${label} │ ${cut}`)];
    const caret = column <= 160 ? [`${" ".repeat(width + 5 + column)}${bold("^")}`] : [];
    return [`${bold("→")} ${label} │ ${cut}`, ...caret];
  });
}
