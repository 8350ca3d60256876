/** "1,200/s"; slower than one a second, "3.2 s each". */
export function rateText(count: number, elapsedMs: number): string {
  if (count === 0 || elapsedMs <= 0) return "";
  const perSecond = (1000 * count) / elapsedMs;
  if (perSecond < 1) return `${durationText(elapsedMs / count)} each`;
  return `${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond).toLocaleString("en-US")}/s`;
}

/** "0.4 s", "35 s", "2 min 5 s", "3 h 2 min" */
export function durationText(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600).toLocaleString("en-US")} h ${Math.floor((whole % 3600) / 60)} min`;
}
