import { z } from "zod";
import { didYouMean, SoclabError } from "../core/index.ts";
import type { Feature, FeatureDefinition } from "./definition.ts";
import { durationPattern } from "./duration.ts";

const scalar = z.union([
  z
    .string()
    .max(1024)
    .refine((text) => !text.includes("\0"), "holds a NUL"),
  z.number(),
  z.boolean(),
]);
const scalars = z.array(scalar).min(1).max(1024);
const column = z.string().min(1).max(256);
const duration = z.string().regex(durationPattern, 'is no duration such as "30s", "5m", "1h"');
const featureName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,62}$/, "is no name: a letter, then up to 62 letters, digits or underscores");

const condition = z
  .strictObject({
    column,
    equals: scalar.optional(),
    in: scalars.optional(),
    notIn: scalars.optional(),
    atLeast: z.number().optional(),
    atMost: z.number().optional(),
    present: z.boolean().optional(),
  })
  .refine(
    ({ column: _, atLeast, atMost, ...rest }) => Object.keys(rest).length + Number(atLeast !== undefined || atMost !== undefined) === 1,
    "needs exactly one of equals, in, notIn, atLeast and/or atMost, present",
  );
const where = z.union([condition, z.array(condition).min(1).max(64)]);

const named = { name: featureName, log1p: z.literal(true).optional() };
const windowed = { ...named, window: duration, tile: duration.optional(), where: where.optional() };

const kinds = {
  count: z.strictObject({ ...windowed, count: z.literal(true) }),
  sum: z.strictObject({ ...windowed, sum: column }),
  mean: z.strictObject({ ...windowed, mean: column }),
  min: z.strictObject({ ...windowed, min: column }),
  max: z.strictObject({ ...windowed, max: column }),
  std: z.strictObject({ ...windowed, std: column }),
  distinct: z.strictObject({ ...windowed, distinct: column }),
  ratio: z.strictObject({ ...named, ratio: z.tuple([featureName, featureName]) }),
  rate: z.strictObject({ ...named, rate: featureName, per: z.enum(["second", "minute", "hour"]) }),
  timeSinceLast: z.strictObject({ ...named, timeSinceLast: z.literal(true) }),
  firstSeen: z.strictObject({ ...named, firstSeen: column }),
  value: z.strictObject({ ...named, value: column }),
  is: z.strictObject({ ...named, is: where }),
  oneHot: z.strictObject({ ...named, oneHot: column, values: z.array(z.string().max(1024)).min(1).max(256) }),
} as const;

/** The ways to say a feature; exactly one key of a feature is one of them. */
export const featureKinds = Object.keys(kinds) as (keyof typeof kinds)[];

const definitionSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,62}$/, "is no name: a letter, then letters, digits, dots, dashes or underscores"),
  table: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, "is no table name"),
  entity: column,
  eventTime: z.strictObject({ column, plus: column.optional() }).optional(),
  lateness: duration.optional(),
  where: where.optional(),
  train: z.strictObject({ where }).optional(),
  features: z.array(z.unknown()).min(1).max(512),
});

/**
 * The shape of a definition, checked; whether its columns exist is for the plan.
 * @throws SOCLAB_INVALID_DEFINITION with the path of what is wrong and the nearest right thing
 */
export function parseDefinition(value: unknown): FeatureDefinition {
  const outer = checked(definitionSchema, plainJson(value), "");
  return { ...outer, features: outer.features.map((feature, i) => parseFeature(feature, `features[${i}]`)) } as FeatureDefinition;
}

/** What a file would hold: no undefined members, no class instances. */
function plainJson(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value) ?? "null");
  } catch (cause) {
    throw new SoclabError("SOCLAB_INVALID_DEFINITION", "the definition is no JSON data", { cause });
  }
}

function parseFeature(value: unknown, path: string): Feature {
  if (typeof value !== "object" || value === null || Array.isArray(value)) invalid(`${path} is no object`);
  const keys = Object.keys(value);
  const said = featureKinds.filter((kind) => keys.includes(kind));
  if (said.length === 1) return checked(kinds[said[0]!], value, path) as Feature;
  if (said.length > 1) invalid(`${path} says ${said.join(" and ")}; a feature is one thing`, "Make them two features.");
  const known = new Set(["name", "log1p", "window", "tile", "where", "values", "per"]);
  const stray = keys.find((key) => !known.has(key));
  const near = stray === undefined ? undefined : didYouMean(stray, featureKinds);
  invalid(`${path} has none of ${featureKinds.join(", ")}${stray === undefined ? "" : `, but "${stray}"`}`, near);
}

function checked<S extends z.ZodType>(schema: S, value: unknown, path: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = deepest(result.error.issues[0]!, []);
  const at = pathText([path, ...issue.path]) || "the definition";
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0] ?? "";
    invalid(`${at} has the unknown key "${key}"`, didYouMean(key, knownKeys));
  }
  invalid(`${at} ${/^(is|has|holds|needs) /.test(issue.message) ? issue.message : `is wrong: ${issue.message}`}`);
}

const knownKeys = [
  ...Object.keys(definitionSchema.shape),
  ...new Set(Object.values(kinds).flatMap((kind) => Object.keys(kind.shape))),
  ...["column", "plus", "equals", "in", "notIn", "atLeast", "atMost", "present"],
];

/** Inside a union, the issue of the branch that came furthest. */
function deepest(issue: z.core.$ZodIssue, path: PropertyKey[]): z.core.$ZodIssue {
  const here = [...path, ...issue.path];
  if (issue.code !== "invalid_union") return { ...issue, path: here };
  const branches = issue.errors.filter((issues) => issues[0]?.code !== "invalid_type" || issues[0].path.length > 0);
  const first = branches[0]?.[0];
  return first ? deepest(first, here) : { ...issue, path: here };
}

function pathText(parts: readonly PropertyKey[]): string {
  return parts
    .map((part) => (typeof part === "number" ? `[${part}]` : part === "" ? "" : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
}

export function invalid(message: string, hint?: string): never {
  throw new SoclabError("SOCLAB_INVALID_DEFINITION", message, { hint });
}
