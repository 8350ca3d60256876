import { z } from "zod";
import { SoclabError } from "../core/index.ts";
import { type FittedDetector, restoreDetector, type Tensor, type Tensors } from "../detectors/index.ts";
import type { JsonValue } from "../event/index.ts";
import { definitionHash, parseDefinition } from "../features/index.ts";
import type { Calibration } from "./calibration.ts";
import { Model } from "./model.ts";
import { contentHeader, contentTensors, type GoldenRows } from "./model-content.ts";
import { requireModelName } from "./model-reference.ts";
import { decodeSafetensors, encodeSafetensors, refuse } from "./safetensors.ts";

const count = z.int().min(0);
const share = z.number().min(0).max(1).nullable();
const window = { from: z.number().nullable(), until: z.number().nullable() };
const hash = z.string().regex(/^[0-9a-f]{64}$/);

const headerSchema = z.strictObject({
  name: z.string(),
  version: count,
  format: z.literal("soclab-model"),
  formatVersion: z.literal(1),
  createdBy: z.string().max(200),
  detector: z.strictObject({ name: z.string().max(100), params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])) }),
  features: z.array(z.string().min(1).max(1000)).min(1).max(100_000),
  definition: z.strictObject({ value: z.json(), hash }).nullable(),
  calibration: z.strictObject({
    tail: z.strictObject({ logShare: z.number().max(0), scale: z.number().positive(), shape: z.number().min(0).max(1) }),
  }),
  training: z.strictObject({ ...window, rows: z.int().min(1) }),
  metrics: z.array(
    z.strictObject({
      split: z.string().max(100),
      window: z.strictObject(window),
      rows: count,
      positives: count,
      unlabelled: count,
      baseRate: share,
      auc: share,
      ap: share,
      budgets: z.array(
        z.strictObject({ alertsPerDay: count, days: count, alerts: count, hits: z.number().min(0), precision: share, recall: share }),
      ),
    }),
  ),
});

type Header = z.infer<typeof headerSchema>;

/**
 * A model as one safetensors file: detector, calibration and golden rows as tensors, all else as JSON in the metadata entry `soclab`, and the hash of
 * the content in `sha256`. Any reader of safetensors can open it. The same model gives the same bytes.
 */
export function encodeModel(model: Model): Uint8Array {
  const header = { name: model.name, version: model.version, ...contentHeader(model) };
  const metadata = new Map([
    ["soclab", JSON.stringify(header)],
    ["sha256", model.hash],
  ]);
  return encodeSafetensors({ tensors: contentTensors(model), metadata });
}

/**
 * The model out of a file's bytes. Nothing in it is run: every part is checked, the content must have its hash, and the golden rows must score as they
 * did when the model was made (to 12 digits: the logarithms of another JavaScript engine may differ in the last ones).
 * @throws SOCLAB_ARTEFACT
 */
export function decodeModel(bytes: Uint8Array): Model {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const header = parseHeader(metadata.get("soclab"));
  const { name, version, features } = header;
  const training = { from: header.training.from, until: header.training.until };
  const calibration = restoreCalibration(header, tensors);
  const golden = restoreGolden(features.length, tensors);
  const detector = restore(header, tensors);
  const content = {
    ...header,
    definition: header.definition && { value: header.definition.value as JsonValue, hash: header.definition.hash },
  };
  const model = new Model(name, version, { ...content, detector, calibration, training, golden });
  if (model.hash !== metadata.get("sha256")) throw refuse("the content does not have the hash that the file states");
  for (const each of tensors.keys())
    if (!contentTensors(model).has(each)) throw refuse(`tensor "${each}" is none of a ${detector.name} model`);
  requireGoldenScores(detector, golden);
  requireDefinition(header);
  return model;
}

function parseHeader(text: string | undefined): Header {
  if (text === undefined) throw refuse('the file has no metadata entry "soclab"');
  let value: unknown;
  try {
    value = JSON.parse(text, (key, member) => {
      if (key === "__proto__") throw refuse('the header has a key "__proto__"');
      return member;
    });
  } catch (cause) {
    throw cause instanceof SoclabError ? cause : refuse('the metadata entry "soclab" is not JSON', cause);
  }
  const parsed = headerSchema.safeParse(value);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw refuse(`header ${path.join(".") || "itself"}: ${message}`);
  }
  const { name, features } = parsed.data;
  if (new Set(features).size !== features.length) throw refuse("two features of the model have the same name");
  try {
    requireModelName(name);
  } catch (cause) {
    throw refuse(`${JSON.stringify(name.slice(0, 80))} is no name for a model`, cause);
  }
  return parsed.data;
}

function restore(header: Header, tensors: Tensors): FittedDetector {
  const own = new Map<string, Tensor>();
  for (const [name, tensor] of tensors) if (name.startsWith("detector.")) own.set(name.slice("detector.".length), tensor);
  try {
    return restoreDetector(header.detector.name, {
      params: header.detector.params,
      names: header.features,
      rowCount: header.training.rows,
      tensors: own,
    });
  } catch (cause) {
    if (!(cause instanceof SoclabError) || cause.code === "SOCLAB_ARTEFACT") throw cause;
    throw refuse(`the detector cannot be restored (${cause.message})`, cause);
  }
}

function restoreCalibration(header: Header, tensors: Tensors): Calibration {
  const scores = vector(tensors, "calibration.scores");
  const logShares = vector(tensors, "calibration.logShares");
  if (scores.length === 0 || scores.length !== logShares.length)
    throw refuse(`the calibration has ${scores.length} scores and ${logShares.length} shares`);
  for (let i = 0; i < scores.length; i++) {
    const ascends = i === 0 ? logShares[0] === 0 : scores[i]! > scores[i - 1]! && logShares[i]! < logShares[i - 1]!;
    if (!ascends || !Number.isFinite(scores[i]!) || !Number.isFinite(logShares[i]!))
      throw refuse(`knot ${i} of the calibration is out of order`);
  }
  return { scores, logShares, tail: header.calibration.tail };
}

function restoreGolden(width: number, tensors: Tensors): GoldenRows {
  const scores = vector(tensors, "golden.scores");
  const rows = tensors.get("golden.rows");
  if (scores.length === 0) throw refuse("the model has no golden rows");
  if (!(rows?.data instanceof Float64Array) || rows.shape.length !== 2 || rows.shape[0] !== scores.length || rows.shape[1] !== width) {
    throw refuse(`tensor "golden.rows" must be F64 [${scores.length},${width}]`);
  }
  if (!scores.every(Number.isFinite)) throw refuse("a golden score is not finite");
  return { rows: rows.data, scores };
}

function requireGoldenScores(detector: FittedDetector, golden: GoldenRows): void {
  const again = new Float64Array(golden.scores.length);
  detector.scoreInto(golden.rows, again.length, again);
  for (const [i, score] of again.entries()) {
    const then = golden.scores[i]!;
    if (!(Math.abs(score - then) <= 1e-12 * Math.abs(then)))
      throw refuse(`golden row ${i} scores ${score}; it scored ${then} when the model was made`);
  }
}

/** The hash says under which formulas the matrix was made; others would feed the model with other features. */
function requireDefinition({ definition }: Header): void {
  if (definition === null) return;
  let now: string;
  try {
    now = definitionHash(parseDefinition(definition.value));
  } catch (cause) {
    throw refuse("the feature definition is not one that this version of soclab reads", cause);
  }
  if (now !== definition.hash) {
    throw refuse(
      `the feature definition has the hash ${now.slice(0, 12)}… here and had ${definition.hash.slice(0, 12)}… in training: its formulas have changed`,
    );
  }
}

function vector(tensors: Tensors, name: string): Float64Array {
  const tensor = tensors.get(name);
  if (!(tensor?.data instanceof Float64Array) || tensor.shape.length !== 1) throw refuse(`tensor "${name}" is missing or no F64 vector`);
  return tensor.data;
}
