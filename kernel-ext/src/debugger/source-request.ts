import { readFile, stat } from "node:fs/promises";
import type { DebugSession } from "./debug-session.ts";
import { RequestError } from "./request-error.ts";
import type { Handlers } from "./requests.ts";

const typescript = "application/typescript";
const largestFile = 32 * 2 ** 20;

function mimeTypeOf(path: string): string {
  return /\.[cm]?tsx?$/.test(path) ? typescript : /\.json$/.test(path) ? "application/json" : "text/javascript";
}

async function fileText(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new RequestError(`there is no source "${path}"`);
  if (found.size > largestFile) throw new RequestError(`"${path}" is too large to show`);
  return readFile(path, "utf8");
}

/** The text of a cell, of a module, or of code that has no file. */
export function sourceRequest({ sources, scripts, inspector }: DebugSession): Handlers {
  return {
    async source(args) {
      const source = args.optionalNested("source");
      const reference = source?.optionalInteger("sourceReference") || args.optionalInteger("sourceReference");
      const path = source?.optionalText("path");
      if (path === undefined || path === "") {
        const script = scripts.byId(String(reference));
        if (script === undefined) throw new RequestError(`there is no source ${reference}`);
        const { scriptSource } = await inspector.post("Debugger.getScriptSource", { scriptId: script.id });
        return { content: scriptSource, mimeType: "text/javascript" };
      }
      const cell = sources.text(path) ?? scripts.cellOfPath(path)?.cell.source;
      if (cell !== undefined) return { content: cell, mimeType: typescript };
      return { content: await fileText(path), mimeType: mimeTypeOf(path) };
    },
  };
}
