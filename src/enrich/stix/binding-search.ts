import { SoclabError } from "../../core/index.ts";
import type { Observation } from "./observations.ts";
import type { Pattern, Qualifier } from "./pattern.ts";
import { microsOf } from "./timestamp.ts";

/** Which observations pass what stands between square brackets, 1 for yes. */
export type Candidates = (observation: Extract<Pattern, { kind: "observation" }>) => Uint8Array;

/** When an observation must have been: first seen no later than `firstMax`, before `firstBelow`, and last seen no earlier than `lastMin`. */
interface Span {
  readonly firstMax: number;
  readonly firstBelow: number;
  readonly lastMin: number;
}

const anyTime: Span = { firstMax: Infinity, firstBelow: Infinity, lastMin: -Infinity };

/** A part of the pattern that takes `demand` observations out of `candidates`. */
interface Need {
  readonly candidates: readonly number[];
  readonly demand: number;
}

interface Task {
  readonly pattern: Pattern;
  readonly span: Span;
}

/** Parts of a pattern, after repeats are written out. */
const maxParts = 2000;
/** Choices of points in time and alternatives that are tried before the search gives up. */
const maxTries = 300_000;

/**
 * Finds an observation for each part of a pattern, none for two of them, at times that fit. Every time constraint is one choice of a point:
 * FOLLOWEDBY of a time between the two sides, WITHIN of where its span starts. A choice only narrows which observations each part may take,
 * so that what remains is a flow of observations to parts, which takes no search.
 */
export class BindingSearch {
  readonly #observations: readonly Observation[];
  readonly #candidates: Candidates;
  readonly #total: number;
  #tries = 0;

  constructor(observations: readonly Observation[], candidates: Candidates) {
    this.#observations = observations;
    this.#candidates = candidates;
    this.#total = observations.reduce((sum, { count }) => sum + count, 0);
  }

  /** @returns the numbers of the observations that the pattern takes, or null where it does not match */
  find(pattern: Pattern): readonly number[] | null {
    return this.#solve([{ pattern, span: anyTime }], []);
  }

  #solve(tasks: readonly Task[], needs: readonly Need[]): readonly number[] | null {
    if (++this.#tries > maxTries)
      throw new SoclabError(
        "SOCLAB_INVALID_VALUE",
        `the pattern takes more than ${maxTries} tries on ${this.#observations.length} observations`,
      );
    if (tasks.length + needs.length > maxParts)
      throw new SoclabError("SOCLAB_INVALID_VALUE", `the pattern joins more than ${maxParts} observations, at most as many are matched`);
    const task = tasks[0];
    if (task === undefined) return this.#assign(needs);
    const rest = tasks.slice(1);
    const { pattern, span } = task;
    const simple = this.#simple(pattern, span);
    if (simple !== null) return this.#need(simple, 1, rest, needs);
    switch (pattern.kind) {
      case "and":
        return this.#solve([...pattern.operands.map((operand) => ({ pattern: operand, span })), ...rest], needs);
      case "or":
        return this.#firstOf(pattern.operands, (operand) => this.#solve([{ pattern: operand, span }, ...rest], needs));
      case "followedBy":
        return this.#followedBy(pattern, span, rest, needs);
      case "qualified":
        return this.#qualified(pattern, span, rest, needs);
      default:
        return null;
    }
  }

  #followedBy(pattern: Extract<Pattern, { kind: "followedBy" }>, span: Span, rest: readonly Task[], needs: readonly Need[]) {
    const last = pattern.operands.at(-1)!;
    const before = pattern.operands.slice(0, -1);
    const left: Pattern = before.length === 1 ? before[0]! : { ...pattern, operands: before };
    return this.#firstOf(this.#times(span, "first"), (time) => {
      const earlier = { pattern: left, span: { ...span, firstMax: Math.min(span.firstMax, time) } };
      const later = { pattern: last, span: { ...span, lastMin: Math.max(span.lastMin, time) } };
      return this.#solve([earlier, later, ...rest], needs);
    });
  }

  #qualified(pattern: Extract<Pattern, { kind: "qualified" }>, span: Span, rest: readonly Task[], needs: readonly Need[]) {
    const qualifier = pattern.qualifiers.at(-1)!;
    const inner: Pattern =
      pattern.qualifiers.length === 1 ? pattern.expression : { ...pattern, qualifiers: pattern.qualifiers.slice(0, -1) };
    if (qualifier.kind === "startStop") {
      const narrowed = narrow(span, qualifier);
      return narrowed === null ? null : this.#solve([{ pattern: inner, span: narrowed }, ...rest], needs);
    }
    if (qualifier.kind === "within") {
      const length = qualifier.seconds * 1e6;
      return this.#firstOf(this.#times(span, "last"), (start) => {
        const narrowed = { ...span, firstMax: Math.min(span.firstMax, start + length), lastMin: Math.max(span.lastMin, start) };
        return this.#solve([{ pattern: inner, span: narrowed }, ...rest], needs);
      });
    }
    if (qualifier.times > this.#total) return null;
    const repeated = this.#repeated(inner, span);
    if (repeated !== null) return this.#need(repeated.mask, repeated.times * qualifier.times, rest, needs);
    if (qualifier.times > 10_000)
      throw new SoclabError("SOCLAB_INVALID_VALUE", `REPEATS ${qualifier.times} TIMES of several observations is too much`);
    return this.#solve([...Array.from({ length: qualifier.times }, () => ({ pattern: inner, span })), ...rest], needs);
  }

  /** A repeat of one observation, however often repeated again: `[a] REPEATS 2 TIMES REPEATS 3 TIMES` takes six. */
  #repeated(pattern: Pattern, span: Span): { mask: Uint8Array; times: number } | null {
    const mask = this.#simple(pattern, span);
    if (mask !== null) return { mask, times: 1 };
    if (pattern.kind !== "qualified") return null;
    const qualifier = pattern.qualifiers.at(-1)!;
    if (qualifier.kind !== "repeats") return null;
    const inner = pattern.qualifiers.length === 1 ? pattern.expression : { ...pattern, qualifiers: pattern.qualifiers.slice(0, -1) };
    const repeated = this.#repeated(inner, span);
    return repeated === null ? null : { mask: repeated.mask, times: repeated.times * qualifier.times };
  }

  /** The candidates of what takes exactly one observation: a single one, or one of several, whatever WITHIN says. Else null. */
  #simple(pattern: Pattern, span: Span): Uint8Array | null {
    if (pattern.kind === "observation") {
      const mask = this.#candidates(pattern);
      return mask.map((candidate, i) => (candidate === 1 && fits(this.#observations[i]!, span) ? 1 : 0));
    }
    if (pattern.kind === "or") {
      const union = new Uint8Array(this.#observations.length);
      for (const operand of pattern.operands) {
        const mask = this.#simple(operand, span);
        if (mask === null) return null;
        for (let i = 0; i < union.length; i++) union[i]! |= mask[i]!;
      }
      return union;
    }
    if (pattern.kind !== "qualified") return null;
    let narrowed: Span | null = span;
    for (const qualifier of pattern.qualifiers) {
      if (qualifier.kind === "repeats" && qualifier.times > 1) return null;
      if (qualifier.kind === "startStop" && narrowed !== null) narrowed = narrow(narrowed, qualifier);
    }
    const mask = this.#simple(pattern.expression, narrowed ?? span);
    return mask === null || narrowed !== null ? mask : new Uint8Array(mask.length);
  }

  #need(mask: Uint8Array, demand: number, rest: readonly Task[], needs: readonly Need[]): readonly number[] | null {
    const candidates: number[] = [];
    let supply = 0;
    for (let i = 0; i < mask.length; i++)
      if (mask[i] === 1) {
        candidates.push(i);
        supply += this.#observations[i]!.count;
      }
    return supply < demand ? null : this.#solve(rest, [...needs, { candidates, demand }]);
  }

  /** Points in time worth trying: those of the observations that are not ruled out yet. */
  #times(span: Span, end: "first" | "last"): Iterable<number> {
    const times = new Set<number>();
    for (const observation of this.#observations) if (fits(observation, span)) times.add(observation[end]);
    return [...times].sort((a, b) => a - b);
  }

  #firstOf<T>(choices: Iterable<T>, attempt: (choice: T) => readonly number[] | null): readonly number[] | null {
    for (const choice of choices) {
      const found = attempt(choice);
      if (found !== null) return found;
    }
    return null;
  }

  /** Gives each need its observations, moving those given before where that helps: augmenting paths. */
  #assign(needs: readonly Need[]): readonly number[] | null {
    const spare = this.#observations.map(({ count }) => count);
    const given = needs.map(() => new Map<number, number>());
    for (const [need, { demand }] of needs.entries()) {
      let open = demand;
      while (open > 0) {
        const moved = this.#augment(needs, given, spare, need, open);
        if (moved === 0) return null;
        open -= moved;
      }
    }
    return [...new Set(given.flatMap((taken) => [...taken.keys()]))].sort((a, b) => a - b);
  }

  #augment(needs: readonly Need[], given: readonly Map<number, number>[], spare: number[], start: number, wanted: number): number {
    const reachedBy = new Map<number, number>();
    const comesFrom = new Map<number, number>([[start, -1]]);
    const queue = [start];
    for (let head = 0; head < queue.length; head++) {
      const need = queue[head]!;
      for (const observation of needs[need]!.candidates) {
        if (reachedBy.has(observation)) continue;
        reachedBy.set(observation, need);
        if (spare[observation]! > 0) return shift(given, spare, reachedBy, comesFrom, observation, wanted);
        for (const [other, taken] of given.entries())
          if (taken.has(observation) && !comesFrom.has(other)) {
            comesFrom.set(other, observation);
            queue.push(other);
          }
      }
    }
    return 0;
  }
}

function shift(
  given: readonly Map<number, number>[],
  spare: number[],
  reachedBy: ReadonlyMap<number, number>,
  comesFrom: ReadonlyMap<number, number>,
  end: number,
  wanted: number,
): number {
  let amount = Math.min(wanted, spare[end]!);
  for (let o = end; ; ) {
    const need = reachedBy.get(o)!;
    const before = comesFrom.get(need)!;
    if (before < 0) break;
    amount = Math.min(amount, given[need]!.get(before)!);
    o = before;
  }
  spare[end]! -= amount;
  for (let o = end; ; ) {
    const need = reachedBy.get(o)!;
    const taken = given[need]!;
    taken.set(o, (taken.get(o) ?? 0) + amount);
    const before = comesFrom.get(need)!;
    if (before < 0) return amount;
    const left = taken.get(before)! - amount;
    if (left === 0) taken.delete(before);
    else taken.set(before, left);
    o = before;
  }
}

function fits(observation: Observation, span: Span): boolean {
  return observation.first <= span.firstMax && observation.first < span.firstBelow && observation.last >= span.lastMin;
}

/** Start counts, stop does not; null where no time is left. */
function narrow(span: Span, qualifier: Extract<Qualifier, { kind: "startStop" }>): Span | null {
  const start = microsOf(qualifier.start);
  const stop = microsOf(qualifier.stop);
  if (start >= stop) return null;
  return { firstMax: span.firstMax, firstBelow: Math.min(span.firstBelow, stop), lastMin: Math.max(span.lastMin, start) };
}
