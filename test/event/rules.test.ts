import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { readRules } from "../../src/enrich/index.ts";
import {
  compileRules,
  contractViolations,
  eventToJson,
  parseRules,
  type Rule,
  rowAt,
  type ScalarType,
  selectRows,
} from "../../src/event/index.ts";
import { createParser } from "../../src/ingest/index.ts";
import { parseAll, zeekLog } from "../ingest/parse.ts";
import { batchOf } from "../lake/fixture.ts";

const folder = await mkdtemp(join(tmpdir(), "soclab-rules-"));
after(() => rm(folder, { recursive: true }));

const fields = {
  ts: "time",
  uid: "string",
  "id.orig_h": "addr",
  "id.resp_p": "port",
  proto: "enum",
  duration: "interval",
  local_orig: "bool",
  tunnel_parents: "set[string]",
};
const rows = [
  ["1655071198.5", "C1a", "10.0.0.1", "443", "tcp", "1.5", "T", "(empty)"],
  ["1655071199.5", "C2b", "10.0.0.2", "53", "udp", "-", "F", "a,b"],
  ["1655071200.5", "-", "-", "22", "icmp", "90000", "-", "a,x y"],
] as const;

function checked(rules: readonly Partial<Rule>[], log = zeekLog("conn", fields, rows)) {
  const named = rules.map((rule, i) => ({ name: `r${i}`, action: "reject", ...rule }));
  const set = compileRules(parseRules({ rules: named }), () => new Set(["10.0.0.1", "443"]));
  const parser = createParser("zeek", { source: "conn.log", rules: set });
  const { batches, deadLetters, records } = parser.push(Buffer.from(log));
  const events = batches.flatMap((batch) => Array.from({ length: batch.length }, (_, row) => eventToJson(batch, row)));
  assert.equal(records, events.length + deadLetters.length);
  assert.deepEqual(batches.flatMap(contractViolations), []);
  return { events, deadLetters, counts: set.counts(), kept: events.map(({ uid }) => uid ?? null) };
}

const cases: Record<string, { rule: Partial<Rule>; kept: (string | null)[]; code?: string; reason?: RegExp }> = {
  required: {
    rule: { field: "uid", required: true },
    kept: ["C1a", "C2b"],
    code: "RULE_REQUIRED",
    reason: /rule "r0": uid is null, expected a value/,
  },
  "range of a number": {
    rule: { field: "duration", range: { min: 0, max: 86400 } },
    kept: ["C1a", "C2b"],
    code: "RULE_RANGE",
    reason: /duration is 90000, expected 0 to 86400/,
  },
  "range of a whole number": {
    rule: { field: "id_resp_p", range: { max: 100 } },
    kept: ["C2b", null],
    reason: /is 443, expected at most 100/,
  },
  "range of a time": {
    rule: { field: "ts", range: { min: "2022-06-12T21:59:59Z" } },
    kept: ["C2b", null],
    reason: /expected at least 2022-06-12/,
  },
  "one of texts": {
    rule: { field: "proto", oneOf: ["tcp", "udp"] },
    kept: ["C1a", "C2b"],
    code: "RULE_ENUMERATION",
    reason: /proto is "icmp", expected one of tcp, udp/,
  },
  "one of numbers": { rule: { field: "id_resp_p", oneOf: [22, 53] }, kept: ["C2b", null] },
  "one of booleans": { rule: { field: "local_orig", oneOf: [true] }, kept: ["C1a", null] },
  pattern: { rule: { field: "uid", pattern: "^C\\d+a$" }, kept: ["C1a", null], code: "RULE_PATTERN", reason: /uid is "C2b"/ },
  "pattern of list elements": { rule: { field: "tunnel_parents", pattern: "^\\S*$" }, kept: ["C1a", "C2b"] },
  "references of a text": {
    rule: { field: "ip_src_addr", references: { file: "assets.csv" } },
    kept: ["C1a", null],
    code: "RULE_REFERENCE",
    reason: /is "10.0.0.2", expected a value of assets.csv/,
  },
  "references of a number": { rule: { field: "id_resp_p", references: { file: "ports" } }, kept: ["C1a"] },
  "another table": { rule: { field: "uid", required: true, tables: ["dns"] }, kept: ["C1a", "C2b", null] },
  "a column that is not there": { rule: { field: "community_id", pattern: "^1:" }, kept: ["C1a", "C2b", null] },
  "a required column that is not there": { rule: { field: "community_id", required: true }, kept: [] },
};

for (const [name, { rule, kept, code, reason }] of Object.entries(cases)) {
  test(`a rule keeps what it allows: ${name}`, () => {
    const result = checked([rule]);
    assert.deepEqual(result.kept, kept);
    for (const letter of result.deadLetters) {
      if (code !== undefined) assert.equal(letter.code, code);
      if (reason !== undefined) assert.match(letter.reason, reason);
    }
  });
}

test("what is warned of stays an event and names every rule it breaks", () => {
  const { events, deadLetters, counts } = checked([
    { name: "known uid", field: "uid", required: true, action: "warn" },
    { name: "short", field: "duration", range: { max: 100 }, action: "warn" },
    { name: "tcp or udp", field: "proto", oneOf: ["tcp", "udp", "icmp"] },
  ]);
  assert.deepEqual(deadLetters, []);
  assert.deepEqual(
    events.map((event) => event.rule_warnings),
    [undefined, undefined, ["known uid", "short"]],
  );
  assert.deepEqual(counts, [
    { rule: "known uid", action: "warn", field: "uid", checked: 3, broken: 1, absent: 0 },
    { rule: "short", action: "warn", field: "duration", checked: 3, broken: 1, absent: 0 },
    { rule: "tcp or udp", action: "reject", field: "proto", checked: 3, broken: 0, absent: 0 },
  ]);
});

test("the first rule that rejects gives the reason, and the letter has the record's own bytes and place", () => {
  const log = zeekLog("conn", fields, rows);
  const { deadLetters } = checked(
    [
      { field: "proto", oneOf: ["tcp", "udp"] },
      { field: "uid", required: true },
    ],
    log,
  );
  assert.equal(deadLetters.length, 1);
  const [letter] = deadLetters;
  assert.equal(letter!.code, "RULE_ENUMERATION");
  assert.equal(Buffer.from(letter!.raw).toString(), rows[2].join("\t"));
  assert.equal(log.slice(letter!.offset), `${rows[2].join("\t")}\n`);
});

const wrong: Record<string, { document: unknown; expected: RegExp }> = {
  "no rules": { document: { rules: [] }, expected: /rules: / },
  "two kinds": {
    document: { rules: [{ name: "a", field: "x", required: true, pattern: "a", action: "warn" }] },
    expected: /rules\[0\]: needs exactly one of/,
  },
  "an unknown key": { document: { rules: [{ name: "a", field: "x", regex: "a", action: "warn" }] }, expected: /rules\[0\].*regex/ },
  "an unknown action": { document: { rules: [{ name: "a", field: "x", required: true, action: "drop" }] }, expected: /rules\[0\]\.action/ },
  "an empty range": {
    document: { rules: [{ name: "a", field: "x", range: {}, action: "warn" }] },
    expected: /rules\[0\]\.range: needs min, max or both/,
  },
  "a time that is none": {
    document: { rules: [{ name: "a", field: "x", range: { min: "yesterday" }, action: "warn" }] },
    expected: /rules\[0\]\.range\.min/,
  },
  "a name twice": {
    document: { rules: [1, 2].map(() => ({ name: "a", field: "x", required: true, action: "warn" })) },
    expected: /two rules are called "a"/,
  },
  "a range upside down": {
    document: { rules: [{ name: "a", field: "x", range: { min: 2, max: 1 }, action: "warn" }] },
    expected: /min is above its max/,
  },
  "a broken pattern": {
    document: { rules: [{ name: "a", field: "x", pattern: "(", action: "warn" }] },
    expected: /rule "a" has a pattern that is none/,
  },
  "a pattern that could take for ever": {
    document: { rules: [{ name: "a", field: "x", pattern: "^(a+)+$", action: "warn" }] },
    expected: /rule "a" has a pattern that cannot be used, at "a\+\)\+\$": a repeated part can match the same text in more than one way/,
  },
  "a misspelled field": {
    document: { rules: [{ name: "a", tables: ["conn"], field: "id_orig_hh", required: true, action: "warn" }] },
    expected: /table "conn" has no column "id_orig_hh". Did you mean "id_orig_h"/,
  },
  "not an object": { document: null, expected: /the rules/ },
};
for (const [name, { document, expected }] of Object.entries(wrong)) {
  test(`rules that cannot hold are refused before work starts: ${name}`, () => {
    assert.throws(() => compileRules(parseRules(document)), { code: "SOCLAB_INVALID_DEFINITION", message: expected });
  });
}

test("a file of rules brings its lists along", async () => {
  await writeFile(join(folder, "assets.csv"), "ip,name\n10.0.0.1,a\n\n10.0.0.9,b\n");
  await writeFile(join(folder, "ports.txt"), "# known\n443\n53\n");
  const path = join(folder, "rules.json");
  const rule = (name: string, field: string, references: object) => ({ name, field, references, action: "reject" });
  const write = (rules: object[]) => writeFile(path, JSON.stringify({ rules }));
  await write([rule("host", "ip_src_addr", { file: "assets.csv", column: "ip" }), rule("port", "id_resp_p", { file: "ports.txt" })]);
  const set = await readRules(path);
  const [batch] = parseAll("zeek", zeekLog("conn", fields, rows)).batches;
  assert.deepEqual(
    set.check(batch!).rejected.map(({ reason }) => reason.slice(0, 12)),
    ['rule "host":', 'rule "port":'],
  );
  await write([rule("host", "ip_src_addr", { file: "assets.csv", column: "ips" })]);
  await assert.rejects(readRules(path), { code: "SOCLAB_INVALID_FILE", message: /no column "ips", only ip, name/ });
  await write([rule("host", "ip_src_addr", { file: "none.csv" })]);
  await assert.rejects(readRules(path), { code: "SOCLAB_NOT_FOUND" });
  await writeFile(path, "{");
  await assert.rejects(readRules(path), { code: "SOCLAB_INVALID_FILE" });
});

test("rows that are selected keep their values, bytes and ids", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          s: fc.option(fc.string()),
          n: fc.option(fc.integer({ min: -5, max: 5 })),
          b: fc.option(fc.bigInt({ min: -9n, max: 9n })),
        }),
        { minLength: 1, maxLength: 40 },
      ),
      fc.infiniteStream(fc.boolean()),
      (values, keeps) => {
        const column = (type: ScalarType, key: "s" | "n" | "b") => [type, values.map((value) => value[key])] as const;
        const batch = batchOf({ s: column("string", "s"), n: column("integer", "n"), b: column("bigint", "b") });
        const kept = Int32Array.from(values.flatMap((_, row) => (keeps.next().value ? [row] : [])));
        const selected = selectRows(batch, kept);
        assert.deepEqual(
          Array.from({ length: kept.length }, (_, row) => [rowAt(selected, row), eventToJson(selected, row).original_string]),
          Array.from(kept, (row) => [rowAt(batch, row), eventToJson(batch, row).original_string]),
        );
      },
    ),
  );
});
