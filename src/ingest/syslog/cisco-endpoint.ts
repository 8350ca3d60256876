import { addressOf } from "../records/fields.ts";

const [space, openParen, comma, dot, colon, semicolon] = [32, 40, 44, 46, 58, 59];
const maxGroups = 3;
const maxEndLength = 512;

/** Services that Cisco prints by name where `no names` is not set. */
const services: Readonly<Record<string, string>> = {
  "ftp-data": "20",
  ftp: "21",
  ssh: "22",
  telnet: "23",
  smtp: "25",
  domain: "53",
  tftp: "69",
  www: "80",
  http: "80",
  pop3: "110",
  sunrpc: "111",
  ntp: "123",
  "netbios-ns": "137",
  "netbios-dgm": "138",
  "netbios-ssn": "139",
  imap4: "143",
  snmp: "161",
  snmptrap: "162",
  bgp: "179",
  ldap: "389",
  https: "443",
  isakmp: "500",
  syslog: "514",
  ldaps: "636",
  sqlnet: "1521",
  h323: "1720",
  pptp: "1723",
  radius: "1645",
  sip: "5060",
};

/**
 * One end of a connection as Cisco writes it: `outside:10.1.1.1/443 (192.0.2.1/443)(LOCAL\user)`, `inside/10.1.1.1(443)`, `10.1.1.1`. One
 * object reads one end after another; what is not there is empty.
 */
export class CiscoEndpoint {
  interface = "";
  /** An address, or empty. */
  address = "";
  /** The name in place of an address. */
  host = "";
  port = "";
  mappedAddress = "";
  mappedPort = "";
  user = "";
  /** The second user in parentheses: who the firewall says the connection belongs to. */
  secondUser = "";
  end = 0;

  read(text: string, start: number): void {
    this.interface = "";
    this.address = "";
    this.host = "";
    this.port = "";
    this.mappedAddress = "";
    this.mappedPort = "";
    this.user = "";
    this.secondUser = "";
    if (text.charCodeAt(start) === openParen && this.#inParentheses(text, start)) return;
    let end = wordEnd(text, start);
    const isInterface = text.charCodeAt(end - 1) === colon && text.charCodeAt(end) === space;
    if (isInterface && addressOf(text.slice(start, end - 1)) === undefined) {
      this.interface = text.slice(start, end - 1);
      const next = end + 1;
      end = wordEnd(text, next);
      this.#word(text.slice(next, end));
    } else this.#word(text.slice(start, end));
    this.end = end;
    this.#groups(text);
  }

  /** `Deny IP spoof from (10.1.1.1) to …` */
  #inParentheses(text: string, start: number): boolean {
    const close = text.indexOf(")", start);
    const address = close < 0 || close - start > 64 ? undefined : addressOf(text.slice(start + 1, close));
    if (address === undefined) return false;
    this.address = address;
    this.end = close + 1;
    return true;
  }

  #word(word: string): void {
    const last = word.charCodeAt(word.length - 1);
    const text = last === dot || last === colon ? word.slice(0, -1) : word;
    const slash = text.lastIndexOf("/");
    const before = slash > 0 ? text.slice(0, slash) : text;
    const behind = slash > 0 ? text.slice(slash + 1) : "";
    const behindAddress = slash > 0 ? addressOf(behind) : undefined;
    if (behindAddress !== undefined) {
      this.interface = before;
      this.address = behindAddress;
      return;
    }
    this.port = Object.hasOwn(services, behind) ? services[behind]! : behind;
    const whole = addressOf(before);
    const split = before.indexOf(":");
    if (whole !== undefined) this.address = whole;
    else if (split > 0) {
      this.interface = before.slice(0, split);
      const rest = before.slice(split + 1);
      this.address = addressOf(rest) ?? "";
      if (this.address === "") this.host = rest;
    } else this.host = before;
  }

  /** What stands in parentheses: a mapped address, a port, a user. */
  #groups(text: string): void {
    for (let i = 0; i < maxGroups; i++) {
      const open = text.charCodeAt(this.end) === space ? this.end + 1 : this.end;
      if (text.charCodeAt(open) !== openParen) return;
      const close = text.indexOf(")", open);
      if (close < 0 || close - open > maxEndLength) return;
      const content = text.slice(open + 1, close);
      if (content.includes(" ") && !content.includes(", ")) return;
      if (content.startsWith("type ")) return;
      const slash = content.lastIndexOf("/");
      const mapped = addressOf(slash > 0 ? content.slice(0, slash) : content);
      if (mapped !== undefined) {
        this.mappedAddress = mapped;
        this.mappedPort = slash > 0 ? content.slice(slash + 1) : "";
      } else if (i === 0 && this.port === "" && /^\d{1,5}$/.test(content)) this.port = content;
      else if (this.user === "") this.user = content;
      else this.secondUser = content;
      this.end = close + 1;
    }
  }
}

function wordEnd(text: string, start: number): number {
  const limit = Math.min(text.length, start + maxEndLength);
  let at = start;
  for (; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === space || code === openParen || code === comma || code === semicolon) break;
  }
  return at;
}
