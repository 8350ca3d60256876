import { SoclabError } from "../core/index.ts";
import { type Severity, severityName } from "./severity.ts";

/**
 * Relevance is a probability-like number of 0–100, so evidence is added where evidence adds: in log-odds, as weights of evidence. Every
 * source is one factor on the odds that the model's relevance stands for; `docs/relevance.md` says why each has the size it has.
 *
 *     odds      = (model + ε) / (100 + ε − model)
 *     odds     *= 20 ^ confidence                 threat intelligence, 0–1
 *     odds     *= 1.5 ^ (criticality − 3)         asset, 1–5
 *     odds     *= 2 ^ (severity − 3)              signature, 1–5
 *     relevance = (100 + 2ε) · odds / (1 + odds) − ε
 *
 * ε keeps 0 and 100 finite and strictly ordered; with nothing but a model the relevance is the model's own. What is missing is a factor
 * of 1. Without a model the start is even odds: a signature matched, and nothing else is known.
 *
 * @see Good: Probability and the Weighing of Evidence, 1950
 */
const epsilon = 0.05;
const threatOdds = 20;
const criticalityOdds = 1.5;
const severityOdds = 2;
const neutral = 50;

/** A power of two, so that relevance and its parts are multiples of it and add up exactly, in any order. */
const grid = 1024;

const logThreatOdds = Math.log(threatOdds);
const criticalityFactors = Float64Array.from([1, 2, 3, 4, 5], (level) => criticalityOdds ** (level - 3));
const severityFactors = Float64Array.from([1, 2, 3, 4, 5], (level) => severityOdds ** (level - 3));

/**
 * One event's relevance, 0–100, rising in every argument. NaN says that an argument is not known. Allocates nothing.
 *
 * @param model - calibrated relevance of the model, 0–100
 * @param threatConfidence - the highest confidence of a list that holds one of the addresses, 0–1
 * @param criticality - the higher of the two assets' criticalities, 1–5
 * @param severity - the signature's severity, 1 (informational) to 5 (critical)
 */
export function relevanceOf(model: number, threatConfidence: number, criticality: number, severity: number): number {
  const start = Number.isNaN(model) ? neutral : clamp(model, 0, 100);
  let odds = (start + epsilon) / (100 + epsilon - start);
  if (threatConfidence > 0) odds *= Math.exp(logThreatOdds * Math.min(threatConfidence, 1));
  if (!Number.isNaN(criticality)) odds *= criticalityFactors[level(criticality)]!;
  if (!Number.isNaN(severity)) odds *= severityFactors[level(severity)]!;
  const relevance = ((100 + 2 * epsilon) * odds) / (1 + odds) - epsilon;
  return Math.round(clamp(relevance, 0, 100) * grid) / grid;
}

/** What is known about an event that bears on its relevance; null or left out where it is not known. */
export interface RelevanceEvidence {
  readonly model?: number | null | undefined;
  readonly threatConfidence?: number | null | undefined;
  readonly criticality?: number | null | undefined;
  readonly severity?: Severity | null | undefined;
}

export const contributionNames = ["model", "matched signature", "threat intelligence", "asset criticality", "signature severity"] as const;

export type ContributionName = (typeof contributionNames)[number];

/** One part of a relevance. The points of all parts add up to the relevance, exactly. */
export interface RelevanceContribution {
  readonly name: ContributionName;
  /** Points on the 0–100 scale; negative where the evidence speaks against. */
  readonly points: number;
  /** The input as a person reads it: "criticality 5 of 5". */
  readonly evidence: string;
}

export interface ExplainedRelevance {
  readonly relevance: number;
  readonly contributions: readonly RelevanceContribution[];
}

/**
 * The same number as {@link relevanceOf} with its named parts. The first part is where the odds started; the way from there to the result
 * is shared among the other parts in proportion to their log-odds.
 *
 * @throws SOCLAB_INVALID_VALUE for a number out of its range
 */
export function explainRelevance(evidence: RelevanceEvidence): ExplainedRelevance {
  const model = known("model relevance", evidence.model, 0, 100);
  const threatConfidence = known("threat confidence", evidence.threatConfidence, 0, 1);
  const criticality = known("asset criticality", evidence.criticality, 1, 5);
  const severity = known("signature severity", evidence.severity, 1, 5);
  const relevance = relevanceOf(model, threatConfidence, criticality, severity);
  const start = relevanceOf(model, Number.NaN, Number.NaN, Number.NaN);
  const contributions: RelevanceContribution[] = [
    Number.isNaN(model)
      ? { name: "matched signature", points: start, evidence: "no model has scored it: even odds" }
      : { name: "model", points: start, evidence: `relevance ${model.toFixed(1)} of 100` },
  ];
  const parts: { name: ContributionName; logOdds: number; evidence: string }[] = [];
  if (threatConfidence > 0) {
    const evidence = `listed with confidence ${threatConfidence.toFixed(2)}`;
    parts.push({ name: "threat intelligence", logOdds: logThreatOdds * threatConfidence, evidence });
  }
  if (!Number.isNaN(criticality)) {
    const logOdds = Math.log(criticalityFactors[level(criticality)]!);
    parts.push({ name: "asset criticality", logOdds, evidence: `criticality ${criticality} of 5` });
  }
  if (!Number.isNaN(severity)) {
    const logOdds = Math.log(severityFactors[level(severity)]!);
    parts.push({ name: "signature severity", logOdds, evidence: severityName(severity as Severity) });
  }
  const gap = Math.round((relevance - start) * grid);
  const total = parts.reduce((sum, part) => sum + part.logOdds, 0);
  const perLogOdds = Math.abs(total) < 1e-9 ? slopeAt(start) * grid : gap / total;
  const shares = parts.map((part) => Math.round(perLogOdds * part.logOdds));
  const largest = parts.reduce((best, part, i) => (Math.abs(part.logOdds) > Math.abs(parts[best]!.logOdds) ? i : best), 0);
  if (parts.length > 0) shares[largest]! += gap - shares.reduce((sum, share) => sum + share, 0);
  parts.forEach(({ name, evidence }, i) => {
    contributions.push({ name, points: shares[i]! / grid, evidence });
  });
  return { relevance, contributions };
}

/** Points a unit of log-odds is worth where parts cancel each other out. */
function slopeAt(relevance: number): number {
  const p = (relevance + epsilon) / (100 + 2 * epsilon);
  return (100 + 2 * epsilon) * p * (1 - p);
}

function clamp(value: number, low: number, high: number): number {
  return value < low ? low : Math.min(value, high);
}

function level(value: number): number {
  return value < 1 ? 0 : value > 5 ? 4 : Math.round(value) - 1;
}

function known(what: string, value: number | null | undefined, low: number, high: number): number {
  if (value === null || value === undefined || Number.isNaN(value)) return Number.NaN;
  if (value >= low && value <= high) return value;
  throw new SoclabError("SOCLAB_INVALID_VALUE", `${what} is ${value}, expected ${low} to ${high}`);
}
