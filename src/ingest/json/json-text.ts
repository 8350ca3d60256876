/** The text of what stands between the quotes of a sound JSON string. */
export function jsonText(bytes: Uint8Array, start: number, end: number): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
  return text.includes("\\") ? (JSON.parse(`"${text}"`) as string) : text;
}
