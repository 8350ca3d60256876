/** Twelve hexadecimal digits in pairs, `00:15:5d:01:23:45`, out of any usual spelling; null where it is no MAC address. */
export function normaliseMac(text: string): string | null {
  if (!/^[0-9A-Fa-f:.-]{12,17}$/.test(text)) return null;
  const digits = text.replace(/[:.-]/g, "").toLowerCase();
  if (digits.length !== 12) return null;
  return digits.replace(/(..)(?!$)/g, "$1:");
}

/** A host name as it is compared: lower case, without the dot of the root; null where nothing is left or it is longer than DNS allows. */
export function normaliseHost(text: string): string | null {
  const name = text.trim().toLowerCase().replace(/\.$/, "");
  return name === "" || name.length > 255 ? null : name;
}

/** `laptop-9` of `laptop-9.corp.example`; null where the name is that short already. */
export function firstLabel(host: string): string | null {
  const dot = host.indexOf(".");
  return dot > 0 ? host.slice(0, dot) : null;
}
