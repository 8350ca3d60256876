import { compileCell } from "../cells/compile-cell.ts";
import { PositionMap } from "../cells/position-map.ts";
import { parseSource, syntaxErrors } from "../cells/source-file.ts";
import type { TypesService } from "../types/service.ts";

export class TypesClient implements TypesService {
  constructor(_options: unknown) {}
  async prepare(cell: string, source: string) {
    const errors = syntaxErrors(parseSource(source));
    if (errors.length > 0)
      return {
        diagnostics: errors.map((e) => ({ code: "TS1005", message: e.message, severity: "error" as const, start: e.start, end: e.end })),
        isSyntaxError: true,
        script: "",
        map: PositionMap.identity(0),
        declared: [],
      };
    return { diagnostics: [], isSyntaxError: false, ...compileCell(source, { cell }) };
  }
  commit() {}
  forget() {}
  async complete(_s: string, cursor: number) {
    return { matches: [], cursorStart: cursor, cursorEnd: cursor, types: [] };
  }
  async inspect() {
    return undefined;
  }
  async isComplete() {
    return { status: "complete" as const, indent: "" };
  }
  async close() {}
}
