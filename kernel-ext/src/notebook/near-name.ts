/** The name that was probably meant, where one is near enough: at most a third of its letters differ. */
export function nearName(name: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of names) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance && distance <= Math.max(name.length, candidate.length) / 3) {
      [best, bestDistance] = [candidate, distance];
    }
  }
  return best;
}

/** ` Did you mean "day"?`, or nothing: to be put behind a sentence. */
export function didYouMean(name: string, names: Iterable<string>): string {
  const near = nearName(name, names);
  return near === undefined ? "" : ` Did you mean "${near}"?`;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
