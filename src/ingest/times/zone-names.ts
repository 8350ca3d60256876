import { fixedOffset } from "./zone-offsets.ts";

/** Hours from UTC of the abbreviations that logs have and that mean one thing there. */
const hoursByName: Readonly<Record<string, number>> = {
  AST: -4,
  ADT: -3,
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
  AKST: -9,
  AKDT: -8,
  HST: -10,
  WET: 0,
  WEST: 1,
  BST: 1,
  CET: 1,
  CEST: 2,
  MEZ: 1,
  MESZ: 2,
  EET: 2,
  EEST: 3,
  MSK: 3,
  JST: 9,
  KST: 9,
  SGT: 8,
  AEST: 10,
  AEDT: 11,
  NZST: 12,
  NZDT: 13,
};

/** Milliseconds of a zone that a time names: `UTC`, `-0400`, `CEST`; undefined for none that is known. */
export function zoneOffset(name: string): number | undefined {
  if (name.length > 9) return undefined;
  const fixed = fixedOffset(name);
  if (fixed !== undefined) return fixed;
  const upper = name.toUpperCase();
  return Object.hasOwn(hoursByName, upper) ? hoursByName[upper]! * 3_600_000 : undefined;
}
