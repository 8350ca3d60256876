import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { SoclabError } from "../../src/core/index.ts";
import { defaultTileMicros } from "../../src/features/duration.ts";
import {
  canonicalDefinition,
  compileFeatures,
  defineFeatures,
  definitionHash,
  parseDefinition,
  planFeatures,
} from "../../src/features/index.ts";

const base = { name: "d", table: "conn", entity: "ip_src_addr", features: [{ name: "n", count: true, window: "1h" }] };
const withFeature = (feature: object) => ({ ...base, features: [feature] });

const wrong: readonly [why: string, definition: unknown, message: RegExp, hint?: RegExp][] = [
  ["a definition is an object", [], /the definition is wrong/],
  ["an unknown key of the definition", { ...base, entitty: "x" }, /unknown key "entitty"/, /"entity"/],
  ["an unknown column", withFeature({ name: "s", sum: "orig_byte", window: "1h" }), /features\[0\]\.sum is "orig_byte"/, /"orig_bytes"/],
  ["a sum of strings", withFeature({ name: "s", sum: "proto", window: "1h" }), /features\[0\]\.sum is the column "proto" of type string/],
  [
    "distinct of doubles",
    withFeature({ name: "s", distinct: "duration", window: "1h" }),
    /distinct is the column "duration" of type double/,
  ],
  ["a label as entity", { ...base, entity: "label" }, /entity is "label", a class label/],
  ["a label as input", withFeature({ name: "s", firstSeen: "zeek_label" }), /features\[0\]\.firstSeen is "zeek_label", a class label/],
  ["a label as categories", withFeature({ name: "s", oneHot: "detailedlabel", values: ["x"] }), /a class label/],
  ["threat intelligence as input", withFeature({ name: "s", value: "src_threat_confidence" }), /what labels are made of/],
  ["a label in where", { ...base, where: { column: "label", equals: "benign" } }, /where\.column is "label"/, /train\.where/],
  [
    "a label in a feature's where",
    withFeature({ name: "s", count: true, window: "1h", where: [{ column: "label", equals: "x" }] }),
    /features\[0\]\.where\[0\]\.column is "label"/,
  ],
  ["no kind", withFeature({ name: "s", cuont: true, window: "1h" }), /features\[0\] has none of count/, /"count"/],
  ["two kinds", withFeature({ name: "s", count: true, sum: "duration", window: "1h" }), /says count and sum/],
  ["a window that is none", withFeature({ name: "s", count: true, window: "1 hour" }), /features\[0\]\.window is no duration/],
  ["no window", withFeature({ name: "s", count: true }), /features\[0\]\.window/],
  ["a misspelled key", withFeature({ name: "s", count: true, windw: "1h" }), /window|windw/],
  ["a tile that does not divide", withFeature({ name: "s", count: true, window: "1h", tile: "7m" }), /tile "7m" does not divide/],
  ["too many tiles", withFeature({ name: "s", count: true, window: "30d", tile: "1s" }), /more than 10000/],
  ["a century", withFeature({ name: "s", count: true, window: "36500d" }), /no duration up to ten years/],
  ["a name twice", { ...base, features: [base.features[0], { name: "N", timeSinceLast: true }] }, /features\[1\]\.name "N" is taken/],
  ["a reserved name", withFeature({ name: "event_id", timeSinceLast: true }), /every matrix has/],
  ["a ratio of what comes later", withFeature({ name: "r", ratio: ["a", "b"] }), /features\[0\]\.ratio\[0\] "a" is no feature above/],
  [
    "a rate of a mean",
    {
      ...base,
      features: [
        { name: "m", mean: "duration", window: "1h" },
        { name: "r", rate: "m", per: "second" },
      ],
    },
    /neither count nor sum/,
  ],
  ["a number for a string", { ...base, where: { column: "proto", in: ["tcp", 6] } }, /compares "proto" of type string with 6/],
  ["bounds on a string", { ...base, where: { column: "proto", atLeast: 1 } }, /bounds on "proto"/],
  ["two conditions in one", { ...base, where: { column: "proto", equals: "tcp", present: true } }, /where needs exactly one of/],
  ["a table name with SQL in it", { ...base, table: "conn; drop" }, /table is no table name/],
  ["a NUL in a string", { ...base, where: { column: "proto", equals: "a\0b" } }, /where\.equals/],
  ["the raw record", { ...base, where: { column: "original_string", present: true } }, /raw record/],
  ["what is no JSON", { ...base, features: 1n }, /no JSON data/],
];

for (const [why, definition, message, hint] of wrong) {
  test(`${why} is refused with its path`, () => {
    assert.throws(
      () => planFeatures(definition),
      (error: unknown) => {
        assert.ok(error instanceof SoclabError);
        assert.equal(error.code, "SOCLAB_INVALID_DEFINITION");
        assert.match(error.message, message);
        if (hint) assert.match(error.hint ?? "", hint);
        return true;
      },
    );
  });
}

test("a value with a quote in it stays a value", () => {
  const sql = compileFeatures(planFeatures({ ...base, where: { column: "proto", equals: "'; DROP TABLE conn; --" } }));
  assert.ok(sql.includes("= '''; DROP TABLE conn; --'"));
});

test("the hash depends on what a definition says and not on how it is written", () => {
  const { features, ...rest } = base;
  assert.equal(definitionHash(parseDefinition({ features, ...rest })), definitionHash(parseDefinition(base)));
  assert.equal(canonicalDefinition(parseDefinition(JSON.parse(JSON.stringify(base)))), canonicalDefinition(parseDefinition(base)));
  const other = definitionHash(parseDefinition(withFeature({ name: "n", count: true, window: "2h" })));
  assert.notEqual(other, definitionHash(parseDefinition(base)));
  assert.match(other, /^[0-9a-f]{64}$/);
});

test("train.where may look at labels, and the runner then does not read them", () => {
  const plan = planFeatures({ ...base, train: { where: { column: "label", notIn: ["malicious"] } } });
  assert.ok(!plan.inputs.has("label"));
  assert.match(compileFeatures(plan, { training: true }), /WHERE f_train/);
});

test("a default tile is clean and divides its window", () => {
  const minutes = (window: number) => defaultTileMicros(window * 60e6) / 60e6;
  assert.deepEqual([60, 5, 24 * 60, 7 * 24 * 60, 10].map(minutes), [1, 5 / 60, 20, 120, 10 / 60]);
  for (const window of [1e3, 7e3, 1e6, 7e6, 11 * 60e6, 3650 * 86400e6]) assert.equal(window % defaultTileMicros(window), 0);
});

test("every definition that ships is one", () => {
  const folder = join(import.meta.dirname, "../../datasets/definitions");
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    const plan = planFeatures(JSON.parse(readFileSync(join(folder, file), "utf8")));
    assert.ok(plan.names.length >= 12, file);
  }
});

test("a column that a known table lacks, a label or a string where a number is due does not compile", () => {
  defineFeatures({ name: "d", table: "conn", entity: "ip_src_addr", features: [{ name: "b", sum: "orig_bytes", window: "1h" }] });
  // @ts-expect-error no such column
  defineFeatures({ name: "d", table: "conn", entity: "ip_src_adr", features: [] });
  // @ts-expect-error a label
  defineFeatures({ name: "d", table: "conn", entity: "label", features: [] });
  // @ts-expect-error a string has no sum
  defineFeatures({ name: "d", table: "conn", entity: "ip_src_addr", features: [{ name: "b", sum: "proto", window: "1h" }] });
  // @ts-expect-error a double has no identity
  defineFeatures({ name: "d", table: "conn", entity: "ip_src_addr", features: [{ name: "b", distinct: "duration", window: "1h" }] });
  // A table that is not known before its data takes any column.
  defineFeatures({ name: "d", table: "firewall", entity: "user", features: [{ name: "b", sum: "bytes", window: "1h" }] });
});
