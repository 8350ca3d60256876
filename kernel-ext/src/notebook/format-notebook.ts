import type { NotebookOutput } from "../client/index.ts";
import type { MimeBundle } from "../display/displayable.ts";
import { type Cell, isRecord, type Notebook } from "./notebook.ts";

/** The text of an `.ipynb` file as Jupyter itself writes it: names sorted, one space of indent, texts as lists of lines. */
export function formatNotebook(notebook: Notebook): string {
  const file = { ...notebook, cells: notebook.cells.map(fileCell) };
  return `${JSON.stringify(sorted(file), undefined, 1)}\n`;
}

function fileCell(cell: Cell): object {
  const source = linesOf(cell.source);
  return cell.cell_type === "code" ? { ...cell, source, outputs: cell.outputs.map(fileOutput) } : { ...cell, source };
}

function fileOutput(output: NotebookOutput): object {
  switch (output.output_type) {
    case "stream":
      return { ...output, text: linesOf(overwritten(output.text)) };
    case "error":
      return output;
    default:
      return { ...output, data: fileBundle(output.data) };
  }
}

const linedTypes: ReadonlySet<string> = new Set(["image/svg+xml", "application/javascript"]);

function fileBundle(data: MimeBundle): object {
  return Object.fromEntries(
    Object.entries(data).map(([mime, value]) => {
      const isLined = typeof value === "string" && (mime.startsWith("text/") || linedTypes.has(mime));
      return [mime, isLined ? linesOf(value) : value];
    }),
  );
}

/** Lines with their ends, none for an empty text. */
function linesOf(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

/** What a terminal would show of a line that was written over with `\r`, as a progress bar does. */
export function overwritten(text: string): string {
  if (!text.includes("\r")) return text;
  return text
    .split("\n")
    .map((line) => {
      const shown = line.endsWith("\r") ? line.slice(0, -1) : line;
      return shown.slice(shown.lastIndexOf("\r") + 1);
    })
    .join("\n");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const names = Object.keys(value).sort();
  const entries = names.map((name): [string, unknown] => [name, sorted(value[name])]);
  return Object.fromEntries(entries);
}
