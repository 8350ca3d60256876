import { dirname, resolve } from "node:path";
import { didYouMean, SoclabError } from "../core/index.ts";
import { compileRules, parseRules, type Rule, type RuleSet } from "../event/index.ts";
import { csvRecords } from "./csv.ts";
import { lineError, linesOf, quoted, readText } from "./text-file.ts";

/**
 * Rules out of a JSON file, with the lists that its `references` rules name; their paths are relative to the file.
 * @throws SOCLAB_NOT_FOUND, SOCLAB_INVALID_FILE, SOCLAB_INVALID_DEFINITION with the place and what was expected
 */
export async function readRules(path: string): Promise<RuleSet> {
  const text = await readText(path);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new SoclabError("SOCLAB_INVALID_FILE", `${path} is no JSON: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  const rules = parseRules(document);
  const lists = new Map<string, ReadonlySet<string>>();
  for (const { references } of rules) {
    if (references && !lists.has(keyOf(references))) {
      const file = resolve(dirname(path), references.file);
      lists.set(keyOf(references), references.column === undefined ? await readLines(file) : await readColumn(file, references.column));
    }
  }
  return compileRules(rules, ({ references }) => lists.get(keyOf(references!))!);
}

function keyOf({ file, column }: NonNullable<Rule["references"]>): string {
  return JSON.stringify([file, column]);
}

/** One value a line; `#` begins a comment where the line begins with it. */
async function readLines(path: string): Promise<ReadonlySet<string>> {
  const values = new Set<string>();
  for (const [line] of linesOf(await readText(path))) {
    const value = line.trim();
    if (value !== "" && !value.startsWith("#")) values.add(value);
  }
  return values;
}

async function readColumn(path: string, column: string): Promise<ReadonlySet<string>> {
  const values = new Set<string>();
  let position = -1;
  for (const { line, fields } of csvRecords(await readText(path), path)) {
    if (position < 0) {
      const titles = fields.map((title) => title.trim());
      position = titles.indexOf(column);
      if (position < 0)
        throw lineError(path, line, `there is no column ${quoted(column)}, only ${titles.join(", ")}`, didYouMean(column, titles));
    } else values.add(fields[position]?.trim() ?? "");
  }
  values.delete("");
  return values;
}
