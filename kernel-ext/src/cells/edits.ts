import { type PositionMap, TextBuilder } from "./position-map.ts";

/** Text that is put in, or a range of the source that is copied. */
export type Part = string | readonly [start: number, end: number];

/** The source's characters `start…end` give way to `parts`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly parts: readonly Part[];
  /** The range stands elsewhere, so that a copy of it there does not take this edit. */
  readonly isMoved?: true;
}

/**
 * Applies edits to a text: those inside another one's copied ranges too, each once.
 * @param first - what stands before everything else
 */
export function applyEdits(
  source: string,
  edits: readonly Edit[],
  first: readonly Part[] = [],
  last: readonly Part[] = [],
): { text: string; map: PositionMap } {
  const sorted = [...edits].sort(inOrder);
  const builder = new TextBuilder(source);
  const copy = (start: number, end: number, outer: Edit | undefined, inner: boolean): void => {
    let at = start;
    for (const edit of sorted) {
      if (edit === outer || edit.start < at || edit.end > end || (inner && edit.isMoved)) continue;
      builder.copy(at, edit.start);
      put(edit.parts, edit);
      at = edit.end;
    }
    builder.copy(at, end);
  };
  const put = (parts: readonly Part[], edit: Edit | undefined): void => {
    for (const part of parts) {
      if (typeof part === "string") builder.insert(part);
      else copy(part[0], part[1], edit, true);
    }
  };
  put(first, undefined);
  copy(0, source.length, undefined, false);
  put(last, undefined);
  return builder.build();
}

/** Insertions before what replaces the characters that follow them; outer ranges before inner ones. */
function inOrder(a: Edit, b: Edit): number {
  if (a.start !== b.start) return a.start - b.start;
  if ((a.start === a.end) !== (b.start === b.end)) return a.start === a.end ? -1 : 1;
  return b.end - a.end;
}
