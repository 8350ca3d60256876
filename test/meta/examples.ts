import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readJson, readText, repositoryFiles, root } from "./repository.ts";

/** Code that a reader would copy: a block of a page. */
export interface Example {
  /** The page that holds it. */
  readonly source: string;
  /** The TypeScript file that it was written to, for the compiler. */
  readonly file: string;
}

const notebookSchema = z.object({
  nbformat: z.literal(4),
  metadata: z.object({ kernelspec: z.object({ language: z.string() }) }),
  cells: z.array(
    z.object({
      cell_type: z.enum(["code", "markdown", "raw"]),
      source: z.union([z.string(), z.array(z.string())]),
      outputs: z.array(z.unknown()).optional(),
      execution_count: z.number().nullable().optional(),
    }),
  ),
});

export type Notebook = z.infer<typeof notebookSchema>;

/** Where examples are compiled: inside the checkout, so that `import … from "soclab"` finds this very package. */
export const checkFolder = join(root, ".soclab", "check");

export function pages(): string[] {
  return repositoryFiles().filter((path) => path.endsWith(".md"));
}

export function notebooks(): string[] {
  return repositoryFiles().filter((path) => path.endsWith(".ipynb"));
}

export function readNotebook(path: string): Notebook {
  return notebookSchema.parse(readJson(path));
}

/** Blocks fenced as `language`, each with the 1-based line that its first line stands on. */
export function fencedBlocks(text: string, language: string): { readonly line: number; readonly code: string }[] {
  const blocks: { line: number; code: string }[] = [];
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; i++) {
    if (lines[i]?.trim() !== `\`\`\`${language}`) continue;
    const end = lines.indexOf("```", i + 1);
    blocks.push({ line: i + 2, code: lines.slice(i + 1, end).join("\n") });
    i = end;
  }
  return blocks;
}

/** Writes every example to a file of its own; in one from a page, line numbers are the page's. */
export function writeExamples(): Example[] {
  rmSync(checkFolder, { recursive: true, force: true });
  mkdirSync(checkFolder, { recursive: true });
  const examples: Example[] = [];
  const write = (source: string, key: string, code: string) => {
    const file = join(checkFolder, `${key.replaceAll("/", "-")}.ts`);
    writeFileSync(file, `${code}\nexport {};\n`);
    examples.push({ source, file });
  };
  for (const page of pages()) {
    for (const { line, code } of fencedBlocks(readText(page), "ts")) write(page, `${page}.${line}`, "\n".repeat(line - 1) + code);
  }
  return examples;
}
