import assert from "node:assert/strict";
import { test } from "node:test";
import type * as kernel from "../../../kernel-ext/src/types/provider.ts";
import type * as soclab from "../../../src/lake/cell-types/provider-contract.ts";
import { readJson, readText, root } from "../../meta/repository.ts";

/** Never called: the compiler is the judge that each side's shapes are the other's. */
export function contract(
  ours: soclab.TypeProvider,
  theirs: kernel.TypeProvider,
  ourShapes: [soclab.ProviderCell, soclab.ProviderSession, soclab.Provided, soclab.ProvidedCompletions],
  theirShapes: [kernel.ProviderCell, kernel.ProviderSession, kernel.Provided, kernel.ProvidedCompletions],
): void {
  const asTheirs: [kernel.TypeProvider, typeof theirShapes] = [ours, ourShapes];
  const asOurs: [soclab.TypeProvider, typeof ourShapes] = [theirs, theirShapes];
  void [asTheirs, asOurs];
}

test("package.json leads a kernel to the type providers, as sources and compiled", async () => {
  const manifest = readJson("package.json") as { jupyter: { typeProviders: Record<string, string> } };
  const { "soclab-source": source, default: compiled, ...others } = manifest.jupyter.typeProviders;
  assert.deepEqual(others, {});
  const module: { typeProviders: readonly soclab.TypeProvider[] } = await import(`${root}/${source}`);
  assert.deepEqual(
    module.typeProviders.map(({ name, methods }) => [name, methods]),
    [["soclab", ["table", "sql"]]],
  );
  assert.equal(compiled, source?.replace("./src/", "./dist/src/").replace(/\.ts$/, ".js"));
});

test("the contract's text is the kernel's, but for its comments", () => {
  const shapes = (path: string) =>
    readText(path)
      .replaceAll(/\/\*\*[\s\S]*?\*\/|\/\/.*|\s+/g, " ")
      .replaceAll(/\s+/g, " ")
      .trim();
  assert.equal(shapes("src/lake/cell-types/provider-contract.ts"), shapes("kernel-ext/src/types/provider.ts"));
});
