import { SoclabError } from "../../core/index.ts";
import type { Comparison, Pattern } from "./pattern.ts";
import { parsePattern } from "./pattern-parser.ts";
import { hashAlgorithmOf } from "./pattern-paths.ts";

/** What is wrong with a pattern, and where, as an offset in UTF-16 code units. */
export interface PatternProblem {
  readonly message: string;
  readonly position: number | undefined;
}

/**
 * What is wrong with a pattern; nothing where it is valid. Besides the grammar it checks what the specification says of it: no qualifier
 * twice on one observation, and hashes that can be ones of their kind.
 *
 * @see https://github.com/oasis-open/cti-pattern-validator, which makes the same checks
 */
export function validatePattern(text: string): readonly PatternProblem[] {
  let pattern: Pattern;
  try {
    pattern = parsePattern(text);
  } catch (error) {
    if (!(error instanceof SoclabError)) throw error;
    return [{ message: error.message.replace(/^SOCLAB_\w+: /, ""), position: error.position }];
  }
  const problems: PatternProblem[] = [];
  checkPattern(pattern, problems);
  return problems;
}

function checkPattern(pattern: Pattern, problems: PatternProblem[]): void {
  if (pattern.kind === "observation") checkHashes(pattern.comparison, problems);
  else if (pattern.kind !== "qualified") for (const operand of pattern.operands) checkPattern(operand, problems);
  else {
    checkPattern(pattern.expression, problems);
    const seen = new Set<string>();
    for (const { kind, at } of pattern.grouped ? [] : pattern.qualifiers) {
      const name = kind === "startStop" ? "START … STOP" : kind.toUpperCase();
      if (seen.has(kind)) problems.push({ message: `${name} stands twice on one observation`, position: at });
      seen.add(kind);
    }
  }
}

function checkHashes(comparison: Comparison, problems: PatternProblem[]): void {
  if (comparison.kind === "and" || comparison.kind === "or") {
    for (const operand of comparison.operands) checkHashes(operand, problems);
    return;
  }
  if (comparison.kind !== "compare" && comparison.kind !== "in") return;
  const algorithm = hashAlgorithmOf(comparison.path);
  const digits = algorithm === null ? undefined : hexDigits.get(algorithm);
  if (digits === undefined) return;
  for (const literal of comparison.kind === "in" ? comparison.literals : [comparison.literal])
    if (literal.kind !== "string" || literal.value.length !== digits || !/^[0-9a-fA-F]*$/.test(literal.value)) {
      const shown = literal.kind === "string" ? JSON.stringify(literal.value.slice(0, 140)) : `a ${literal.kind}`;
      problems.push({ message: `${shown} is no ${algorithm} hash, expected ${digits} hex digits`, position: comparison.at });
    }
}

/** Digits of the hashes that are as long as their algorithm makes them (STIX 2.1, section 10.7). */
const hexDigits: ReadonlyMap<string, number> = new Map([
  ["MD5", 32],
  ["SHA1", 40],
  ["RIPEMD160", 40],
  ["SHA224", 56],
  ["SHA256", 64],
  ["SHA384", 96],
  ["SHA512", 128],
  ["SHA3224", 56],
  ["SHA3256", 64],
  ["SHA3384", 96],
  ["SHA3512", 128],
  ["WHIRLPOOL", 128],
]);
