import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAll } from "./parse.ts";

test("the protocol of a record does not depend on what other records of its batch name", () => {
  const record = (more: object) => JSON.stringify({ _path: "http", ts: 1, ...more });
  const lines = [record({}), record({ proto: "UDP" }), record({ proto: "" }), record({ proto: null })];
  const together = parseAll("zeek", `${lines.join("\n")}\n`).events.map(({ protocol }) => protocol);
  const alone = lines.map((line) => parseAll("zeek", `${line}\n`).events[0]!.protocol);
  assert.deepEqual(together, ["tcp", "udp", "tcp", "tcp"]);
  assert.deepEqual(alone, together);
});
