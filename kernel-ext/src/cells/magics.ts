import ts from "typescript";
import { cellMagics, lineMagics } from "./magic-forms.ts";
import { type PositionMap, PositionMap as Positions, TextBuilder } from "./position-map.ts";
import { parseSource, syntaxErrors } from "./source-file.ts";

export { magicNames } from "./magic-names.ts";

export interface TranslatedCell {
  /** TypeScript. */
  readonly text: string;
  readonly map: PositionMap;
  /** What a `%typecheck` of this cell says: it holds for the cell itself too. */
  readonly typecheck?: "off" | "warn" | "on";
}

interface Line {
  readonly start: number;
  /** Without the line break. */
  readonly end: number;
}

const mayHoldMagic = /^[%!?]|^[\w$.]+\?{1,2}[ \t]*$/m;

/**
 * Turns what is no TypeScript in a cell into TypeScript: `%magic` and `!command` lines, `?name`, a `%%magic` over the whole cell; and a cell
 * that is nothing but `{ … }` is an object, not a block. A line is a magic only where a statement may begin: not in a string, a comment or an
 * expression that goes on.
 */
export function translateMagics(source: string): TranslatedCell {
  const object = asObject(source);
  if (object) return object;
  if (!mayHoldMagic.test(source)) return { text: source, map: Positions.identity(source.length) };
  const whole = /^\s*%%(\w+)[ \t]*([^\n]*)(?:\n|$)/.exec(source);
  const builder = new TextBuilder(source);
  const typecheck = /^%typecheck[ \t]+(off|warn|on)[ \t]*$/m.exec(source)?.[1];
  if (whole) {
    const [head, name = "", args = ""] = whole;
    const form = Object.hasOwn(cellMagics, name) ? cellMagics[name] : undefined;
    if (form) form(builder, { args: args.trim(), argsAt: head.indexOf("%%") + 2 + name.length, source, bodyStart: head.length });
    else builder.insert(unknownMagic(`%%${name}`));
    return builder.build();
  }
  let at = 0;
  for (const line of magicLines(source)) {
    builder.copy(at, line.start);
    translateLine(builder, source, line);
    at = line.end;
  }
  builder.copy(at, source.length);
  const made = builder.build();
  return typecheck === "off" || typecheck === "warn" || typecheck === "on" ? { ...made, typecheck } : made;
}

function translateLine(builder: TextBuilder, source: string, line: Line): void {
  const text = source.slice(line.start, line.end);
  if (text.startsWith("!")) {
    builder.insert(`await kernel.sh(${JSON.stringify(text.slice(1).trim())});`);
    return;
  }
  const asked = /^\?{1,2}([\w$.]+)\s*$/.exec(text)?.[1] ?? /^([\w$.]+)\?{1,2}\s*$/.exec(text)?.[1];
  if (asked !== undefined) {
    builder.insert(`await kernel.help(${JSON.stringify(asked)});`);
    return;
  }
  const [head = "", name = ""] = /^%(\w+)[ \t]*/.exec(text) ?? [];
  const form = Object.hasOwn(lineMagics, name) ? lineMagics[name] : undefined;
  if (form) form(builder, { args: text.slice(head.length).trimEnd(), argsAt: line.start + head.length });
  else builder.insert(unknownMagic(`%${name}`));
}

function unknownMagic(magic: string): string {
  return `kernel.unknownMagic(${JSON.stringify(magic)});`;
}

/** Lines that look like magics and stand where a statement begins: there a block in their place is a statement of its own. */
function magicLines(source: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start <= source.length; ) {
    const newline = source.indexOf("\n", start);
    const end = newline < 0 ? source.length : newline;
    const text = source.slice(start, end);
    if (/^(%\w|!\S|\?{1,2}[\w$]|[\w$.]+\?{1,2}\s*$)/.test(text)) lines.push({ start, end: text.endsWith("\r") ? end - 1 : end });
    start = end + 1;
  }
  if (lines.length === 0) return [];
  let probe = "";
  let at = 0;
  for (const { start, end } of lines) {
    probe += source.slice(at, start) + "{}".padEnd(end - start);
    at = end;
  }
  probe += source.slice(at);
  const file = parseSource(probe);
  const blocks = new Set(file.statements.filter(ts.isBlock).map((block) => block.getStart(file)));
  return lines.filter(({ start }) => blocks.has(start));
}

/** `{ a: 1 }` alone in a cell. */
function asObject(source: string): TranslatedCell | undefined {
  const trimmed = source.trim();
  if (!trimmed.startsWith("{") || !trimmed.endsWith("}")) return undefined;
  const builder = new TextBuilder(source)
    .insert("(")
    .copy(0, source.trimEnd().length)
    .insert(")")
    .copy(source.trimEnd().length, source.length);
  const made = builder.build();
  const file = parseSource(made.text);
  const [only] = file.statements;
  const isObject =
    file.statements.length === 1 &&
    only !== undefined &&
    ts.isExpressionStatement(only) &&
    ts.isParenthesizedExpression(only.expression) &&
    ts.isObjectLiteralExpression(only.expression.expression) &&
    (only.expression.expression.properties.length > 0 || trimmed === "{}");
  return isObject && syntaxErrors(file).length === 0 ? made : undefined;
}
