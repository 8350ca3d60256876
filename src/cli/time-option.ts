import { InvalidArgumentError } from "commander";

/** A time that a user wrote, ISO 8601, as epoch microseconds; without a zone it is UTC. */
export function microsOption(text: string): number {
  const hasZone = /(Z|[+-]\d\d:?\d\d)$/.test(text);
  const millis = Date.parse(hasZone || /^\d{4}-\d\d-\d\d$/.test(text) ? text : `${text}Z`);
  if (Number.isNaN(millis)) throw new InvalidArgumentError("Expected a time such as 2022-06-13T22:00:00Z or 2022-06-14.");
  return millis * 1000;
}

/** The same as a Date. */
export function instantOption(text: string): Date {
  return new Date(microsOption(text) / 1000);
}
