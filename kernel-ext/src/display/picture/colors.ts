/** Plotly's own colours, so that the static picture and the interactive one agree. */
const colorway = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf"];

export function traceColor(index: number): string {
  return colorway[index % colorway.length] ?? "#1f77b4";
}

type Rgb = readonly [number, number, number];
type Stop = readonly [number, Rgb];

const hex = (color: number): Rgb => [color >> 16, (color >> 8) & 255, color & 255];
const reds: readonly Stop[] = [
  [0, [220, 220, 220]],
  [0.2, [245, 195, 157]],
  [0.4, [245, 160, 105]],
  [1, [178, 10, 28]],
];
const blues: readonly Stop[] = [
  [0, [5, 10, 172]],
  [0.35, [40, 60, 190]],
  [0.5, [70, 100, 245]],
  [0.6, [90, 120, 245]],
  [0.7, [106, 137, 247]],
  [1, [220, 220, 220]],
];
const redBlue: readonly Stop[] = [
  [0, [5, 10, 172]],
  [0.35, [106, 137, 247]],
  [0.5, [190, 190, 190]],
  [0.6, [220, 170, 132]],
  [0.7, [230, 145, 90]],
  [1, [178, 10, 28]],
];
const viridis = [
  0x440154, 0x48186a, 0x472d7b, 0x424086, 0x3b528b, 0x33638d, 0x2c728e, 0x26828e, 0x21918c, 0x1fa088, 0x28ae80, 0x3fbc73, 0x5ec962,
  0x84d44b, 0xaddc30, 0xd8e219, 0xfde725,
];
const scales: Readonly<Record<string, readonly Stop[]>> = {
  reds,
  blues,
  rdbu: redBlue,
  greys: [
    [0, [0, 0, 0]],
    [1, [255, 255, 255]],
  ],
  viridis: viridis.map((color, index) => [index / (viridis.length - 1), hex(color)]),
};

/** A colour of the user's, where it is one: an attribute can also hold the address of something. */
export function safeColor(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > 40) return undefined;
  return /^(?:#[0-9a-f]{3,8}|[a-z]+|(?:rgb|hsl)a?\([\d\s.,%/]+\))$/i.test(value) ? value : undefined;
}

export interface ColorScale {
  /** @param t - from 0 to 1 */
  at(t: number): string;
}

/** A colour scale by Plotly's name or stops; without one, the one that Plotly takes for the range of values. */
export function colorScale(given: unknown, low: number, high: number, isReversed = false): ColorScale {
  const named = typeof given === "string" ? scales[given.toLowerCase()] : Array.isArray(given) ? customStops(given) : undefined;
  const stops = named ?? (typeof given === "string" ? viridisStops() : low < 0 && high > 0 ? redBlue : high <= 0 && low < 0 ? blues : reds);
  return { at: (t) => rgb(mix(stops, isReversed ? 1 - t : t)) };
}

function viridisStops(): readonly Stop[] {
  return scales.viridis ?? reds;
}

function customStops(given: readonly unknown[]): readonly Stop[] | undefined {
  const stops: Stop[] = [];
  for (const stop of given) {
    if (!Array.isArray(stop) || typeof stop[0] !== "number") return undefined;
    const color = parseColor(stop[1]);
    if (color === undefined) return undefined;
    stops.push([stop[0], color]);
  }
  return stops.length >= 2 ? stops : undefined;
}

function parseColor(value: unknown): Rgb | undefined {
  if (typeof value !== "string") return undefined;
  const long = /^#([0-9a-f]{6})$/i.exec(value);
  if (long) return hex(Number.parseInt(long[1] ?? "0", 16));
  const parts = /^rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)/.exec(value);
  return parts ? [Number(parts[1]), Number(parts[2]), Number(parts[3])] : undefined;
}

function mix(stops: readonly Stop[], t: number): Rgb {
  const upper = stops.findIndex(([at]) => at >= t);
  const [highAt, high] = stops[upper < 0 ? stops.length - 1 : upper] ?? [1, [0, 0, 0]];
  const [lowAt, low] = stops[Math.max(0, (upper < 0 ? stops.length : upper) - 1)] ?? [highAt, high];
  const part = highAt === lowAt ? 1 : Math.min(1, Math.max(0, (t - lowAt) / (highAt - lowAt)));
  return [0, 1, 2].map((channel) => Math.round((low[channel] ?? 0) + part * ((high[channel] ?? 0) - (low[channel] ?? 0)))) as [
    number,
    number,
    number,
  ];
}

function rgb([red, green, blue]: Rgb): string {
  return `#${((red << 16) | (green << 8) | blue).toString(16).padStart(6, "0")}`;
}
