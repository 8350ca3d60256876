import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseAll } from "../parse.ts";

const binetflow = "StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes,Label";

describe("argus", () => {
  it("gives ports to protocols that have them and none to ICMP, whose type and code stand there", () => {
    const rows = [
      "2011/08/10 09:46:59.607825,1.02,tcp,94.44.127.113,1577,   ->,147.32.84.59,https,RST,0,0,4,276,156,flow=Background",
      "2011/08/10 09:47:00.000001,0.5,icmp,10.0.0.1,0x0008,   ->,10.0.0.2,0x0000,ECO,0,,1,60,60,x",
      "2011/08/10 09:47:00.000002,0.5,arp,00:11:22:33:44:55,,  who,10.0.0.2,,INT,,,1,60,60,x",
      "2011/08/10 09:47:00.000003,0.5,ipv6-icmp,fe80::1,0x0087,   ->,ff02::1:ff00:2,,NRS,0,,1,60,60,x",
      "2011/08/10 09:47:00.000004,0.5,udp,10.0.0.1,0x0035,  <->,10.0.0.2,50000,CON,0,0,1,60,60,x",
    ];
    const { events, deadLetters } = parseAll("argus", [binetflow, ...rows].join("\n"));
    assert.deepEqual(deadLetters, []);
    assert.deepEqual(
      events.map((event) => [event.protocol, event.ip_src_addr, event.ip_src_port, event.ip_dst_addr, event.ip_dst_port]),
      [
        ["tcp", "94.44.127.113", 1577, "147.32.84.59", 443],
        ["icmp", "10.0.0.1", null, "10.0.0.2", null],
        ["arp", null, null, "10.0.0.2", null],
        ["ipv6-icmp", "fe80::1", null, "ff02::1:ff00:2", null],
        ["udp", "10.0.0.1", 53, "10.0.0.2", 50000],
      ],
    );
    assert.equal(events[0]!.argus_Label, "flow=Background");
  });

  it("takes other columns, epoch times and another delimiter, as the header says", () => {
    const text =
      "LastTime\tSrcAddr\tDstAddr\tProto\tDport\tSrcPkts\tsMeanPktSz\n1554394980.325010\t10.0.0.1\t10.0.0.2\tudp\t53\t9007199254740993\t64.5\n";
    const { events } = parseAll("argus", text);
    assert.equal(events[0]!.timestamp, 1554394980325);
    assert.equal(events[0]!.SrcPkts, "9007199254740993");
    assert.equal(events[0]!.sMeanPktSz, "64.5");
    assert.equal(events[0]!.ip_dst_port, 53);
  });

  it("takes files that were strung together, each with its header", () => {
    const row = "2011/08/10 09:46:59.607825,1.02,tcp,94.44.127.113,1577,   ->,147.32.84.59,80,RST,0,0,4,276,156,x";
    const { events, deadLetters } = parseAll("argus", [binetflow, row, "SrcAddr,DstAddr", "10.0.0.1,10.0.0.2"].join("\n"));
    assert.deepEqual(deadLetters, []);
    assert.deepEqual(
      events.map(({ ip_src_addr }) => ip_src_addr),
      ["94.44.127.113", "10.0.0.1"],
    );
  });

  it("says why a record without a header is none, and what a bad number is", () => {
    assert.equal(parseAll("argus", "1,2,3\n").deadLetters[0]!.code, "NO_HEADER");
    const { deadLetters } = parseAll("argus", "SrcAddr,TotPkts,StartTime\n10.0.0.1,x,1\n10.0.0.1,18446744073709551617,1554394980\n");
    assert.deepEqual(
      deadLetters.map(({ code }) => code),
      ["BAD_NUMBER", "OUT_OF_RANGE"],
    );
  });
});

describe("yaf", () => {
  const fields = "10.1.1.1|80|10.2.2.2|39468|AS|0|0|0|22efa001|00000000|000|000|1|44|0|0|0|idle";

  it("names protocols as IANA does", () => {
    const rows = [1, 6, 17, 47, 58, 132, 253].map(
      (number) => `2016-01-28 15:29:48.512|2016-01-28 15:29:48.512|0.000|0.000|${number}|${fields}`,
    );
    const { events, deadLetters } = parseAll("yaf", rows.join("\n"));
    assert.deepEqual(deadLetters, []);
    assert.deepEqual(
      events.map(({ protocol }) => protocol),
      ["icmp", "tcp", "udp", "gre", "ipv6-icmp", "sctp", "253"],
    );
  });

  it("takes a header and MAC addresses", () => {
    const header = "start-time|end-time|dur|rtt|proto|sip|sp|dip|dp|src mac|dst mac|iflags";
    const { events } = parseAll(
      "yaf",
      `${header}\n2016-01-28 15:29:48.512|2016-01-28 15:29:49.000|0.488|0|6|10.1.1.1|80|fe80::2|443|0:1|0:2|S\n`,
    );
    assert.equal(events[0]!.ip_dst_addr, "fe80::2");
    assert.equal(events[0]!.src_mac, "0:1");
    assert.equal(events[0]!.end_time, Date.UTC(2016, 0, 28, 15, 29, 49));
  });

  it("explains what is wrong with a flow", () => {
    const time = "2016-01-28 15:29:48.512";
    const { deadLetters } = parseAll(
      "yaf",
      [
        `${time}|${time}|0.0|0.0|6|${fields}`,
        `never|${time}|0.0|0.0|6|${fields}`,
        `${time}|${time}|0.0|0.0|6|${fields.replace("10.1.1.1", "host.example")}`,
        `${time}|${time}|0.0|0.0|6|${fields.replace("|80|", "|80000|")}`,
        `${time}|${time}|0.0`,
      ].join("\n"),
    );
    assert.deepEqual(
      deadLetters.map(({ code }) => code),
      ["BAD_TIMESTAMP", "BAD_ADDRESS", "OUT_OF_RANGE", "COLUMN_COUNT"],
    );
  });
});
