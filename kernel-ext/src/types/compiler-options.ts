import ts from "typescript";

/** How strict a notebook is, and what there is in Node. No DOM. */
export function compilerOptions(conditions: readonly string[]): ts.CompilerOptions {
  return {
    target: ts.ScriptTarget.ESNext,
    lib: ["lib.es2025.d.ts", "lib.esnext.array.d.ts", "lib.esnext.collection.d.ts", "lib.esnext.disposable.d.ts", "lib.esnext.error.d.ts"],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    customConditions: [...conditions],
    types: [],
    strict: true,
    noEmit: true,
    allowJs: true,
    checkJs: false,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    skipLibCheck: true,
    experimentalDecorators: false,
    noErrorTruncation: false,
  };
}

/** The options under which `./rows` finds `rows.ts`, and `./folder` its index. */
export function lenientOptions(options: ts.CompilerOptions): ts.CompilerOptions {
  return { ...options, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
}
