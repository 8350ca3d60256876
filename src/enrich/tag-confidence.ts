/**
 * The confidence that tags state, 0–1; undefined where they state none. Where several do, the most cautious counts. What "cannot be judged" is
 * no statement.
 *
 * The figures are those of STIX 2.1, appendix A, for the same words: the DNI scale for `estimative-language`, the Admiralty scale for
 * `admiralty-scale`. `misp:confidence-level` and `osint:certainty` carry figures of their own.
 *
 * @see https://www.misp-project.org/taxonomies.html
 */
export function tagConfidence(tags: readonly string[]): number | undefined {
  let lowest: number | undefined;
  for (const tag of tags) {
    const parts = /^(?:misp:)?([a-z-]{1,40}):([a-z-]{1,60})="([^"]{1,60})"$/i.exec(tag);
    const stated = parts === null ? undefined : statedBy(`${parts[1]}:${parts[2]}`.toLowerCase(), parts[3]!.toLowerCase());
    const level = stated ?? levelOf(tag);
    if (level !== undefined && (lowest === undefined || level < lowest)) lowest = level;
  }
  return lowest;
}

function statedBy(predicate: string, value: string): number | undefined {
  const scale = scales.get(predicate);
  if (scale !== undefined) return scale.get(value);
  if (predicate !== "osint:certainty" || !/^\d{1,3}$/.test(value)) return undefined;
  const percent = Number(value);
  return percent <= 100 ? percent / 100 : undefined;
}

function levelOf(tag: string): number | undefined {
  const level = /^misp:confidence-level="([a-z-]{1,40})"$/i.exec(tag)?.[1];
  return level === undefined ? undefined : levels.get(level.toLowerCase());
}

const levels: ReadonlyMap<string, number> = new Map([
  ["completely-confident", 1],
  ["usually-confident", 0.75],
  ["fairly-confident", 0.5],
  ["rarely-confident", 0.25],
  ["unconfident", 0],
]);

const scales: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map([
  [
    "estimative-language:likelihood-probability",
    new Map([
      ["almost-no-chance", 0.05],
      ["very-unlikely", 0.15],
      ["unlikely", 0.3],
      ["roughly-even-chance", 0.5],
      ["likely", 0.7],
      ["very-likely", 0.85],
      ["almost-certain", 0.95],
    ]),
  ],
  [
    "estimative-language:confidence-in-analytic-judgment",
    new Map([
      ["low", 0.15],
      ["moderate", 0.5],
      ["high", 0.85],
    ]),
  ],
  [
    "admiralty-scale:information-credibility",
    new Map([
      ["1", 0.9],
      ["2", 0.7],
      ["3", 0.5],
      ["4", 0.3],
      ["5", 0.1],
    ]),
  ],
  [
    "admiralty-scale:source-reliability",
    new Map([
      ["a", 0.9],
      ["b", 0.7],
      ["c", 0.5],
      ["d", 0.3],
      ["e", 0.1],
    ]),
  ],
]);

/** A confidence of which only a part is left, to three digits. */
export function weighted(confidence: number, weight: number): number {
  return weight === 1 ? confidence : Math.round(confidence * weight * 1000) / 1000;
}

const maxTags = 64;
const maxTagLength = 200;

/** Tags as an indicator carries them: each once, at most 64 of at most 200 characters. */
export function cleanTags(tags: Iterable<string>): string[] {
  const clean = new Set<string>();
  for (const tag of tags) {
    if (clean.size >= maxTags) break;
    const text = tag.trim().slice(0, maxTagLength);
    if (text !== "") clean.add(text);
  }
  return [...clean];
}
