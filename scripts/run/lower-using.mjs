// Node 22 strips types but cannot parse `using`; what is published is compiled and has no such line. Here, in a checkout, such sources
// go through the compiler as they are loaded. Node 24 parses them itself, and this file then does nothing.
import { readFileSync } from "node:fs";
import module from "node:module";
import { fileURLToPath } from "node:url";

/** Whether this Node needs it. */
export const isNeeded = !parses("{ using nothing = null; }");

function parses(source) {
  try {
    new Function(source);
    return true;
  } catch {
    return false;
  }
}

if (isNeeded && module.registerHooks) {
  module.registerHooks({
    load(url, context, nextLoad) {
      if (!/^file:.*\.ts$/.test(url)) return nextLoad(url, context);
      const source = readFileSync(fileURLToPath(url), "utf8");
      if (!/\busing\s+\w/.test(source)) return nextLoad(url, context);
      const ts = module.createRequire(import.meta.url)("typescript");
      const compilerOptions = {
        target: ts.ScriptTarget.ES2024,
        module: ts.ModuleKind.ESNext,
        verbatimModuleSyntax: true,
        inlineSourceMap: true,
      };
      return { format: "module", source: ts.transpile(source, compilerOptions, fileURLToPath(url)), shortCircuit: true };
    },
  });
}
