/** Jupyter counts cursors in Unicode code points, JavaScript in UTF-16 code units. */
export function unitsOf(text: string, codePoints: number): number {
  let units = 0;
  for (let left = codePoints; left > 0 && units < text.length; left--) units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  return units;
}

export function codePointsOf(text: string, units: number): number {
  let count = 0;
  for (let at = 0; at < units && at < text.length; count++) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return count;
}
