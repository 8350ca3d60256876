import { BindingSearch } from "./binding-search.ts";
import { comparisonTest } from "./comparison-test.ts";
import { observationsOf } from "./observations.ts";
import type { Pattern } from "./pattern.ts";
import { parsePattern } from "./pattern-parser.ts";

/** What a pattern found. */
export interface PatternMatch {
  readonly matched: boolean;
  /** The ids of observed data that together match, in the order of the data; empty where nothing matched. */
  readonly observations: readonly string[];
}

/**
 * Whether observed data matches a STIX 2.1 pattern.
 *
 * Regular expressions are matched in linear time; those that cannot be (look-around, back references) are refused. The search for observations
 * at fitting times has a bound, past which it says so instead of running on.
 *
 * @param data - a bundle, an observed-data object, or a list of them, as parsed JSON
 * @throws SOCLAB_INVALID_VALUE for a pattern that is none, for observed data without times, and for a text that is compared with a time and is none
 * @see STIX 2.1, part 9
 */
export function matchPattern(pattern: string | Pattern, data: unknown): PatternMatch {
  const tree = typeof pattern === "string" ? parsePattern(pattern) : pattern;
  const observations = observationsOf(data);
  const masks = new Map<Pattern, Uint8Array>();
  const collect = (node: Pattern): void => {
    if (node.kind === "observation") {
      const test = comparisonTest(node.comparison);
      masks.set(
        node,
        Uint8Array.from(observations, ({ roots, objects }) => (roots.some((root) => test(root, objects)) ? 1 : 0)),
      );
    } else if (node.kind === "qualified") collect(node.expression);
    else for (const operand of node.operands) collect(operand);
  };
  collect(tree);
  const search = new BindingSearch(observations, (observation) => masks.get(observation)!);
  const found = search.find(tree);
  return found === null ? { matched: false, observations: [] } : { matched: true, observations: found.map((i) => observations[i]!.id) };
}
