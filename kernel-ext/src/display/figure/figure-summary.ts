import { cutText, visibleText } from "../visible-text.ts";
import { type Column, type FigureParts, type Trace, titleText } from "./trace.ts";

/** What a figure draws, in words: the text for a terminal and for whoever cannot see it. */
export function figureSummary({ data, layout }: Pick<FigureParts, "data" | "layout">): string {
  const title = titleText(layout.title);
  const axes = (["xaxis", "yaxis"] as const).flatMap((name) => {
    const text = titleText(layout[name]?.title);
    return text === "" ? [] : [`${name[0]}: ${label(text)}`];
  });
  const head = `Figure${title === "" ? "" : ` “${label(title)}”`}${axes.length > 0 ? ` (${axes.join(", ")})` : ""}`;
  const traces = data.slice(0, 20).map((trace) => `  ${traceText(trace)}`);
  const more = data.length > 20 ? [`  … ${data.length - 20} more`] : [];
  return [head, ...traces, ...more].join("\n");
}

function traceText(trace: Trace): string {
  const kind = trace.type ?? "scatter";
  const mode = kind === "scatter" && typeof trace.mode === "string" ? ` ${label(trace.mode)}` : "";
  const name = trace.name === undefined ? "" : ` “${label(String(trace.name))}”`;
  const z = lengthOf(trace.z);
  if (z !== undefined) return `${label(kind)}${name}: ${z} × ${lengthOf(trace.z?.[0]) ?? 0} cells`;
  const count = lengthOf(trace.x) ?? lengthOf(trace.y) ?? lengthOf(trace.values);
  return `${label(kind)}${mode}${name}${count === undefined ? "" : `: ${count.toLocaleString("en-US")} ${count === 1 ? "value" : "values"}`}`;
}

function lengthOf(column: Column | readonly Column[] | unknown): number | undefined {
  return typeof column === "object" && column !== null && "length" in column && typeof column.length === "number"
    ? column.length
    : undefined;
}

function label(text: string): string {
  return visibleText(cutText(text, 100), { on: "one line" });
}
