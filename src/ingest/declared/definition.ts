import { z } from "zod";
import { SoclabError } from "../../core/index.ts";

const columnName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,119}$/, "is no name for a column: a letter, then letters, digits and _");
const text = z.string().min(1).max(1000);
const texts = z.union([text, z.array(text).min(1).max(16)]).transform((value) => (typeof value === "string" ? [value] : value));
const constant = z.union([z.string().max(1000), z.number(), z.boolean()]);
const types = ["string", "double", "bigint", "integer", "boolean", "timestamp", "address", "port", "string[]"] as const;

const field = z.strictObject({
  from: text.optional(),
  type: z.enum(types).default("string"),
  format: texts.optional(),
  required: z.boolean().default(false),
  value: constant.optional(),
});
const source = z.union([columnName, z.array(columnName).min(1).max(8), z.strictObject({ value: z.string().min(1).max(100) })]);

const shared = {
  $schema: z.string().optional(),
  name: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, "is no name for a feed: a small letter, then small letters, digits and _"),
  summary: z.string().min(1).max(200).optional(),
  fields: z.record(columnName, field).default({}),
  standard: z
    .strictObject({
      timestamp: source.optional(),
      ip_src_addr: source.optional(),
      ip_src_port: source.optional(),
      ip_dst_addr: source.optional(),
      ip_dst_port: source.optional(),
      protocol: source.optional(),
    })
    .default({}),
  nulls: z.array(z.string().max(100)).max(64).default(["", "-"]),
  zone: z.string().min(1).max(64).optional(),
  remarks: z.array(text).max(16).default([]),
};

const pattern = z
  .union([z.string().min(1).max(10_000), z.array(z.string().min(1).max(10_000)).min(1).max(32)])
  .transform((value) => (typeof value === "string" ? [value] : value));
const maxLineBytes = z
  .number()
  .int()
  .min(16)
  .max(1024 * 1024)
  .default(64 * 1024);

const definition = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("grok"),
    ...shared,
    pattern,
    patterns: z.record(z.string().regex(/^[A-Za-z0-9_]{1,64}$/), z.string().min(1).max(10_000)).default({}),
    ignoreCase: z.boolean().default(false),
    maxLineBytes,
  }),
  z.strictObject({ kind: z.literal("regex"), ...shared, pattern, ignoreCase: z.boolean().default(false), maxLineBytes }),
  z.strictObject({
    kind: z.literal("delimited"),
    ...shared,
    delimiter: z
      .string()
      .regex(/^[\t -!#-~]$/, "is no delimiter: one ASCII character that is no quote")
      .optional(),
    quotes: z.boolean().default(true),
    header: z.union([z.literal(true), z.array(text).min(1).max(1024)]).default(true),
  }),
  z.strictObject({
    kind: z.literal("json"),
    ...shared,
    records: text.optional(),
    unlisted: z.enum(["extra", "infer"]).default("extra"),
  }),
]);

/** A feed as a user declares it; `docs/ingest.md` has the table of all keys. */
export type FeedDefinition = z.infer<typeof definition>;
export type DefinedField = z.infer<typeof field>;
export type StandardSource = z.infer<typeof source>;

/**
 * Checks the shape of a definition and fills in defaults.
 * @throws SOCLAB_INVALID_DEFINITION with the place in the document
 */
export function parseFeedDefinition(value: unknown): FeedDefinition {
  const result = definition.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const place = issue.path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  throw definitionFault(place.replace(/^\./, ""), issue.message);
}

/** @param place - as `fields.bytes.type` */
export function definitionFault(place: string, reason: string, hint = "docs/ingest.md shows every key with an example."): SoclabError {
  return new SoclabError("SOCLAB_INVALID_DEFINITION", place === "" ? reason : `${place}: ${reason}`, { hint });
}

/** The JSON schema of a definition, for editors. */
export function feedDefinitionSchema(): unknown {
  return z.toJSONSchema(definition, { io: "input" });
}
