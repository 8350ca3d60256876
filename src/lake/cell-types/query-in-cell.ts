import type { BoundValue } from "../../table/index.ts";
import { templateSql } from "../template-sql.ts";
import { offsetInSource, offsetInText } from "./literal-offset.ts";
import type { Literal, LiteralUse, ProviderCell, ProviderSession } from "./provider-contract.ts";
import { parameterCount } from "./sql-tokens.ts";

/** A query that stands in a cell. */
export interface QueryInCell {
  /** As the engine gets it. */
  readonly text: string;
  /** What is bound; undefined where it is not known before the cell runs. */
  readonly values: readonly (BoundValue | undefined)[];
  /** The place in the cell of a place in the text. */
  inCell(offset: number): number;
  /** The place in the text of a place in the cell; undefined outside the literal. */
  inText(offset: number): number | undefined;
}

/** The query of `` sql`…` `` or `sql("…")`; undefined where its text is put together as the cell runs. */
export function queryInCell(use: LiteralUse, cell: ProviderCell, session: ProviderSession): QueryInCell | undefined {
  if (use.kind === "template") return templateQuery(use.args, cell, session);
  const [literal] = use.args;
  if (literal === undefined) return undefined;
  const source = cell.source.slice(literal.start, literal.end);
  return {
    text: literal.text,
    values: Array.from({ length: parameterCount(literal.text) }, () => undefined),
    inCell: (offset) => literal.start + offsetInSource(source, offset),
    inText: (offset) => (offset < literal.start || offset > literal.end ? undefined : offsetInText(source, offset - literal.start)),
  };
}

function templateQuery(args: LiteralUse["args"], cell: ProviderCell, session: ProviderSession): QueryInCell | undefined {
  const pieces = args.filter((piece): piece is Literal => piece !== undefined);
  if (pieces.length === 0 || pieces.length < args.length) return undefined;
  // The tag takes its text raw, so it is taken from the cell.
  const sql = templateSql(pieces.map(({ start, end }) => cell.source.slice(start, end)));
  const substitutions = pieces.slice(1).map(({ start }, i) => cell.source.slice(pieces[i]!.end, start));
  return {
    text: sql.text,
    values: substitutions.map((text) => knownValue(/^\$\{([\s\S]*)\}$/.exec(text)?.[1]?.trim() ?? "", cell, session)),
    inCell(offset) {
      const origin = sql.origin(offset);
      return pieces[origin.piece]!.start + origin.offset;
    },
    inText(offset) {
      const piece = pieces.findIndex(({ start, end }) => offset >= start && offset <= end);
      return piece === -1 ? undefined : sql.offsetOf(piece, offset - pieces[piece]!.start);
    },
  };
}

const words: Readonly<Record<string, BoundValue>> = { true: true, false: false, null: null };

/** The value of an expression that needs no running: a plain literal, or a variable of an earlier cell. */
function knownValue(expression: string, cell: ProviderCell, session: ProviderSession): BoundValue | undefined {
  if (Object.hasOwn(words, expression)) return words[expression];
  if (/^\d+n$/.test(expression)) return BigInt(expression.slice(0, -1));
  if (/^\d+(\.\d+)?$/.test(expression)) return Number(expression);
  if (/^("[^"\\]*"|'[^'\\]*')$/.test(expression)) return expression.slice(1, -1);
  if (!/^[A-Za-z_$][\w$]*$/.test(expression)) return undefined;
  const isNew = new RegExp(`\\b(?:const|let|var)\\s+(?:[^=;]*[{,\\s])?${expression.replaceAll("$", "\\$")}\\b`).test(cell.source);
  if (isNew) return undefined;
  const value = session.value(expression);
  return isBoundValue(value) ? value : undefined;
}

function isBoundValue(value: unknown): value is BoundValue {
  return ["string", "number", "bigint", "boolean"].includes(typeof value) || value instanceof Date || value instanceof Uint8Array;
}
