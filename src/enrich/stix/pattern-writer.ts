import type { Comparison, Pattern, PatternLiteral, Qualifier } from "./pattern.ts";
import { quote, writePath } from "./pattern-paths.ts";

/**
 * The text of a pattern in its normal form: single spaces, `=` and `!=`, quotes only where they are needed, no parentheses that change
 * nothing. Reading it gives the same pattern again.
 */
export function writePattern(pattern: Pattern): string {
  switch (pattern.kind) {
    case "observation":
      return `[${writeComparison(pattern.comparison)}]`;
    case "qualified": {
      const inner = writePattern(pattern.expression);
      const simple = pattern.expression.kind === "observation" && !pattern.grouped;
      return [simple ? inner : `(${inner})`, ...pattern.qualifiers.map(writeQualifier)].join(" ");
    }
    default: {
      const { kind, operands } = pattern;
      const word = kind === "followedBy" ? " FOLLOWEDBY " : kind === "or" ? " OR " : " AND ";
      const parts = operands.map((operand) =>
        strength(operand) > strength(pattern) ? writePattern(operand) : `(${writePattern(operand)})`,
      );
      return parts.join(word);
    }
  }
}

/** How tightly an expression holds together: FOLLOWEDBY least, a single observation most. */
function strength(pattern: Pattern | Comparison): number {
  return pattern.kind === "followedBy" ? 0 : pattern.kind === "or" ? 1 : pattern.kind === "and" ? 2 : 3;
}

function writeQualifier(qualifier: Qualifier): string {
  if (qualifier.kind === "within") return `WITHIN ${qualifier.text} SECONDS`;
  if (qualifier.kind === "repeats") return `REPEATS ${qualifier.times} TIMES`;
  return `START t'${qualifier.start}Z' STOP t'${qualifier.stop}Z'`;
}

function writeComparison(comparison: Comparison): string {
  switch (comparison.kind) {
    case "and":
    case "or": {
      const parts = comparison.operands.map((operand) =>
        strength(operand) > strength(comparison) ? writeComparison(operand) : `(${writeComparison(operand)})`,
      );
      return parts.join(comparison.kind === "or" ? " OR " : " AND ");
    }
    case "exists":
      return `${comparison.negated ? "NOT " : ""}EXISTS ${writePath(comparison.path)}`;
    default: {
      const { path, negated } = comparison;
      const operator = comparison.kind === "in" ? "IN" : comparison.operator;
      return `${writePath(path)} ${negated ? "NOT " : ""}${operator} ${operandOf(comparison)}`;
    }
  }
}

function operandOf(comparison: Extract<Comparison, { kind: "compare" | "text" | "in" }>): string {
  if (comparison.kind === "text") return quote(comparison.operand);
  if (comparison.kind === "in") return `(${comparison.literals.map(writeLiteral).join(", ")})`;
  return writeLiteral(comparison.literal);
}

function writeLiteral(literal: PatternLiteral): string {
  switch (literal.kind) {
    case "string":
      return quote(literal.value);
    case "integer":
    case "float":
      return literal.text;
    case "boolean":
      return String(literal.value);
    case "hex":
      return `h'${Buffer.from(literal.value).toString("hex")}'`;
    case "binary":
      return `b'${Buffer.from(literal.value).toString("base64")}'`;
    case "timestamp":
      return `t'${literal.value}Z'`;
  }
}
