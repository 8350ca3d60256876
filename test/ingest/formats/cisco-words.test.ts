import assert from "node:assert/strict";
import { it } from "node:test";
import { parseAll } from "../parse.ts";

const ends = (line: string) => {
  const { events, deadLetters } = parseAll("asa", `${line}\n`);
  assert.deepEqual(deadLetters, []);
  const { ip_src_addr, ip_dst_addr, protocol } = events[0]!;
  return [ip_src_addr, ip_dst_addr, protocol];
};

it("a denied ICMP packet has both its ends, though a colon stands behind the second", () => {
  const line =
    "May  5 18:40:50 dev01: %ASA-4-313004: Denied ICMP type=0, from laddr 10.10.10.10 on interface fw502 to 192.168.2.2: no matching session";
  assert.deepEqual(ends(line), ["10.10.10.10", "192.168.2.2", "icmp"]);
});

it("a page that was read has the reader and the server, with a user before either", () => {
  const head = "Apr 27 04:18:49 dev01: %ASA-5-304001: ";
  assert.deepEqual(ends(`${head}10.20.30.40 Accessed JAVA URL someone@10.20.30.42:http://10.20.30.42/`), [
    "10.20.30.40",
    "10.20.30.42",
    null,
  ]);
  assert.deepEqual(ends(`${head}someone@10.20.30.40 Accessed URL 10.20.30.42:http://10.20.30.42/a@b`), [
    "10.20.30.40",
    "10.20.30.42",
    null,
  ]);
});

it("a user behind the reader's address, and an address in parentheses, are read as what they are", () => {
  const page = "Jan 5 2026 08:00:00 fw : %ASA-5-304001: user1@10.1.2.3(LOCAL\\user1) Accessed URL 203.0.113.5:http://x.example/a";
  assert.deepEqual(ends(page), ["10.1.2.3", "203.0.113.5", null]);
  const spoof = "Jan 5 2026 08:00:00 fw : %ASA-2-106016: Deny IP spoof from (0.0.0.0) to 10.1.1.1 on interface inside";
  assert.deepEqual(ends(spoof), ["0.0.0.0", "10.1.1.1", null]);
});

it("who failed to log on is the source", () => {
  const line = "Apr 27 02:03:03 dev01: %ASA-6-611102: User authentication failed: IP address: 10.10.0.87, Uname: admin";
  assert.deepEqual(ends(line), ["10.10.0.87", null, null]);
});
