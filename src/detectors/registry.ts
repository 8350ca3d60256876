import { didYouMean, SoclabError } from "../core/index.ts";
import type { Detector, DetectorState, FittedDetector } from "./contract.ts";
import { Ecod, ecodParameters } from "./ecod.ts";
import { IsolationForest, isolationForestParameters } from "./isolation-forest.ts";
import type { GivenParameters, ParameterSchema } from "./parameters.ts";

/** What is known of a detector by its name. */
export interface DetectorDescription {
  readonly name: string;
  /** One line for help texts. */
  readonly about: string;
  readonly parameters: ParameterSchema;
  /** Does the order of the columns leave the scores alone (up to rounding)? Not where columns are drawn at random. */
  readonly ignoresColumnOrder: boolean;
}

interface Entry extends DetectorDescription {
  readonly create: (params: GivenParameters) => Detector;
  readonly restore: (state: DetectorState) => FittedDetector;
}

const entries: ReadonlyMap<string, Entry> = new Map(
  (
    [
      {
        name: "isolation-forest",
        about: "how few random cuts set a row apart (Liu, Ting, Zhou 2008)",
        parameters: isolationForestParameters,
        ignoresColumnOrder: false,
        create: (params) => new IsolationForest(params),
        restore: (state) => IsolationForest.restore(state),
      },
      {
        name: "ecod",
        about: "how far out in the tails of each column a row stands; nothing to tune (Li et al. 2022)",
        parameters: ecodParameters,
        ignoresColumnOrder: true,
        create: (params) => new Ecod(params),
        restore: (state) => Ecod.restore(state),
      },
    ] satisfies Entry[]
  ).map((entry) => [entry.name, entry]),
);

/** Every detector, for help texts and for checks that run over all of them. */
export const detectors: readonly DetectorDescription[] = [...entries.values()];

/**
 * The detector of that name. Parameters may be text, as the command line has them.
 * @throws SOCLAB_UNKNOWN_DETECTOR, SOCLAB_INVALID_VALUE
 */
export function createDetector(name: string, params: GivenParameters = {}): Detector {
  return entryOf(name).create(params);
}

/**
 * A fitted detector out of its parts; the way back from {@link FittedDetector.toTensors}. Everything is checked, nothing is run.
 * @throws SOCLAB_UNKNOWN_DETECTOR, SOCLAB_ARTEFACT, SOCLAB_INVALID_VALUE
 */
export function restoreDetector(name: string, state: DetectorState): FittedDetector {
  return entryOf(name).restore(state);
}

function entryOf(name: string): Entry {
  const entry = entries.get(name);
  if (entry) return entry;
  const known = [...entries.keys()];
  throw new SoclabError("SOCLAB_UNKNOWN_DETECTOR", `there is no detector "${name}"; there are ${known.join(", ")}`, {
    hint: didYouMean(name, known),
  });
}
