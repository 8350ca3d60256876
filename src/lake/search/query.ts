/** Where something stands in the text of a search: offsets in UTF-16 code units, `to` not included. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

/** What a value must be. `texts` is any one of several whole values; free text knows no ranges. */
export type ValueTest =
  | { readonly kind: "texts"; readonly texts: readonly string[]; readonly quoted: boolean }
  | { readonly kind: "pattern"; readonly pattern: readonly PatternPart[] }
  | { readonly kind: "range"; readonly low: Bound | undefined; readonly high: Bound | undefined }
  | { readonly kind: "exists" };

/** Literal text, `*` for any run of characters or `?` for one. */
export type PatternPart = { readonly literal: string } | { readonly any: "run" | "one" };

export interface Bound {
  readonly value: string;
  readonly inclusive: boolean;
}

export interface Term {
  readonly kind: "term";
  /** As the user wrote it; undefined for free text. */
  readonly field: string | undefined;
  readonly fieldPlace: Place;
  readonly test: ValueTest;
  readonly place: Place;
}

export type SearchNode =
  | { readonly kind: "all" }
  | { readonly kind: "and" | "or"; readonly parts: readonly SearchNode[] }
  | { readonly kind: "not"; readonly part: SearchNode }
  | Term;

/** The terms of a search, those below a NOT left out: what a hit can show. */
export function* positiveTerms(node: SearchNode): Generator<Term> {
  if (node.kind === "term") yield node;
  else if (node.kind === "and" || node.kind === "or") for (const part of node.parts) yield* positiveTerms(part);
}

export function* allTerms(node: SearchNode): Generator<Term> {
  if (node.kind === "term") yield node;
  else if (node.kind === "not") yield* allTerms(node.part);
  else if (node.kind !== "all") for (const part of node.parts) yield* allTerms(part);
}
