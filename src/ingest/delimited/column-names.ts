import { standardColumns } from "../../event/index.ts";

const taken = new Set([...Object.keys(standardColumns), "day", "extra"]);

/**
 * Column names out of a header: what SQL and JSON cannot hold becomes an underscore, a repeated name gets a number, an empty one its place,
 * and a name that soclab uses itself gets the feed's prefix.
 */
export function columnNames(header: readonly (string | null)[], feed: string): string[] {
  const seen = new Set<string>();
  return header.map((title, i) => {
    const base = columnName(title ?? "", feed) || `column_${i + 1}`;
    let name = base;
    for (let n = 2; seen.has(name.toLowerCase()); n++) name = `${base}_${n}`;
    seen.add(name.toLowerCase());
    return name;
  });
}

export function columnName(title: string, feed: string): string {
  const plain = title
    .trim()
    .replace(/[^A-Za-z0-9_]+/g, "_")
    .replace(/^_+(?=[^_])|_+$/g, "")
    .slice(0, 120);
  if (plain === "" || /^_+$/.test(plain)) return "";
  return taken.has(plain.toLowerCase()) || !/^[A-Za-z]/.test(plain) ? `${feed}_${plain}` : plain;
}
