import ts from "typescript";

/** One thing that can stand at the cursor. */
export interface CompletionEntry {
  /** What the user types to find it, and what is inserted where `insert` is not given. */
  readonly name: string;
  readonly insert?: string;
  /** Where the inserted text starts, where that is not the start of the word. */
  readonly start?: number;
  /** Jupyter's word for its kind. */
  readonly type: string;
  readonly signature?: () => string;
  /** Lower comes first. */
  readonly rank: number;
}

const types: Readonly<Record<string, string>> = {
  [ts.ScriptElementKind.functionElement]: "function",
  [ts.ScriptElementKind.localFunctionElement]: "function",
  [ts.ScriptElementKind.memberFunctionElement]: "method",
  [ts.ScriptElementKind.callSignatureElement]: "method",
  [ts.ScriptElementKind.memberVariableElement]: "property",
  [ts.ScriptElementKind.memberGetAccessorElement]: "property",
  [ts.ScriptElementKind.memberSetAccessorElement]: "property",
  [ts.ScriptElementKind.memberAccessorVariableElement]: "property",
  [ts.ScriptElementKind.constElement]: "constant",
  [ts.ScriptElementKind.letElement]: "variable",
  [ts.ScriptElementKind.variableElement]: "variable",
  [ts.ScriptElementKind.localVariableElement]: "variable",
  [ts.ScriptElementKind.variableUsingElement]: "variable",
  [ts.ScriptElementKind.variableAwaitUsingElement]: "variable",
  [ts.ScriptElementKind.parameterElement]: "variable",
  [ts.ScriptElementKind.classElement]: "class",
  [ts.ScriptElementKind.localClassElement]: "class",
  [ts.ScriptElementKind.interfaceElement]: "interface",
  [ts.ScriptElementKind.typeElement]: "type",
  [ts.ScriptElementKind.typeParameterElement]: "type",
  [ts.ScriptElementKind.primitiveType]: "type",
  [ts.ScriptElementKind.enumElement]: "enum",
  [ts.ScriptElementKind.enumMemberElement]: "enum",
  [ts.ScriptElementKind.moduleElement]: "module",
  [ts.ScriptElementKind.externalModuleName]: "module",
  [ts.ScriptElementKind.alias]: "module",
  [ts.ScriptElementKind.scriptElement]: "file",
  [ts.ScriptElementKind.directory]: "folder",
  [ts.ScriptElementKind.keyword]: "keyword",
  [ts.ScriptElementKind.string]: "value",
};

export function jupyterType(kind: string): string {
  return types[kind] ?? "variable";
}

/** How well a name answers what was typed, lower is better; undefined where it does not. */
export function matchRank(name: string, typed: string): number | undefined {
  if (typed === "" || name.startsWith(typed)) return 0;
  const lower = name.toLowerCase();
  const wanted = typed.toLowerCase();
  if (lower.startsWith(wanted)) return 1;
  return typed.length > 1 && lower.includes(wanted) ? 2 : undefined;
}
