/** A statement made of a template's pieces, and the way back. */
export interface TemplateSql {
  /** With `$1`, `$2` … where the values stand. */
  readonly text: string;
  /** The piece, and the offset in its raw text, that an offset of `text` comes from; a placeholder counts as the end of the piece before. */
  origin(offset: number): { readonly piece: number; readonly offset: number };
  /** The offset in `text` of an offset in a piece's raw text. */
  offsetOf(piece: number, offset: number): number;
}

const escapeMark = /\\(?=`|\$\{)/g;

/** @param raw - the pieces as they stand in the source, between backticks and substitutions */
export function templateSql(raw: readonly string[]): TemplateSql {
  let text = "";
  const starts: number[] = [];
  const ends: number[] = [];
  for (const [i, piece] of raw.entries()) {
    const unescaped = piece.replace(escapeMark, "");
    // A placeholder that touched a name or a number would become a part of it.
    if (i > 0) text += `${/[\w$]$/.test(text) ? " " : ""}$${i}${/^[\w$]/.test(unescaped) ? " " : ""}`;
    starts.push(text.length);
    text += unescaped;
    ends.push(text.length);
  }
  return {
    text,
    origin(offset) {
      const next = starts.findIndex((start) => start > offset);
      const piece = next === -1 ? raw.length - 1 : next - 1;
      return { piece, offset: rawOffset(raw[piece]!, Math.min(offset, ends[piece]!) - starts[piece]!) };
    },
    offsetOf(piece, offset) {
      return starts[piece]! + raw[piece]!.slice(0, offset).replace(escapeMark, "").length;
    },
  };
}

/** Every escape before the place makes the raw text longer by its backslash. */
function rawOffset(piece: string, offset: number): number {
  let shift = 0;
  for (const { index } of piece.matchAll(escapeMark)) if (index - shift < offset) shift++;
  return offset + shift;
}
