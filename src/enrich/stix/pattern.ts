/** A constant of a pattern. `text` is how a number was spelled, without a plus sign: 64-bit integers stay exact. */
export type PatternLiteral =
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "integer"; readonly value: number; readonly text: string }
  | { readonly kind: "float"; readonly value: number; readonly text: string }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "hex"; readonly value: Uint8Array }
  | { readonly kind: "binary"; readonly value: Uint8Array }
  | { readonly kind: "timestamp"; readonly value: string };

/** One step into an object: a property, an element of a list, or any element (`[*]`). */
export type PathStep =
  | { readonly kind: "property"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "any" };

/** `file:hashes.'SHA-256'`: the type of a cyber-observable object, then at least one step. */
export interface ObjectPath {
  readonly objectType: string;
  readonly steps: readonly PathStep[];
}

export type OrderOperator = "=" | "!=" | "<" | "<=" | ">" | ">=";
export type TextOperator = "LIKE" | "MATCHES" | "ISSUBSET" | "ISSUPERSET";

/** A test of one object, between square brackets. `at` is where it starts in the pattern, in UTF-16 code units. */
export type Comparison =
  | { readonly kind: "and"; readonly operands: readonly Comparison[]; readonly at: number }
  | { readonly kind: "or"; readonly operands: readonly Comparison[]; readonly at: number }
  | {
      readonly kind: "compare";
      readonly path: ObjectPath;
      readonly operator: OrderOperator;
      readonly negated: boolean;
      readonly literal: PatternLiteral;
      readonly at: number;
    }
  | {
      readonly kind: "text";
      readonly path: ObjectPath;
      readonly operator: TextOperator;
      readonly negated: boolean;
      readonly operand: string;
      readonly at: number;
    }
  | {
      readonly kind: "in";
      readonly path: ObjectPath;
      readonly negated: boolean;
      readonly literals: readonly PatternLiteral[];
      readonly at: number;
    }
  | { readonly kind: "exists"; readonly path: ObjectPath; readonly negated: boolean; readonly at: number };

export type Qualifier =
  | { readonly kind: "within"; readonly seconds: number; readonly text: string; readonly at: number }
  | { readonly kind: "repeats"; readonly times: number; readonly at: number }
  | { readonly kind: "startStop"; readonly start: string; readonly stop: string; readonly at: number };

/** A STIX pattern: observations, how they are joined, and what holds for their times. */
export type Pattern =
  | { readonly kind: "observation"; readonly comparison: Comparison; readonly at: number }
  | { readonly kind: "and"; readonly operands: readonly Pattern[]; readonly at: number }
  | { readonly kind: "or"; readonly operands: readonly Pattern[]; readonly at: number }
  | { readonly kind: "followedBy"; readonly operands: readonly Pattern[]; readonly at: number }
  | {
      readonly kind: "qualified";
      readonly expression: Pattern;
      /** Whether the expression stands in parentheses; then the same qualifier may follow twice. */
      readonly grouped: boolean;
      readonly qualifiers: readonly Qualifier[];
      readonly at: number;
    };
