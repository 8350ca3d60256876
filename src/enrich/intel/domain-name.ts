import { domainToASCII } from "node:url";

/** A name as it is compared: lower case, punycode, no final dot; null where it is no domain name of at least two labels. */
export function normaliseDomain(text: string): string | null {
  let name = text.endsWith(".") ? text.slice(0, -1) : text;
  for (let i = 0; i < name.length; i++) {
    const char = name.charCodeAt(i);
    if (char > 127) {
      name = domainToASCII(name);
      break;
    }
  }
  name = name.toLowerCase();
  return name.length <= 253 && domainPattern.test(name) ? name : null;
}

// Underscores occur in real names (_dmarc, service records).
const domainPattern = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$/;
