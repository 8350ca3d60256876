import { randomUUID } from "node:crypto";
import type { NotebookOutput } from "../client/index.ts";
import type { MimeBundle, MimeData } from "../display/displayable.ts";
import { type Cell, isRecord, type Notebook, type TextCell } from "./notebook.ts";
import { NotebookError } from "./notebook-error.ts";

/**
 * Reads the text of an `.ipynb` file of nbformat 4. Older minors become 4.5: each cell gets an id.
 *
 * @param name - of the file, for messages
 * @throws NotebookError that says which cell is wrong, and how
 */
export function parseNotebook(text: string, name: string): Notebook {
  let notebook: unknown;
  try {
    notebook = parsePythonJson(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    const hint = text.trim() === "" ? "The file is empty." : "A notebook is a .ipynb file.";
    throw new NotebookError(`${name} is no notebook: ${error instanceof Error ? error.message : String(error)}`, hint, { cause: error });
  }
  if (!isRecord(notebook)) throw new NotebookError(`${name} is no notebook: it holds ${describe(notebook)}, not a JSON object`);
  const { nbformat, nbformat_minor: minor = 0, metadata = {}, cells } = notebook;
  if (nbformat !== 4) {
    const hint =
      typeof nbformat === "number" && nbformat < 4 ? "Open and save it in JupyterLab, which upgrades it to format 4." : undefined;
    throw new NotebookError(`${name} has notebook format ${describe(nbformat)}; it must be 4`, hint);
  }
  if (!Array.isArray(cells)) throw new NotebookError(`${name}: cells is ${describe(cells)}; it must be a list`);
  if (!isRecord(metadata)) throw new NotebookError(`${name}: metadata is ${describe(metadata)}; it must be an object`);
  const ids = new Set<string>();
  return {
    ...notebook,
    nbformat,
    nbformat_minor: Math.max(5, typeof minor === "number" ? minor : 0),
    metadata,
    cells: cells.map((cell, index) => parseCell(cell, `${name}: cell ${index + 1}`, ids)),
  };
}

/** Python writes NaN and Infinity into what it calls JSON; here they are null. */
function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const strict = text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (token) => (token.startsWith('"') ? token : "null"));
    if (strict === text) throw error;
    return JSON.parse(strict);
  }
}

/** An id as nbformat wants it, other than those that are taken. */
export function newCellId(taken: ReadonlySet<string>): string {
  const id = randomUUID().slice(0, 8);
  return taken.has(id) ? newCellId(taken) : id;
}

function parseCell(cell: unknown, where: string, ids: Set<string>): Cell {
  const wrong = (field: string, value: unknown, expected: string) =>
    new NotebookError(`${where}: ${field} is ${describe(value)}; it must be ${expected}`);
  if (!isRecord(cell)) throw new NotebookError(`${where} is ${describe(cell)}; it must be an object`);
  const { cell_type, metadata = {}, source = "", attachments } = cell;
  const text = joined(source);
  if (text === undefined) throw wrong("source", source, "a string or a list of strings");
  if (!isRecord(metadata)) throw wrong("metadata", metadata, "an object");
  const given = typeof cell.id === "string" && /^[a-zA-Z0-9_-]{1,64}$/.test(cell.id) && !ids.has(cell.id) ? cell.id : undefined;
  const id = given ?? newCellId(ids);
  ids.add(id);
  if (cell_type === "code") {
    const { outputs = [], execution_count } = cell;
    if (!Array.isArray(outputs)) throw wrong("outputs", outputs, "a list");
    return {
      ...cell,
      cell_type,
      id,
      metadata,
      source: text,
      execution_count: typeof execution_count === "number" ? execution_count : null,
      outputs: outputs.map((output) => parseOutput(output, where)),
    };
  }
  if (cell_type !== "markdown" && cell_type !== "raw") throw wrong("cell_type", cell_type, '"code", "markdown" or "raw"');
  const textCell: TextCell = { ...cell, cell_type, id, metadata, source: text };
  return attachments === undefined ? textCell : { ...textCell, attachments: parseAttachments(attachments) };
}

function parseOutput(output: unknown, where: string): NotebookOutput {
  const kind = isRecord(output) ? output.output_type : undefined;
  if (!isRecord(output)) throw new NotebookError(`${where}: an output is ${describe(output)}; it must be an object`);
  const metadata = isRecord(output.metadata) ? output.metadata : {};
  switch (kind) {
    case "stream":
      return { output_type: kind, name: output.name === "stderr" ? "stderr" : "stdout", text: joined(output.text) ?? "" };
    case "error": {
      const { traceback } = output;
      const lines = Array.isArray(traceback) ? traceback.map(String) : [];
      return { output_type: kind, ename: String(output.ename ?? ""), evalue: String(output.evalue ?? ""), traceback: lines };
    }
    case "display_data":
      return { output_type: kind, data: parseBundle(output.data), metadata };
    case "execute_result": {
      const count = output.execution_count;
      return { output_type: kind, execution_count: typeof count === "number" ? count : null, data: parseBundle(output.data), metadata };
    }
    default:
      throw new NotebookError(`${where}: an output has output_type ${describe(kind)}, which is not known`);
  }
}

function parseBundle(data: unknown): MimeBundle {
  const entries = Object.entries(isRecord(data) ? data : {}).map(([mime, value]): [string, MimeData] => [
    mime,
    isJsonMime(mime) ? jsonOf(value) : (joined(value) ?? jsonOf(value)),
  ]);
  return Object.fromEntries(entries);
}

export function isJsonMime(mime: string): boolean {
  return mime === "application/json" || mime.endsWith("+json");
}

function parseAttachments(attachments: unknown): Record<string, Record<string, unknown>> {
  if (!isRecord(attachments)) return {};
  return Object.fromEntries(Object.entries(attachments).map(([name, bundle]) => [name, isRecord(bundle) ? bundle : {}]));
}

function joined(text: unknown): string | undefined {
  if (typeof text === "string") return text;
  return Array.isArray(text) && text.every((line) => typeof line === "string") ? text.join("") : undefined;
}

/** What came out of `JSON.parse` is `MimeData` all through. */
function jsonOf(value: unknown): MimeData {
  return isMimeData(value) ? value : null;
}

function isMimeData(value: unknown): value is MimeData {
  return value !== undefined;
}

function describe(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "a list";
  return isRecord(value) ? "an object" : JSON.stringify(value).slice(0, 60);
}
