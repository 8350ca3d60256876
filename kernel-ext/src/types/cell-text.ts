import { type PositionMap, TextBuilder } from "../cells/position-map.ts";
import type { Provided } from "./provider.ts";

export interface CellText {
  readonly text: string;
  /** Positions of `text` ↔ positions of the cell as the user wrote it. */
  readonly map: PositionMap;
}

/** Puts into a cell what providers give it. */
export function withInsertions({ text, map }: CellText, provided: readonly Provided[]): CellText {
  const insertions = provided
    .flatMap(({ insertions }) => insertions)
    .filter(({ at }) => Number.isInteger(at) && at >= 0 && at <= text.length)
    .sort((a, b) => a.at - b.at);
  if (insertions.length === 0) return { text, map };
  const builder = new TextBuilder(text);
  let from = 0;
  for (const { at, text: inserted } of insertions) {
    builder.copy(from, at).insert(inserted);
    from = at;
  }
  const made = builder.copy(from, text.length).build();
  return { text: made.text, map: map.followedBy(made.map) };
}
