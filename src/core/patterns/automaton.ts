import { Atoms, type CharacterSet } from "./character-set.ts";
import { type PatternNode, PatternSyntaxFault } from "./pattern-syntax.ts";

/**
 * A pattern as states that each read one character (Glushkov's positions). `next[p]` are the states after p; `ways` of 2 means that the
 * pattern can get there in more than one way, which a matcher that tries them all will do.
 */
export interface Automaton {
  readonly atoms: Atoms;
  /** Characters of each state as bits of atoms. */
  readonly reads: readonly bigint[];
  /** Where each state stands in the pattern. */
  readonly places: readonly number[];
  readonly next: readonly ReadonlyMap<number, number>[];
  readonly first: ReadonlyMap<number, number>;
  readonly accepting: ReadonlySet<number>;
  readonly isNullable: boolean;
  /** `\b`, `^`, `$` amid the pattern: they can make a match fail where the automaton does not. */
  readonly hasAssertions: boolean;
}

const maxStates = 2500;
/** A set repeated up to so many times is written out, a larger one is taken as a loop, which allows more than the pattern does. */
const maxSetCopies = 9;
const maxGroupCopies = 3;

type Ways = Map<number, number>;
interface Fragment {
  readonly first: Ways;
  readonly last: Ways;
  /** In how many ways it matches nothing, up to 2. */
  readonly empty: number;
}

/** @throws PatternSyntaxFault where the pattern is too large to be looked at */
export function toAutomaton(root: PatternNode): Automaton {
  const sets: CharacterSet[] = [];
  const places: number[] = [];
  const next: Ways[] = [];
  let hasAssertions = false;

  const build = (node: PatternNode): Fragment => {
    switch (node.kind) {
      case "set": {
        if (sets.length >= maxStates) throw new PatternSyntaxFault(`the pattern has more than ${maxStates} parts`, node.at);
        const state = sets.push(node.set) - 1;
        places.push(node.at);
        next.push(new Map());
        return { first: new Map([[state, 1]]), last: new Map([[state, 1]]), empty: 0 };
      }
      case "assertion":
        hasAssertions = true;
        return nothing;
      case "sequence":
        return node.parts.reduce<Fragment>((before, part) => concat(before, build(part)), nothing);
      case "choice":
        return node.parts
          .map(build)
          .reduce((a, b) => ({ first: sum(a.first, b.first), last: sum(a.last, b.last), empty: Math.min(2, a.empty + b.empty) }));
      case "repeat":
        return repeat(node.body, node.min, node.max);
    }
  };
  const link = (from: Ways, to: Ways) => {
    for (const [p, m] of from) for (const [q, n] of to) next[p]!.set(q, Math.min(2, (next[p]!.get(q) ?? 0) + m * n));
  };
  const concat = (a: Fragment, b: Fragment): Fragment => {
    link(a.last, b.first);
    return {
      first: sum(a.first, times(b.first, a.empty)),
      last: sum(b.last, times(a.last, b.empty)),
      empty: Math.min(2, a.empty * b.empty),
    };
  };
  const optional = (a: Fragment): Fragment => ({ ...a, empty: 1 });
  const loop = (body: PatternNode, atLeastOnce: boolean): Fragment => {
    const inner = build(body);
    link(inner.last, inner.first);
    return { ...inner, empty: atLeastOnce ? inner.empty : 1 };
  };
  const repeat = (body: PatternNode, min: number, max: number): Fragment => {
    if (max === 0) return nothing;
    const copies = isSet(body) ? maxSetCopies : maxGroupCopies;
    if (max === 1) return min === 1 ? build(body) : optional(build(body));
    if (max > copies && (max !== Number.POSITIVE_INFINITY || min > copies)) return loop(body, min > 0);
    let out = nothing;
    if (max === Number.POSITIVE_INFINITY) {
      for (let i = 1; i < min; i++) out = concat(out, build(body));
      return concat(out, loop(body, min > 0));
    }
    for (let i = max; i > min; i--) out = optional(concat(build(body), out));
    for (let i = 0; i < min; i++) out = concat(build(body), out);
    return out;
  };

  const whole = build(root);
  const atoms = new Atoms(sets);
  return {
    atoms,
    reads: sets.map((set) => atoms.mask(set)),
    places,
    next,
    first: whole.first,
    accepting: new Set(whole.last.keys()),
    isNullable: whole.empty > 0,
    hasAssertions,
  };
}

const nothing: Fragment = { first: new Map(), last: new Map(), empty: 1 };

function isSet(node: PatternNode): boolean {
  return node.kind === "set" || (node.kind === "sequence" && node.parts.length === 1 && isSet(node.parts[0]!));
}

function sum(a: Ways, b: Ways): Ways {
  const out = new Map(a);
  for (const [state, ways] of b) out.set(state, Math.min(2, (out.get(state) ?? 0) + ways));
  return out;
}

function times(a: Ways, ways: number): Ways {
  if (ways === 0) return new Map();
  return new Map([...a].map(([state, count]) => [state, Math.min(2, count * ways)]));
}
