import { enableCompileCache, flushCompileCache, registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { giveBackMemory } from "./give-back.ts";

// Imported, TypeScript would first be read by the scanner for CommonJS names: 50 ms and 18 MB for nothing.
const hooks = registerHooks({
  load: (url, context, next) => {
    if (!url.endsWith("/typescript/lib/typescript.js") || !context.conditions.includes("import")) return next(url, context);
    const source = `import { createRequire } from "node:module";\nexport default createRequire(import.meta.url)(${JSON.stringify(fileURLToPath(url))});`;
    return { format: "module", shortCircuit: true, source };
  },
});
enableCompileCache();
const { serveTypes } = await import("./serve-types.ts");
hooks.deregister();
serveTypes({
  onWarm: () => {
    flushCompileCache();
    giveBackMemory();
  },
});
