import type { TypedArray } from "../json-data.ts";

/** Values along an axis: numbers, text, `Date`s; `null` and `NaN` are gaps. */
export type Column = readonly unknown[] | TypedArray;

/** One curve, one set of bars … of Plotly; attributes that are not named here are passed on as they are. */
export interface Trace {
  /** @default "scatter" */
  readonly type?: string;
  readonly name?: string;
  readonly x?: Column;
  readonly y?: Column;
  readonly z?: readonly Column[];
  /** Of a scatter: "lines", "markers", "lines+markers", "text" … */
  readonly mode?: string;
  readonly orientation?: "h" | "v";
  readonly marker?: { readonly color?: unknown; readonly size?: unknown; readonly [attribute: string]: unknown };
  readonly line?: { readonly color?: string; readonly width?: number; readonly dash?: string; readonly [attribute: string]: unknown };
  readonly [attribute: string]: unknown;
}

export interface AxisLayout {
  readonly title?: string | { readonly text?: string; readonly [attribute: string]: unknown };
  /** @default what the values are */
  readonly type?: "linear" | "log" | "date" | "category" | "multicategory" | "-";
  readonly range?: readonly unknown[];
  readonly [attribute: string]: unknown;
}

export interface Layout {
  readonly title?: string | { readonly text?: string; readonly [attribute: string]: unknown };
  readonly xaxis?: AxisLayout;
  readonly yaxis?: AxisLayout;
  readonly barmode?: "group" | "stack" | "relative" | "overlay";
  readonly showlegend?: boolean;
  /** In pixels. */
  readonly width?: number;
  readonly height?: number;
  readonly [attribute: string]: unknown;
}

export type Config = { readonly [attribute: string]: unknown };

/** What a figure is made of. */
export interface FigureParts {
  readonly data: readonly Trace[];
  readonly layout: Layout;
  readonly config: Config;
}

/** A title's text, which Plotly takes in two forms. */
export function titleText(title: Layout["title"]): string {
  const text: unknown = typeof title === "object" && title !== null ? title.text : title;
  return typeof text === "string" || typeof text === "number" ? String(text) : "";
}
