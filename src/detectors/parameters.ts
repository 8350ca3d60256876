import { didYouMean, SoclabError } from "../core/index.ts";

interface Described {
  /** One line for help texts. */
  readonly about: string;
}
export interface IntegerParameter extends Described {
  readonly type: "integer";
  readonly min: number;
  readonly max: number;
  readonly default: number;
}
export interface ChoiceParameter extends Described {
  readonly type: "choice";
  readonly choices: readonly string[];
  readonly default: string;
}
export type Parameter = IntegerParameter | ChoiceParameter;
export type ParameterSchema = Readonly<Record<string, Parameter>>;

/** The checked parameters of a schema: `ParametersOf<{ seed: IntegerParameter }>` is `{ seed: number }`. */
export type ParametersOf<S extends ParameterSchema> = {
  readonly [K in keyof S]: S[K] extends { readonly type: "choice"; readonly choices: readonly (infer C extends string)[] } ? C : number;
};

/** A value as a user gives it: the command line gives text. */
export type GivenParameters = Readonly<Record<string, unknown>>;

/**
 * Fills in defaults and refuses what is unknown or out of range. Numbers may come as text.
 * @throws SOCLAB_INVALID_VALUE naming the detector, the parameter, the value and what was expected.
 */
export function resolveParameters<S extends ParameterSchema>(detector: string, schema: S, given: GivenParameters): ParametersOf<S> {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(schema, name)) {
      const known = Object.keys(schema);
      throw new SoclabError("SOCLAB_INVALID_VALUE", `${detector} has no parameter "${name}"; it has ${known.join(", ")}`, {
        hint: didYouMean(name, known),
      });
    }
  }
  const entries = Object.entries(schema).map(([name, parameter]) => {
    const value = given[name];
    return [name, value === undefined ? parameter.default : check(detector, name, parameter, value)] as const;
  });
  return Object.freeze(Object.fromEntries(entries)) as ParametersOf<S>;
}

function check(detector: string, name: string, parameter: Parameter, value: unknown): number | string {
  if (parameter.type === "choice") {
    const choice = parameter.choices.find((each) => each === value);
    if (choice !== undefined) return choice;
    throw refused(detector, name, value, `one of ${parameter.choices.join(", ")}`);
  }
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "number" && Number.isInteger(number) && number >= parameter.min && number <= parameter.max) return number;
  throw refused(detector, name, value, `an integer of ${parameter.min} to ${parameter.max}`);
}

function refused(detector: string, name: string, value: unknown, expected: string): SoclabError {
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  return new SoclabError("SOCLAB_INVALID_VALUE", `${detector}: ${name} is ${shown}; expected ${expected}`);
}

/** Where a detector draws random numbers: the same seed gives the same detector. */
export const seedParameter = {
  type: "integer",
  min: 0,
  max: 2 ** 32 - 1,
  default: 0,
  about: "seed of the random draws",
} as const satisfies IntegerParameter;
