import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import type { Feed } from "../../src/ingest/index.ts";
import { parseAll } from "./parse.ts";

const fields = ["timestamp", "ip_src_addr", "ip_src_port", "ip_dst_addr", "ip_dst_port", "protocol", "original_string"] as const;
type Field = (typeof fields)[number];

interface Deviation {
  readonly field: Field;
  /** Lines of the expected output, from 1; all where not given. */
  readonly lines?: readonly number[];
  readonly reason: string;
}

const transport = "Metron puts the log's name into protocol; here that is the table and protocol is the transport, as in every feed";
const element =
  "Metron repeats the whole document in each of its records; here a record's bytes are its own, so that ids differ and evidence is kept once";
const clock = "the record has no time: Metron takes the clock of the parser, here it is null";

const cases: readonly { readonly name: string; readonly raw: string; readonly feed: Feed; readonly deviations: readonly Deviation[] }[] = [
  {
    name: "bro",
    raw: "bro",
    feed: "zeek",
    deviations: [
      { field: "protocol", reason: transport },
      { field: "original_string", reason: "Metron writes the record anew as `HTTP | name:value …`; here it is the bytes that came" },
      {
        field: "ip_src_addr",
        lines: [17, 24],
        reason: "known_certs and software are about one host, which Metron leaves out and which is the source here",
      },
    ],
  },
  {
    name: "yaf",
    raw: "yaf",
    feed: "yaf",
    deviations: [{ field: "protocol", reason: "names of protocols are in lower case in every feed" }],
  },
  {
    name: "test",
    raw: "yaf",
    feed: "yaf",
    deviations: [
      { field: "protocol", reason: "Metron's test topology leaves the number; here the number is in `proto` and its name in protocol" },
    ],
  },
  { name: "jsonMap", raw: "jsonMap", feed: "json", deviations: [{ field: "timestamp", reason: clock }] },
  {
    name: "jsonMapWrappedQuery",
    raw: "jsonMapWrappedQuery",
    feed: "json",
    deviations: [
      { field: "timestamp", reason: clock },
      { field: "original_string", reason: element },
    ],
  },
];

const read = (name: string) => readFileSync(new URL(`fixtures/metron/${name}`, import.meta.url), "utf8");

describe("Metron's own parser tests", () => {
  for (const { name, raw, feed, deviations } of cases) {
    it(`${name}: the seven fields are Metron's, line by line, but for the listed deviations`, () => {
      const expected = read(`${name}/parsed`)
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      const { events, deadLetters } = parseAll(feed, read(`${raw}/raw`));
      assert.deepEqual(deadLetters, []);
      const inOrder = [...events].sort((a, b) => String(a.event_id).localeCompare(String(b.event_id)));
      assert.equal(inOrder.length, expected.length);
      const seen = new Set<Deviation>();
      for (const [i, wanted] of expected.entries()) {
        for (const field of fields) {
          const deviation = deviations.find((listed) => listed.field === field && (listed.lines?.includes(i + 1) ?? true));
          const isEqual = (inOrder[i]![field] ?? null) === (wanted[field] ?? null);
          if (!isEqual && deviation) seen.add(deviation);
          else assert.equal(inOrder[i]![field] ?? null, wanted[field] ?? null, `line ${i + 1}: ${field}`);
        }
      }
      assert.deepEqual(
        deviations.filter((listed) => !seen.has(listed)),
        [],
        "a listed deviation is none any more",
      );
    });
  }
});
