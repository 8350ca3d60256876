import assert from "node:assert/strict";
import { it } from "node:test";
import { parseAll } from "../parse.ts";

const event = {
  Id: 4688,
  RecordId: 1234,
  ProviderName: "Microsoft-Windows-Security-Auditing",
  ProviderId: "54849625-5478-4994-a5ba-3e3b0328c30d",
  LogName: "Security",
  ProcessId: 4,
  MachineName: "WS5",
  TimeCreated: "/Date(1599243301000)/",
  constructor: "kept",
};

it("an event as PowerShell's ConvertTo-Json writes it is a Windows event", () => {
  const { events, deadLetters } = parseAll("windows", `${JSON.stringify(event)}\n`);
  assert.deepEqual(deadLetters, []);
  const { timestamp, EventID, Channel, Computer, ProviderGuid, ExecutionProcessID, extra } = events[0]!;
  assert.deepEqual(
    [timestamp, EventID, Channel, Computer, ProviderGuid, ExecutionProcessID],
    [1599243301000, 4688, "Security", "WS5", event.ProviderId, 4],
  );
  assert.deepEqual(JSON.parse(String(extra)), { constructor: "kept" });
});
