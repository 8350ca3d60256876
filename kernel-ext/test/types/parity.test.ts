import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { CellChecker } from "../../src/types/cell-checker.ts";
import { generatedCells } from "./generated-cells.ts";
import { type Finding, referenceFindings } from "./reference-check.ts";
import { writtenSequences } from "./written-sequences.ts";

const directory = mkdtempSync(join(tmpdir(), "types-parity-"));
after(() => rmSync(directory, { recursive: true }));

// One checker for all sequences, as in a long session: what one leaves behind must not touch the next.
const checker = new CellChecker({ directory, home: join(import.meta.dirname, "../.."), conditions: [] });

async function overlaidFindings(sequence: string, cells: readonly string[]): Promise<Finding[][]> {
  checker.forget();
  const findings: Finding[][] = [];
  for (const [index, text] of cells.entries()) {
    const cell = `${sequence}-${index}`;
    const { diagnostics } = await checker.prepare(cell, text, "on");
    checker.commit(cell);
    findings.push(diagnostics.map(({ code, message, start, end }) => ({ code: Number(code.slice(2)), message, start, end })));
  }
  return findings;
}

/** A checker looks for a near name ten times in its life; two types of one name are told apart by their files, or said to be two. */
const synonyms = new Map([
  [2719, 2322],
  [2552, 2304],
]);

/**
 * Messages without what may differ: the order in a union, the module of a type, where something was declared. In generated cells types are
 * not compared by their text: which of `any[]` and `Row[]` a union of both is said to be depends on which was seen first.
 */
function comparable({ code, start, end, message }: Finding, withTypes: boolean): string {
  const text = message
    .split("\n")
    .filter((line) => !/\(cell [^)]*\)$/.test(line) && !/^ {2}(?:Did you mean|Did you forget|An |The )/.test(line))
    .join("\n")
    .replace(/import\("[^"]*"(?:, \{[^}]*\} \})?\)\./g, "")
    .replace(/(Cannot find name '.*'\.) Did you mean .*/, "$1")
    .replace(/(is not assignable to parameter of type '.*'\.) Did you mean .*/, "$1")
    .replace(" Two different types with this name exist, but they are unrelated.", "")
    .replace(/'[^'\n]*'/g, (quoted) => (withTypes ? `'${quoted.slice(1, -1).split(/ \| /).sort().join(" | ")}'` : "'…'"));
  if (!withTypes) return `TS${synonyms.get(code) ?? code} ${start}-${end} ${text.split("\n")[0]}`;
  return `TS${synonyms.get(code) ?? code} ${start}-${end} ${text}`;
}

/** An import cannot be assigned to, and the kernel's cells are no imports; a variable that waits for its type is none of a notebook's errors. */
const differing: ReadonlySet<number> = new Set([2588, 2628, 2629, 2630, 2632, 7005, 7034]);

function comparables(findings: readonly Finding[], withTypes: boolean): string[] {
  return findings
    .filter(({ code }) => !differing.has(code))
    .map((finding) => comparable(finding, withTypes))
    .sort();
}

async function assertParity(sequence: string, cells: readonly string[], withTypes: boolean): Promise<void> {
  const found = await overlaidFindings(sequence, cells);
  let expected: Finding[][];
  try {
    expected = referenceFindings(directory, cells);
  } catch (error) {
    // TypeScript itself runs out of stack on some types that contain themselves; then there is nothing to compare with.
    assert.ok(error instanceof RangeError, String(error));
    return;
  }
  for (const [index, text] of cells.entries()) {
    assert.deepEqual(
      comparables(found[index] ?? [], withTypes),
      comparables(expected[index] ?? [], withTypes),
      `cell ${index} of sequence ${sequence}:\n${cells.slice(0, index + 1).join("\n---\n")}\n<<< ${text}`,
    );
  }
}

describe("a cell over the standing program has the errors that an ordinary program finds", () => {
  for (const [name, cells] of Object.entries(writtenSequences)) test(name, () => assertParity(name, cells, true));

  for (let seed = 1; seed <= 120; seed += 1) {
    test(`generated sequence ${seed}`, () => assertParity(`seed${seed}`, generatedCells(seed, 12), false));
  }
});
