import { createHash } from "node:crypto";

/** The version of a content: 16 hexadecimal digits of its SHA-256. */
export function versionOf(content: string): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}
