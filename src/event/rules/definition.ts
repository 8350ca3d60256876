import { z } from "zod";
import { SoclabError } from "../../core/index.ts";

const text = z.string().min(1).max(256);
const bound = z.union([z.number(), z.iso.datetime({ offset: true, local: true })]);
const values = z
  .array(z.union([z.string(), z.number(), z.boolean()]))
  .min(1)
  .max(100_000);

const rule = z
  .strictObject({
    /** What the reason and the warning name. */
    name: z.string().regex(/^[A-Za-z0-9][\w. -]{0,99}$/, "is no name: a letter or digit, then up to 99 letters, digits, spaces, _, . or -"),
    /** Tables the rule is for; every table where it is not given. */
    tables: z.array(text).min(1).max(256).optional(),
    field: text,
    /** The field is the site's own, beside those that soclab knows of the table. */
    undeclared: z.literal(true).optional(),
    required: z.literal(true).optional(),
    range: z.strictObject({ min: bound.optional(), max: bound.optional() }).optional(),
    oneOf: values.optional(),
    pattern: z.string().min(1).max(1000).optional(),
    references: z.strictObject({ file: text, column: text.optional() }).optional(),
    action: z.enum(["reject", "warn"]),
  })
  .superRefine((value, context) => {
    const given = ruleKinds.filter((kind) => value[kind] !== undefined);
    if (given.length !== 1) context.addIssue({ code: "custom", message: `needs exactly one of ${ruleKinds.join(", ")}` });
    if (value.range && value.range.min === undefined && value.range.max === undefined)
      context.addIssue({ code: "custom", path: ["range"], message: "needs min, max or both" });
  });

const rules = z.strictObject({ rules: z.array(rule).min(1).max(1000) });

/** The ways to say a rule; a rule has exactly one of them. */
export const ruleKinds = ["required", "range", "oneOf", "pattern", "references"] as const;
export type RuleKind = (typeof ruleKinds)[number];

/** One check of one field; see `docs/dead-letters.md`. */
export type Rule = z.infer<typeof rule>;

/**
 * The shape of a document of rules, checked; whether the fields exist is for {@link compileRules}.
 * @throws SOCLAB_INVALID_DEFINITION with the place and what was expected
 */
export function parseRules(value: unknown): readonly Rule[] {
  const result = rules.safeParse(value);
  if (result.success) {
    const names = result.data.rules.map(({ name }) => name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice === undefined) return result.data.rules;
    throw new SoclabError("SOCLAB_INVALID_DEFINITION", `two rules are called "${twice}"`, { hint: "Warnings and reasons name the rule." });
  }
  const [issue] = result.error.issues;
  const place = issue!.path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
  throw new SoclabError("SOCLAB_INVALID_DEFINITION", `${place === "" ? "the rules" : place}: ${issue!.message}`, {
    hint: "docs/dead-letters.md shows every kind of rule.",
  });
}
