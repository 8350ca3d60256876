export interface Tick {
  /** In the axis' own coordinates. */
  readonly at: number;
  readonly label: string;
}

/** Round numbers within [low, high], about `count` of them. */
export function linearTicks(low: number, high: number, count: number): Tick[] {
  const step = roundStep((high - low) / Math.max(1, count));
  const values = multiples(low, high, step);
  return values.map((at) => ({ at, label: numberLabel(at, step, Math.max(Math.abs(low), Math.abs(high))) }));
}

/** 1, 2 or 5 times a power of ten, not below `atLeast`. */
export function roundStep(atLeast: number): number {
  if (!(atLeast > 0) || !Number.isFinite(atLeast)) return 1;
  const power = 10 ** Math.floor(Math.log10(atLeast));
  // Not ≥: 0.30000000000000004 is 0.3.
  return ([1, 2, 5].find((digit) => digit * power > atLeast * 0.999999) ?? 10) * power;
}

function multiples(low: number, high: number, step: number): number[] {
  const first = Math.ceil(low / step - 1e-6);
  const last = Math.floor(high / step + 1e-6);
  if (!(last - first < 1000)) return [];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

const suffixes = ["", "k", "M", "B", "T"];

/** As Plotly writes numbers: 0.25, 1500, 20k, 3M. */
function numberLabel(value: number, step: number, largest: number): string {
  if (value === 0) return "0";
  if (largest >= 1e4 && largest < 1e15) {
    const group = Math.floor(Math.log10(largest) / 3 + 1e-9);
    const unit = 1000 ** group;
    return `${decimal(value / unit, step / unit)}${suffixes[group] ?? ""}`;
  }
  if (largest >= 1e15 || largest < 1e-3)
    return value.toExponential(Math.max(0, Math.min(6, Math.round(Math.log10(Math.abs(value) / step)))));
  return decimal(value, step);
}

function decimal(value: number, step: number): string {
  const digits = Math.max(0, Math.min(12, -Math.floor(Math.log10(step) + 1e-9)));
  return value.toFixed(digits).replace("-", "−");
}

/** Powers of ten, with 2 and 5 times them where the range is short. @param low, high - decimal logarithms */
export function logTicks(low: number, high: number, count: number): Tick[] {
  const every = Math.max(1, Math.ceil((high - low) / Math.max(1, count)));
  const digits = high - low < 2 ? [1, 2, 5] : [1];
  const ticks: Tick[] = [];
  for (let power = Math.floor(low); power <= high && ticks.length < 200; power++) {
    if (power % every !== 0) continue;
    for (const digit of digits) {
      const at = power + Math.log10(digit);
      if (at >= low - 1e-9 && at <= high + 1e-9) ticks.push({ at, label: powerLabel(digit, power) });
    }
  }
  return ticks;
}

function powerLabel(digit: number, power: number): string {
  if (power < -3 || power >= 15) return `${digit}e${power}`;
  if (power < 3) return decimal(digit * 10 ** power, 10 ** power);
  return `${digit * 10 ** (power % 3)}${suffixes[Math.floor(power / 3)] ?? ""}`;
}
