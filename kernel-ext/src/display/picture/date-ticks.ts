import type { Tick } from "./ticks.ts";

/** Beyond, there are no dates. */
export const maxTime = 8.64e15;
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const fixedSteps = [
  1,
  second,
  2 * second,
  5 * second,
  15 * second,
  30 * second,
  minute,
  2 * minute,
  5 * minute,
  15 * minute,
  30 * minute,
  hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  7 * day,
  14 * day,
];
const monthSteps = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200];

/** Round times of UTC within [low, high], at most about `count` of them. @param low, high - milliseconds since 1970 */
export function dateTicks(low: number, high: number, count: number): Tick[] {
  if (!(low >= -maxTime && high <= maxTime)) return [];
  const atLeast = (high - low) / Math.max(1, count);
  const step = fixedSteps.find((fixed) => fixed >= atLeast);
  return step === undefined ? monthTicks(low, high, atLeast) : fixedTicks(low, high, step);
}

function fixedTicks(low: number, high: number, step: number): Tick[] {
  // Weeks begin on a Monday; 1970 began on a Thursday.
  const origin = step >= 7 * day ? 4 * day : 0;
  const ticks: Tick[] = [];
  let lastDay = "";
  for (let at = origin + Math.ceil((low - origin) / step) * step; at <= high && ticks.length < 1000; at += step) {
    const iso = new Date(at).toISOString();
    const date = iso.slice(0, 10);
    const time = step < second ? iso.slice(11, 23) : step < minute ? iso.slice(11, 19) : iso.slice(11, 16);
    ticks.push({ at, label: step >= day ? date : date === lastDay ? time : `${time} ${date}` });
    lastDay = date;
  }
  return ticks;
}

function monthTicks(low: number, high: number, atLeast: number): Tick[] {
  const months = monthSteps.find((count) => count * 30.4 * day >= atLeast) ?? 1200;
  const start = new Date(low);
  const ticks: Tick[] = [];
  for (
    let month = Math.floor((start.getUTCFullYear() * 12 + start.getUTCMonth()) / months) * months;
    ticks.length < 1000;
    month += months
  ) {
    const date = new Date(0);
    date.setUTCFullYear(Math.floor(month / 12), month % 12, 1);
    const at = date.getTime();
    if (!(at <= high)) break;
    if (at >= low) ticks.push({ at, label: date.toISOString().slice(0, -14 - (months >= 12 ? 6 : 3)) });
  }
  return ticks;
}
