import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { metronCases } from "./metron-cases.ts";
import { parseAll } from "./parse.ts";

const folder = join(import.meta.dirname, "fixtures", "metron");
const fields = ["timestamp", "ip_src_addr", "ip_src_port", "ip_dst_addr", "ip_dst_port", "protocol", "original_string"] as const;

type Seven = { readonly [field in (typeof fields)[number]]: unknown };

for (const golden of metronCases) {
  test(`${golden.folder}: the seven fields are Metron's, line by line, but for the deviations that are listed`, () => {
    const raw = readFileSync(join(folder, golden.folder, "raw"), "utf8");
    const { referenceTime, zone } = golden;
    const { events, deadLetters } = parseAll(golden.feed, raw, { referenceTime, zone });
    const expected = readFileSync(join(folder, golden.folder, "parsed"), "utf8")
      .split("\n")
      .filter(Boolean)
      .map(sevenOf);
    assert.deepEqual(deadLetters, []);
    assert.equal(events.length, expected.length);
    const used = new Set<string>();
    for (const [row, event] of inOrder(events, expected).entries()) {
      for (const field of fields) {
        const [ours, metrons] = [event[field] ?? null, expected[row]![field]];
        if (Object.is(ours, metrons)) continue;
        const deviation = golden.deviations.find((one) => one.fields.includes(field) && one.lines.test(String(event.original_string)));
        assert.ok(
          deviation,
          `line ${row + 1}, ${field}: ${JSON.stringify(ours)}, Metron has ${JSON.stringify(metrons)}: ${event.original_string}`,
        );
        if (deviation.agrees) assert.ok(deviation.agrees(ours, metrons), `line ${row + 1}, ${field}: ${JSON.stringify([ours, metrons])}`);
        used.add(deviation.reason);
      }
    }
    assert.deepEqual([...used].sort(), golden.deviations.map(({ reason }) => reason).sort(), "every deviation that is listed occurs");
  });
}

test("the deviations are those that docs/ingest/metron.md lists", () => {
  const page = readFileSync(join(import.meta.dirname, "..", "..", "docs", "ingest", "metron.md"), "utf8").replace(/\s+/g, " ");
  for (const { folder, deviations } of metronCases) {
    for (const { reason } of deviations) assert.ok(page.includes(reason), `${folder}: "${reason}" is not in the page`);
  }
});

/** Metron's output in our terms: a field that is not there is null. */
function sevenOf(line: string): Seven {
  const document = JSON.parse(line) as Record<string, unknown>;
  return Object.fromEntries(fields.map((field) => [field, document[field] ?? null])) as Seven;
}

/** Tables come out one after another; the lines of `expected` stand in the order of the file. */
function inOrder(events: readonly Record<string, unknown>[], expected: readonly Seven[]): Record<string, unknown>[] {
  const left = new Map<unknown, Record<string, unknown>[]>();
  for (const event of events) left.set(event.original_string, [...(left.get(event.original_string) ?? []), event]);
  return expected.map(({ original_string }) => {
    const event = left.get(original_string)?.shift();
    assert.ok(event, `no event has the line ${original_string}`);
    return event;
  });
}
