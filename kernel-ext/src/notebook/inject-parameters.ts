import ts from "typescript";
import { declaredNames } from "../cells/declared-names.ts";
import { parseSource } from "../cells/source-file.ts";
import { didYouMean } from "./near-name.ts";
import { type CodeCell, isCodeCell, type Notebook, tagsOf } from "./notebook.ts";
import { NotebookError } from "./notebook-error.ts";
import { type ParameterValue, parameterExpression } from "./parameter-value.ts";
import { newCellId } from "./parse-notebook.ts";

export type Parameters = Readonly<Record<string, ParameterValue>>;

/**
 * Puts the parameters into the notebook by papermill's convention: a cell tagged `injected-parameters` behind the one tagged
 * `parameters`, else at the top; one that is there already is replaced.
 *
 * @returns remarks: names that the notebook does not declare
 * @throws NotebookError for a name that is no TypeScript name
 */
export function injectParameters(notebook: Notebook, parameters: Parameters): string[] {
  const source = parametersSource(parameters);
  const code = notebook.cells.filter(isCodeCell);
  const injected = code.find((cell) => tagsOf(cell).includes("injected-parameters"));
  const declared = code.find((cell) => tagsOf(cell).includes("parameters"));
  if (injected) {
    injected.source = source;
    injected.outputs = [];
    injected.execution_count = null;
  } else {
    const at = declared ? notebook.cells.indexOf(declared) + 1 : 0;
    const id = newCellId(new Set(notebook.cells.map((cell) => cell.id)));
    const cell: CodeCell = {
      cell_type: "code",
      id,
      metadata: { tags: ["injected-parameters"] },
      source,
      execution_count: null,
      outputs: [],
    };
    notebook.cells.splice(at, 0, cell);
  }
  return remarks(declared, Object.keys(parameters));
}

/** `let day = "2022-06-10";`: declared as a cell does it, so that it takes the place of the notebook's own. */
export function parametersSource(parameters: Parameters): string {
  const lines = Object.entries(parameters).map(([name, value]) => {
    if (!isName(name)) throw new NotebookError(`"${name}" cannot be a parameter: it is no TypeScript name`);
    return `let ${name} = ${parameterExpression(value)};\n`;
  });
  return `// Parameters\n${lines.join("")}`.trimEnd();
}

function remarks(declared: CodeCell | undefined, names: readonly string[]): string[] {
  if (!declared) return ['The notebook has no cell with the tag "parameters"; they are set at its top.'];
  const known = declaredNames(parseSource(declared.source));
  return names
    .filter((name) => !known.includes(name))
    .map((name) => `Unknown parameter "${name}": the parameters cell does not declare it.${didYouMean(name, known)}`);
}

function isName(name: string): boolean {
  const scanner = ts.createScanner(ts.ScriptTarget.ESNext, false, ts.LanguageVariant.Standard, name);
  // A contextual keyword such as `type` is a name too; a reserved word such as `class` is none.
  const kind = scanner.scan();
  const isWord = kind === ts.SyntaxKind.Identifier || kind > ts.SyntaxKind.LastFutureReservedWord;
  return isWord && scanner.getTokenText() === name && !strictlyReserved.has(name);
}

const strictlyReserved: ReadonlySet<string> = new Set(["await", "eval", "arguments"]);
