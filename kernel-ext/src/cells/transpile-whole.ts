import ts from "typescript";
import { type Piece, PositionMap } from "./position-map.ts";
import { decodeMappings } from "./source-map.ts";

/** True where V8 knows `using` itself (Node 24). */
export const runtimeHasUsing: boolean = (() => {
  try {
    new Function("{ using x = null; }");
    return true;
  } catch {
    return false;
  }
})();

/** TypeScript's own emit, for what cannot be erased: enums, namespaces, parameter properties, decorators, and `using` on Node 22. */
export function transpileWhole(source: string, { hasDecorators }: { readonly hasDecorators: boolean }): { text: string; map: PositionMap } {
  const { outputText, sourceMapText } = ts.transpileModule(source, {
    fileName: "cell.ts",
    compilerOptions: {
      // Decorators are in no V8 yet, and left alone in an emit for ESNext.
      target: runtimeHasUsing && !hasDecorators ? ts.ScriptTarget.ESNext : ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      sourceMap: true,
      useDefineForClassFields: true,
    },
  });
  const text = outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
  const { mappings } = JSON.parse(sourceMapText ?? '{"mappings":""}') as { mappings: string };
  return { text, map: new PositionMap(pieces(text, source, mappings)) };
}

function pieces(text: string, source: string, mappings: string): Piece[] {
  const made = ts.createSourceFile("made.js", text, ts.ScriptTarget.ESNext).getLineStarts();
  const original = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ESNext).getLineStarts();
  const found: Piece[] = [];
  let at = 0;
  let from: number | undefined;
  const upTo = (offset: number): void => {
    if (offset <= at) return;
    const room = from === undefined ? 0 : Math.min(offset - at, source.length - from);
    if (room > 0) found.push({ length: room, source: from });
    if (offset - at > room) found.push({ length: offset - at - room, source: undefined });
    at = offset;
  };
  for (const { madeLine, madeColumn, line, column } of decodeMappings(mappings)) {
    upTo((made[madeLine] ?? text.length) + madeColumn);
    from = (original[line] ?? source.length) + column;
  }
  upTo(text.length);
  return found;
}
