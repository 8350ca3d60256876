import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const folder = new URL("../fixtures/stix-misp/", import.meta.url);

/** A gzipped JSON fixture by its path without `.gz`. */
export function fixture(path: string): unknown {
  return JSON.parse(gunzipSync(readFileSync(new URL(`${path}.gz`, folder))).toString());
}

/** The names of the fixtures in a folder, without `.gz`. */
export function fixturesIn(name: string): string[] {
  return readdirSync(new URL(name, folder))
    .map((file) => file.replace(/\.gz$/, ""))
    .sort();
}

export interface MatchCases {
  readonly observations: Readonly<Record<string, { readonly bundles: unknown }>>;
  readonly cases: readonly {
    readonly set: string;
    readonly test: string;
    readonly pattern: string;
    readonly expected: boolean | "error";
  }[];
}

/** Patterns with observed data and how they end, from the tests of the OASIS matcher. */
export function matchCases(): MatchCases {
  return fixture("stix-patterns/match.json") as MatchCases;
}
