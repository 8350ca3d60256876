import type { Scale } from "./axis.ts";

/** What is drawn, in the axes' coordinates. */
export type Mark =
  | {
      readonly kind: "line";
      readonly points: readonly Point[];
      readonly color: string;
      readonly width: number;
      readonly dash: string | undefined;
      readonly isStep: boolean;
    }
  | { readonly kind: "area"; readonly points: readonly Point[]; readonly color: string }
  | { readonly kind: "dots"; readonly points: readonly Point[]; readonly color: string; readonly size: number; readonly opacity: number }
  | { readonly kind: "box"; readonly box: Box };

/** A rectangle is a mark as well; there are thousands in a heatmap, so they are plain. */
export interface Rectangle {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
  readonly color: string;
  readonly opacity: number;
}

/** `undefined` is a gap. */
export type Point = readonly [number, number] | undefined;

export interface Box {
  readonly isHorizontal: boolean;
  readonly at: number;
  readonly width: number;
  readonly color: string;
  readonly quartiles: readonly [number, number, number];
  readonly whiskers: readonly [number, number];
  readonly outliers: readonly number[];
}

export interface Scales {
  readonly x: Scale;
  readonly y: Scale;
}

/** Marks, with the coordinates that have to be inside the picture. */
export interface Drawing {
  readonly marks: readonly Mark[];
  readonly rectangles: readonly Rectangle[];
  readonly x: readonly number[];
  readonly y: readonly number[];
}
