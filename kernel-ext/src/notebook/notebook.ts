import type { NotebookOutput } from "../client/index.ts";

/** A JSON object that a run adds to; what it does not know it keeps. */
export type MutableMetadata = { [name: string]: unknown };

export interface CodeCell {
  readonly cell_type: "code";
  readonly id: string;
  metadata: MutableMetadata;
  source: string;
  execution_count: number | null;
  outputs: NotebookOutput[];
}

export interface TextCell {
  readonly cell_type: "markdown" | "raw";
  readonly id: string;
  metadata: MutableMetadata;
  source: string;
  /** Pictures that Markdown names as `attachment:NAME`. */
  readonly attachments?: { readonly [name: string]: { readonly [mime: string]: unknown } };
}

export type Cell = CodeCell | TextCell;

/** A notebook of nbformat 4.5; multi-line texts are one string here, and lists of lines in the file. */
export interface Notebook {
  metadata: MutableMetadata;
  readonly nbformat: 4;
  readonly nbformat_minor: number;
  cells: Cell[];
}

export function isCodeCell(cell: Cell): cell is CodeCell {
  return cell.cell_type === "code";
}

export function tagsOf({ metadata }: Cell): readonly string[] {
  const { tags } = metadata;
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
}

/** The language that the notebook says it is written in, undefined where it does not. */
export function languageOf({ metadata }: Notebook): string | undefined {
  return textIn(metadata.language_info, "name") ?? textIn(metadata.kernelspec, "language");
}

export function isRecord(value: unknown): value is MutableMetadata {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textIn(value: unknown, name: string): string | undefined {
  const text = isRecord(value) ? value[name] : undefined;
  return typeof text === "string" && text !== "" ? text : undefined;
}
