import { addressOf, type Fields, portOf } from "./fields.ts";

/**
 * Puts `10.0.0.1:80`, `10.0.0.1`, `[2001:db8::1]:80` or `2001:db8::1:80` into an address and a port column. What is no address is kept in
 * `extra`.
 * @param hasPort - a port is expected: `2001:db8::1:80` is read as an address and a port
 * @throws Rejection where the port is a number past 65535
 */
export function addHostPort(text: string, hasPort: boolean, address: string, port: string, fields: Fields): void {
  const colon = text.lastIndexOf(":");
  const before = colon > 0 ? addressOf(text.slice(0, colon)) : undefined;
  const whole = addressOf(text);
  const isSplit = before !== undefined && (whole === undefined || hasPort);
  const host = isSplit ? before : whole;
  if (host === undefined) {
    if (text !== "") fields.extra(address, text);
    return;
  }
  fields.string(address, host);
  if (!isSplit) return;
  const number = portOf(port, text.slice(colon + 1));
  if (number !== undefined) fields.number(port, number);
  else fields.extra(port, text.slice(colon + 1));
}
