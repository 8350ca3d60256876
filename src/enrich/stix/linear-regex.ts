import { SoclabError } from "../../core/index.ts";
import { type Assertion, type CharTest, isWordPoint, parseRegex, type RegexNode } from "./regex-syntax.ts";

type Instruction =
  | { readonly kind: "char"; readonly test: CharTest }
  | { readonly kind: "assert"; readonly what: Assertion }
  | { readonly kind: "split"; left: number; right: number }
  | { readonly kind: "jump"; to: number }
  | { readonly kind: "match" };

/** Repeats are written out, so `(a{100}){100}` is 10,000 instructions. */
const maxInstructions = 5000;
/** Instructions times characters of one text: some seconds at the worst. */
const maxWork = 500_000_000;

/**
 * A regular expression whose time grows with the length of the text and no faster, whatever the expression: all of its ways through the text
 * are walked at once. Patterns come from outside, and `^(a+)+$` in a backtracking engine stops the process.
 *
 * @see Cox: Regular Expression Matching: the Virtual Machine Approach, 2009
 */
export class LinearRegex {
  readonly #program: readonly Instruction[];

  /** @throws SOCLAB_INVALID_VALUE for what {@link parseRegex} refuses, and for an expression that is too large */
  constructor(source: string) {
    const program: Instruction[] = [];
    emit(parseRegex(source), program);
    program.push({ kind: "match" });
    this.#program = program;
  }

  /** Whether it matches anywhere in the text. */
  test(text: string): boolean {
    const program = this.#program;
    if (text.length * program.length > maxWork)
      throw new SoclabError(
        "SOCLAB_INVALID_VALUE",
        `a text of ${text.length} characters is too long for a regular expression of this size`,
      );
    const points = Uint32Array.from(text, (char) => char.codePointAt(0)!);
    let now: number[] = [];
    const seen = new Int32Array(program.length).fill(-1);
    for (let i = 0; ; i++) {
      const stack = [...now, 0];
      now = [];
      while (stack.length > 0) {
        const pc = stack.pop()!;
        if (seen[pc] === i) continue;
        seen[pc] = i;
        const instruction = program[pc]!;
        if (instruction.kind === "match") return true;
        if (instruction.kind === "jump") stack.push(instruction.to);
        else if (instruction.kind === "split") stack.push(instruction.right, instruction.left);
        else if (instruction.kind === "char") now.push(pc);
        else if (holds(instruction.what, points, i)) stack.push(pc + 1);
      }
      if (i >= points.length) return false;
      const next: number[] = [];
      const point = points[i]!;
      for (const pc of now) {
        const instruction = program[pc]!;
        if (instruction.kind === "char" && instruction.test(point)) next.push(pc + 1);
      }
      now = next;
    }
  }
}

function emit(node: RegexNode, program: Instruction[]): void {
  if (program.length > maxInstructions)
    throw new SoclabError(
      "SOCLAB_INVALID_VALUE",
      `the regular expression is larger than ${maxInstructions} steps when its repeats are written out`,
    );
  switch (node.kind) {
    case "char":
    case "assert":
      program.push(node);
      return;
    case "sequence":
      for (const part of node.parts) emit(part, program);
      return;
    case "choice":
      emitChoice(node.parts, program);
      return;
    case "repeat":
      for (let i = 0, before = -1; i < node.min && program.length > before; i++) {
        before = program.length;
        emit(node.node, program);
      }
      if (node.max === Number.POSITIVE_INFINITY) emitLoop(node.node, program);
      else emitOptional(node.node, node.max - node.min, program);
  }
}

function emitChoice(parts: readonly RegexNode[], program: Instruction[]): void {
  const jumps: { to: number }[] = [];
  for (const [i, part] of parts.entries()) {
    if (i === parts.length - 1) {
      emit(part, program);
      break;
    }
    const split = { kind: "split" as const, left: program.length + 1, right: 0 };
    program.push(split);
    emit(part, program);
    const jump = { kind: "jump" as const, to: 0 };
    program.push(jump);
    jumps.push(jump);
    split.right = program.length;
  }
  for (const jump of jumps) jump.to = program.length;
}

function emitLoop(node: RegexNode, program: Instruction[]): void {
  const at = program.length;
  const split = { kind: "split" as const, left: at + 1, right: 0 };
  program.push(split);
  emit(node, program);
  program.push({ kind: "jump", to: at });
  split.right = program.length;
}

function emitOptional(node: RegexNode, count: number, program: Instruction[]): void {
  const splits: { right: number }[] = [];
  for (let i = 0; i < count; i++) {
    const split = { kind: "split" as const, left: program.length + 1, right: 0 };
    program.push(split);
    splits.push(split);
    emit(node, program);
  }
  for (const split of splits) split.right = program.length;
}

function holds(what: Assertion, points: Uint32Array, at: number): boolean {
  switch (what) {
    case "start":
      return at === 0;
    case "end":
      return at === points.length;
    case "finalLineEnd":
      return at === points.length || (at === points.length - 1 && points[at] === 10);
    case "lineStart":
      return at === 0 || points[at - 1] === 10;
    case "lineEnd":
      return at === points.length || points[at] === 10;
    default: {
      const before = at > 0 && isWordPoint(points[at - 1]!);
      const after = at < points.length && isWordPoint(points[at]!);
      return (before !== after) === (what === "word");
    }
  }
}
