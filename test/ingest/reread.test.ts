import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type DeadLetter, type EventBatch, eventId, eventToJson, rawRecord } from "../../src/event/index.ts";
import { createParser, type ParseOutput, rereadRecords } from "../../src/ingest/index.ts";
import { zeekLog } from "./parse.ts";

const fields = { ts: "time", uid: "string", "id.orig_h": "addr", n: "count" };
const good = (i: number) => [`${1655071198 + i}.5`, `C${i}`, `10.0.0.${i % 250}`, String(i)];
const bad = (i: number) => [`${1655071198 + i}.5`, `C${i}`, "no address", String(i)];

function parse(feed: string, log: string): ParseOutput {
  const parser = createParser(feed, { source: "x.log", maxRecordBytes: 1 << 20 });
  const outputs = [parser.push(Buffer.from(log)), parser.end()];
  return {
    batches: outputs.flatMap(({ batches }) => batches),
    deadLetters: outputs.flatMap(({ deadLetters }) => deadLetters).sort((a, b) => a.offset - b.offset),
    records: 0,
  };
}

function again(feed: string, letters: readonly DeadLetter[], raw = (letter: DeadLetter): Uint8Array => letter.raw): ParseOutput {
  const { source, sourceId } = letters[0]!;
  return rereadRecords(
    feed,
    letters.map((letter) => ({ offset: letter.offset, context: letter.context, raw: raw(letter) })),
    { source, sourceId },
  );
}

const byOffset = (letters: readonly DeadLetter[]) => [...letters].sort((a, b) => a.offset - b.offset);
const eventsOf = (batches: readonly EventBatch[]) =>
  batches.flatMap((batch) => Array.from({ length: batch.length }, (_, row) => eventToJson(batch, row)));

test("a dead letter that is read again unchanged is the same dead letter", () => {
  const log =
    zeekLog("conn", fields, [good(1), bad(2), good(3), ["1"], bad(4)]) +
    zeekLog("dns", { ts: "time", n: "count" }, [
      ["1.0", "x"],
      ["2.0", "5"],
    ]);
  const { deadLetters } = parse("zeek", log);
  assert.deepEqual(
    deadLetters.map(({ code }) => code),
    ["BAD_ADDRESS", "COLUMN_COUNT", "BAD_ADDRESS", "BAD_NUMBER"],
  );
  assert.deepEqual(byOffset(again("zeek", deadLetters).deadLetters), deadLetters);
  const eve = '{"timestamp":"2022-01-01T00:00:00Z"}\nnot json\n{"event_type":"dns"}\n';
  const letters = parse("suricata", eve).deadLetters;
  assert.equal(letters.length, 3);
  assert.deepEqual(again("suricata", letters).deadLetters, letters);
});

test("records that are good now become the events that a whole reading makes", () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }).map((broken) => [false, ...broken]),
      fc.integer({ min: 0, max: 3 }),
      (broken, headers) => {
        const log = (isBad: (i: number) => boolean) =>
          Array.from({ length: headers + 1 }, (_, h) =>
            zeekLog(
              h % 2 === 0 ? "conn" : "other",
              fields,
              broken.map((_, i) => (isBad(i) ? bad(i) : good(i))),
            ),
          ).join("");
        const letters = parse(
          "zeek",
          log((i) => broken[i]!),
        ).deadLetters;
        if (letters.length === 0) return;
        // The feed's fault is mended: an address of the same length, so that the offsets are those of the whole log.
        const mend = (text: string) => text.replaceAll("no address", "10.200.1.1");
        const whole = eventsOf(parse("zeek", mend(log((i) => broken[i]!))).batches);
        const { batches, deadLetters } = again("zeek", letters, ({ raw }) => Buffer.from(mend(Buffer.from(raw).toString())));
        assert.deepEqual(deadLetters, []);
        const events = eventsOf(batches);
        assert.equal(events.length, letters.length);
        for (const event of events)
          assert.deepEqual(
            event,
            whole.find(({ event_id }) => event_id === event.event_id),
          );
        for (const batch of batches)
          for (let row = 0; row < batch.length; row++) assert.ok(rawRecord(batch, row).length > 0 && eventId(batch, row).length === 32);
      },
    ),
  );
});
