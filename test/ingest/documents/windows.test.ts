import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseAll } from "../parse.ts";

function one(document: unknown): Record<string, unknown> {
  const { events, deadLetters } = parseAll("windows", `${JSON.stringify(document)}\n`);
  assert.deepEqual(
    deadLetters.map(({ reason }) => reason),
    [],
  );
  return events[0]!;
}

const sysmon = {
  UtcTime: "2020-07-22 03:27:40.123",
  ProcessId: "3580",
  Image: "C:\\Windows\\System32\\svchost.exe",
  User: "NT AUTHORITY\\SYSTEM",
  Protocol: "tcp",
  SourceIp: "172.18.39.5",
  SourcePort: "49988",
  DestinationIp: "10.0.0.7",
  DestinationPort: "443",
};
const seven = (event: Record<string, unknown>) =>
  ["timestamp", "ip_src_addr", "ip_src_port", "ip_dst_addr", "ip_dst_port", "protocol"].map((field) => event[field]);

describe("windows", () => {
  const expected = [Date.UTC(2020, 6, 22, 3, 27, 40, 123), "172.18.39.5", 49988, "10.0.0.7", 443, "tcp"];
  const system = {
    Provider: { "#attributes": { Name: "Microsoft-Windows-Sysmon", Guid: "5770385F" } },
    EventID: { "#attributes": { Qualifiers: 0 }, "#text": 3 },
    TimeCreated: { "#attributes": { SystemTime: "2020-07-22T03:27:40.1234567Z" } },
    EventRecordID: 12,
    Channel: "Microsoft-Windows-Sysmon/Operational",
    Computer: "ws5",
    Keywords: "0x8000000000000000",
  };
  const nested = { Event: { System: system, EventData: sysmon } };
  const named = Object.entries(sysmon).map(([name, text]) => ({ "@Name": name, "#text": text }));
  const forms: Record<string, unknown> = {
    nested,
    "nested, in an envelope": { file: "a.evtx", event: nested },
    "nested, data with names as attributes": {
      Event: { System: { ...system, TimeCreated: { "@SystemTime": "2020-07-22T03:27:40.123Z" } }, EventData: { Data: named } },
    },
    flat: { EventID: 3, Channel: system.Channel, Hostname: "ws5", SourceName: "Microsoft-Windows-Sysmon", RecordNumber: 12, ...sysmon },
    Winlogbeat: {
      "@timestamp": "2020-07-22T03:27:40.123Z",
      winlog: {
        event_id: 3,
        channel: system.Channel,
        computer_name: "ws5",
        provider_name: "Microsoft-Windows-Sysmon",
        record_id: "12",
        event_data: sysmon,
        process: { pid: 1, thread: { id: 2 } },
      },
      agent: { type: "winlogbeat" },
    },
    "Winlogbeat 6": {
      "@timestamp": "2020-07-22T03:27:40.123Z",
      event_id: 3,
      log_name: system.Channel,
      computer_name: "ws5",
      source_name: "Microsoft-Windows-Sysmon",
      record_number: "12",
      event_data: sysmon,
    },
  };
  for (const [name, document] of Object.entries(forms)) {
    it(`reads the form: ${name}`, () => {
      const event = one(document);
      assert.deepEqual(seven(event), expected);
      const { EventID, Channel, Computer, Provider, EventRecordID, process_path, process_id, user_name, user_domain } = event;
      assert.deepEqual(
        { EventID, Channel, Computer, Provider, EventRecordID, process_path, process_id, user_name, user_domain },
        {
          EventID: 3,
          Channel: "Microsoft-Windows-Sysmon/Operational",
          Computer: "ws5",
          Provider: "Microsoft-Windows-Sysmon",
          EventRecordID: 12,
          process_path: "C:\\Windows\\System32\\svchost.exe",
          process_id: 3580,
          user_name: "SYSTEM",
          user_domain: "NT AUTHORITY",
        },
      );
    });
  }

  it("finds the zone of NXLog's local EventTime by the shipper's time", () => {
    const event = one({
      EventID: 4688,
      EventTime: "2020-07-21 23:27:39",
      "@timestamp": "2020-07-22T03:27:42.455Z",
      NewProcessId: "0x1128",
      ProcessId: "0x31c",
    });
    assert.equal(event.timestamp, Date.UTC(2020, 6, 22, 3, 27, 39));
    assert.equal(event.process_id, 0x1128);
    assert.equal(event.parent_process_id, 0x31c);
  });

  it("takes the address and port of a logon, and none where Windows writes a dash or LOCAL", () => {
    const logon = (IpAddress: string, IpPort: string) =>
      one({
        EventID: 4624,
        TimeCreated: "2022-08-04T08:20:10.527Z",
        IpAddress,
        IpPort,
        TargetUserName: "alice",
        TargetDomainName: "LAB",
        SubjectUserName: "WS5$",
      });
    assert.deepEqual(seven(logon("::ffff:10.1.2.3", "50123")).slice(1), ["10.1.2.3", 50123, null, null, null]);
    assert.deepEqual(seven(logon("-", "-")).slice(1), [null, null, null, null, null]);
    assert.deepEqual(seven(logon("LOCAL", "0")).slice(1), [null, null, null, null, null]);
    assert.equal(logon("-", "-").user_name, "alice");
  });

  it("names the protocol of the filtering platform and splits hashes", () => {
    const event = one({
      EventID: 5156,
      TimeCreated: "2022-08-04T08:20:10Z",
      SourceAddress: "10.0.0.1",
      DestAddress: "10.0.0.2",
      SourcePort: "1",
      DestPort: "53",
      Protocol: "17",
      Hashes: `MD5=${"AB".repeat(16)},SHA256=${"cd".repeat(32)}`,
    });
    assert.equal(event.protocol, "udp");
    assert.equal(event.windows_Protocol, "17");
    assert.equal(event.hash_md5, "ab".repeat(16));
    assert.equal(event.hash_sha256, "cd".repeat(32));
  });

  it("keeps every digit of Keywords", () => {
    const { events } = parseAll("windows", '{"EventID":1,"TimeCreated":"2022-08-04T08:20:10Z","Keywords":-9214364837600034816}\n');
    assert.equal(events[0]!.Keywords, "-9214364837600034816");
  });

  it("takes lists without names, user data, and unknown fields", () => {
    const event = one({
      Event: {
        System: { ...system, EventID: 1102 },
        UserData: { LogFileCleared: { "#attributes": { xmlns: "x" }, SubjectUserName: "bob", Odd: 5 } },
        EventData: { Data: ["one", "two"] },
      },
    });
    assert.deepEqual(event.Data, ["one", "two"]);
    assert.equal(event.user_name, "bob");
    assert.equal(event.extra, '{"Odd":5}');
  });

  it("says why a document is no event", () => {
    const documents = [
      "{}",
      '{"EventID":"x"}',
      '{"EventID":1}',
      '{"EventID":1,"TimeCreated":"soon"}',
      '{"Event":{"System":{}}}',
      "[1]",
      "5",
      '{"EventID":',
    ];
    assert.deepEqual(
      parseAll("windows", documents.join("\n")).deadLetters.map(({ code }) => code),
      ["BAD_TYPE", "BAD_TYPE", "BAD_TIMESTAMP", "BAD_TIMESTAMP", "BAD_TYPE", "NOT_AN_OBJECT", "NOT_AN_OBJECT", "NOT_JSON"],
    );
  });

  it("is not led astray by hostile keys", () => {
    const text =
      '{"EventID":1,"TimeCreated":"2022-08-04T08:20:10Z","__proto__":{"ip_src_addr":"10.0.0.1"},"ip_src_addr":"no address","timestamp":5,"constructor":"c","Event":5,"winlog":[]}';
    const { events, deadLetters } = parseAll("windows", text);
    assert.equal(events.length + deadLetters.length, 1);
    assert.equal(events[0]?.ip_src_addr ?? null, null);
  });
});
