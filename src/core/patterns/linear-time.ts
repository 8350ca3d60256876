import { type Automaton, toAutomaton } from "./automaton.ts";
import { PatternSyntaxFault, parsePattern } from "./pattern-syntax.ts";

/** Why a pattern must not be used. */
export interface PatternFault {
  readonly kind: "exponential" | "polynomial" | "unknown" | "syntax";
  readonly reason: string;
  /** Places in the pattern that are to blame, offsets of characters. */
  readonly places: readonly number[];
  /** A text on which matching takes more than linear time, where there is one; `pump` is to be repeated. */
  readonly attack?: { readonly prefix: string; readonly pump: string; readonly suffix: string } | undefined;
}

/** Pairs and triples of states that are looked at before the search gives up; a second's work. */
const maxSteps = 3_000_000;
const maxSubsets = 2000;

/**
 * Null where a match of the whole text against the pattern takes time in proportion to the text; else why not. A matcher that goes back, as
 * JavaScript's does, takes exponential time where a state can be reached again on the same text in two ways, and polynomial time where two
 * loops can share out a text between them and what follows can fail.
 *
 * @param source - without `^` at the start and `$` at the end, which are implied
 * @see Weideman, van der Merwe, Berglund, Watson: Analyzing Matching Time Behavior of Backtracking Regular Expression Matchers, CIAA 2016
 */
export function linearTimeFault(source: string, { ignoreCase = false } = {}): PatternFault | null {
  try {
    const automaton = toAutomaton(parsePattern(source, ignoreCase));
    return new Search(automaton).fault();
  } catch (error) {
    if (error instanceof PatternSyntaxFault) return { kind: "syntax", reason: error.message, places: [error.at] };
    throw error;
  }
}

class Search {
  readonly #automaton: Automaton;
  readonly #component: readonly number[];
  readonly #looping: readonly boolean[];
  #steps = 0;

  constructor(automaton: Automaton) {
    this.#automaton = automaton;
    const { component, looping } = components(automaton);
    this.#component = component;
    this.#looping = looping;
  }

  fault(): PatternFault | null {
    const { next } = this.#automaton;
    const reachable = this.#reachable();
    const loops = next.map((_, state) => state).filter((state) => reachable.has(state) && this.#looping[state]!);
    for (const state of loops) {
      const pump = this.#twoWaysAround(state);
      if (pump !== null) return this.#found("exponential", state, state, pump);
    }
    for (const p of loops) {
      for (const q of loops) {
        if (this.#component[p] === this.#component[q]) continue;
        const pump = this.#shared(p, q);
        if (pump !== null && this.#canFail(q)) return this.#found("polynomial", p, q, pump);
      }
    }
    if (this.#steps <= maxSteps) return null;
    return { kind: "unknown", reason: "the pattern is too large to show that it takes linear time", places: [0] };
  }

  #reachable(): Set<number> {
    const seen = new Set(this.#automaton.first.keys());
    for (const state of seen) for (const after of this.#automaton.next[state]!.keys()) seen.add(after);
    return seen;
  }

  /** A text that leads from the state to itself in two ways, or null. */
  #twoWaysAround(state: number): string | null {
    const { next, reads } = this.#automaton;
    const home = this.#component[state];
    // Pairs of states in the component, and whether the two have parted.
    const start = { a: state, b: state, parted: false };
    const seen = new Set<string>();
    const queue: { a: number; b: number; parted: boolean; text: string }[] = [{ ...start, text: "" }];
    for (let i = 0; i < queue.length; i++) {
      const { a, b, parted, text } = queue[i]!;
      for (const [a2, waysA] of next[a]!) {
        if (this.#component[a2] !== home) continue;
        for (const [b2, waysB] of next[b]!) {
          if (++this.#steps > maxSteps) return null;
          if (this.#component[b2] !== home) continue;
          const read = reads[a2]! & reads[b2]!;
          if (read === 0n) continue;
          const part = parted || a2 !== b2 || waysA > 1 || waysB > 1;
          const after = text + this.#automaton.atoms.sample(read);
          if (part && a2 === state && b2 === state) return after;
          const key = `${a2} ${b2} ${part}`;
          if (seen.has(key) || after.length > 200) continue;
          seen.add(key);
          queue.push({ a: a2, b: b2, parted: part, text: after });
        }
      }
    }
    return null;
  }

  /** A text that leads from p to p, from p to q and from q to q, or null. */
  #shared(p: number, q: number): string | null {
    const { next, reads } = this.#automaton;
    const [homeP, homeQ] = [this.#component[p]!, this.#component[q]!];
    // Components are numbered so that an edge never leads to a higher one.
    if (homeQ > homeP) return null;
    const seen = new Set<number>();
    const size = next.length;
    const queue: { a: number; b: number; c: number; text: string }[] = [{ a: p, b: p, c: q, text: "" }];
    for (let i = 0; i < queue.length; i++) {
      const { a, b, c, text } = queue[i]!;
      for (const a2 of next[a]!.keys()) {
        if (this.#component[a2] !== homeP) continue;
        for (const c2 of next[c]!.keys()) {
          if (this.#component[c2] !== homeQ) continue;
          const both = reads[a2]! & reads[c2]!;
          if (both === 0n) continue;
          for (const b2 of next[b]!.keys()) {
            if (++this.#steps > maxSteps) return null;
            if (this.#component[b2]! < homeQ) continue;
            const read = both & reads[b2]!;
            if (read === 0n) continue;
            const after = text + this.#automaton.atoms.sample(read);
            if (a2 === p && b2 === q && c2 === q) return after;
            const key = (a2 * size + b2) * size + c2;
            if (seen.has(key) || after.length > 200) continue;
            seen.add(key);
            queue.push({ a: a2, b: b2, c: c2, text: after });
          }
        }
      }
    }
    return null;
  }

  /** Whether what comes after the state can make the match fail; where nothing can, the first way that is tried is the last. */
  #canFail(state: number): boolean {
    return this.#automaton.hasAssertions || this.#failingSuffix(new Set([state])) !== null;
  }

  /** A text after which no state of the set accepts, or null where every text is accepted. */
  #failingSuffix(states: ReadonlySet<number>): string | null {
    const { next, reads, accepting, atoms } = this.#automaton;
    const keyOf = (set: ReadonlySet<number>) => [...set].sort((a, b) => a - b).join(",");
    const accepts = (set: ReadonlySet<number>) => [...set].some((state) => accepting.has(state));
    const seen = new Set([keyOf(states)]);
    const queue: { set: ReadonlySet<number>; text: string }[] = [{ set: states, text: "" }];
    for (let i = 0; i < queue.length; i++) {
      const { set, text } = queue[i]!;
      if (!accepts(set)) return text;
      if (seen.size > maxSubsets) return text;
      const after = new Set([...set].flatMap((state) => [...next[state]!.keys()]));
      for (let atom = 0; atom < atoms.count; atom++) {
        const bit = 1n << BigInt(atom);
        const reached = new Set([...after].filter((state) => (reads[state]! & bit) !== 0n));
        const key = keyOf(reached);
        if (seen.has(key)) continue;
        seen.add(key);
        queue.push({ set: reached, text: text + atoms.sample(bit) });
      }
    }
    return null;
  }

  #found(kind: "exponential" | "polynomial", p: number, q: number, pump: string): PatternFault {
    const { places } = this.#automaton;
    const same = kind === "exponential";
    const reason = same
      ? "a repeated part can match the same text in more than one way, which takes exponential time"
      : "two repeated parts can share out the same text in many ways, which takes more than linear time";
    const prefix = this.#textTo(p);
    const after = this.#statesAfter(prefix + pump.repeat(3));
    const suffix = this.#failingSuffix(after) ?? "";
    return { kind, reason, places: same ? [places[p]!] : [places[p]!, places[q]!], attack: { prefix, pump, suffix } };
  }

  #textTo(state: number): string {
    const { first, next, reads, atoms } = this.#automaton;
    const texts = new Map<number, string>();
    for (const start of first.keys()) texts.set(start, atoms.sample(reads[start]!));
    for (const [from, text] of texts) {
      if (from === state) return text;
      for (const to of next[from]!.keys()) if (!texts.has(to)) texts.set(to, text + atoms.sample(reads[to]!));
    }
    return "";
  }

  #statesAfter(text: string): Set<number> {
    const { first, next, reads, atoms } = this.#automaton;
    let states: Set<number> | undefined;
    for (const character of text.split("")) {
      const bit = atoms.bitOf(character.charCodeAt(0));
      const from = states ? new Set([...states].flatMap((state) => [...next[state]!.keys()])) : new Set(first.keys());
      states = new Set([...from].filter((state) => (reads[state]! & bit) !== 0n));
    }
    return states ?? new Set();
  }
}

/** Strongly connected components (Tarjan), numbered so that edges lead to the same or a lower number; `looping` where a state can come back. */
function components({ next }: Automaton): { component: number[]; looping: boolean[] } {
  const size = next.length;
  const index = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const component = new Array<number>(size).fill(-1);
  const sizes: number[] = [];
  const stack: number[] = [];
  let counter = 0;
  for (let root = 0; root < size; root++) {
    if (index[root]! >= 0) continue;
    const work: { state: number; edges: number[]; at: number }[] = [];
    const enter = (state: number) => {
      index[state] = low[state] = counter++;
      stack.push(state);
      work.push({ state, edges: [...next[state]!.keys()], at: 0 });
    };
    enter(root);
    while (work.length > 0) {
      const frame = work.at(-1)!;
      const edge = frame.edges[frame.at++];
      if (edge !== undefined) {
        if (index[edge]! < 0) enter(edge);
        else if (component[edge]! < 0) low[frame.state] = Math.min(low[frame.state]!, index[edge]!);
        continue;
      }
      work.pop();
      const above = work.at(-1);
      if (above) low[above.state] = Math.min(low[above.state]!, low[frame.state]!);
      if (low[frame.state] !== index[frame.state]) continue;
      const number = sizes.push(0) - 1;
      for (let state = -1; state !== frame.state; ) {
        state = stack.pop()!;
        component[state] = number;
        sizes[number]!++;
      }
    }
  }
  const looping = next.map((edges, state) => sizes[component[state]!]! > 1 || edges.has(state));
  return { component, looping };
}
