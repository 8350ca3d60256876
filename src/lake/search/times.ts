/** A stretch of time that a user named, epoch microseconds, `end` not included: a day, a minute, a second, or less. */
export interface NamedTime {
  readonly start: number;
  readonly end: number;
}

const written = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d)(\.\d{1,6})?)?)?)?(Z|[+-]\d\d:?\d\d)?$/;

/** `2022-06-13`, `2022-06-13T22:00`, `2022-06-13T22:00:00.5Z`; without a zone it is UTC. */
export function namedTime(text: string): NamedTime | undefined {
  const match = written.exec(text);
  if (!match) return undefined;
  const [, day, hour, minute, second, fraction, zone] = match;
  const millis = Date.parse(`${day}T${hour ?? "00"}:${minute ?? "00"}:${second ?? "00"}${zone ?? "Z"}`);
  if (Number.isNaN(millis)) return undefined;
  const start = millis * 1000 + Math.round(Number(fraction ?? 0) * 1e6);
  const length =
    hour === undefined
      ? 86_400e6
      : minute === undefined
        ? 3_600e6
        : second === undefined
          ? 60e6
          : fraction === undefined
            ? 1e6
            : 10 ** (7 - fraction.length);
  return { start, end: start + length };
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** `30d`, `12h`, `15m`: a length in microseconds. */
export function namedDuration(text: string): number | undefined {
  const match = /^(\d{1,9})([smhdw])$/.exec(text);
  return match ? Number(match[1]) * units[match[2]!]! * 1e6 : undefined;
}
