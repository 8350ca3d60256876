import fc from "fast-check";
import { type Column, columnOf, type ScalarType } from "../../src/event/index.ts";
import { defaultTileMicros, durationMicros } from "../../src/features/duration.ts";
import type { Feature, FeatureDefinition, FeatureInput } from "../../src/features/index.ts";
import type { NaiveEvent } from "./naive.ts";

/** Columns of the generated table; it is called `conn`, whose columns these are. */
export const columns = {
  ip_src_addr: "string",
  ip_dst_addr: "string",
  id_resp_p: "integer",
  proto: "string",
  conn_state: "string",
  duration: "double",
  orig_bytes: "bigint",
  resp_bytes: "bigint",
  local_orig: "boolean",
} as const satisfies Record<string, ScalarType>;

type Name = keyof typeof columns;

export function typeOf(column: string): string {
  return columns[column as Name];
}

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 8 });
/** Around the bounds of the domain, and where doubles are no longer exact. */
const bigints = fc.oneof(
  { weight: 6, arbitrary: fc.bigInt({ min: 0n, max: 3000n }) },
  { weight: 2, arbitrary: fc.bigInt({ min: -(2n ** 40n), max: 2n ** 40n }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(2n ** 40n, 2n ** 40n - 1n, 1n - 2n ** 40n, -(2n ** 40n), 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)),
  },
);
const doubles = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 90_000_000 }).map((micros) => micros / 1e6) },
  { weight: 2, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 1e300, -0, 5e-7, 1.5e-6, 1_099_511.627776, 1_099_511.6277755),
  },
);

const start = Date.UTC(2022, 5, 14) * 1000;

/** Few entities, few times (so that many tie), values with nulls and out of the domain. */
const event = fc.record({
  micros: fc.oneof(
    { weight: 20, arbitrary: fc.integer({ min: 0, max: 240 }).map((halfSeconds) => start + halfSeconds * 500_000) },
    { weight: 10, arbitrary: fc.integer({ min: 0, max: 120_000_000 }).map((micros) => start + micros) },
    { weight: 1, arbitrary: fc.constantFrom(null, -1, 2 ** 52) },
  ),
  ip_src_addr: orNull(fc.constantFrom("10.0.0.1", "10.0.0.2", "fe80::1")),
  ip_dst_addr: orNull(fc.constantFrom("192.0.2.1", "192.0.2.2", "192.0.2.3", "o'clock")),
  id_resp_p: orNull(fc.constantFrom(0, 22, 53, 80, 443, -1, -(2 ** 31))),
  proto: orNull(fc.constantFrom("tcp", "udp", "icmp")),
  conn_state: orNull(fc.constantFrom("SF", "S0", "REJ")),
  duration: orNull(doubles),
  orig_bytes: orNull(bigints),
  resp_bytes: orNull(bigints),
  local_orig: orNull(fc.boolean()),
});

export const streams: fc.Arbitrary<NaiveEvent[]> = fc.array(event, { minLength: 1, maxLength: 60, size: "max" }).map((events) =>
  events.map(({ micros, ...values }, i) => ({
    id: String(i).padStart(4, "0"),
    micros,
    // The one integer that is no key stands for null; the twin has no such corner.
    values: { ...values, id_resp_p: values.id_resp_p === -(2 ** 31) ? null : values.id_resp_p },
  })),
);

const where = fc.option(
  fc.oneof(
    fc.record({ column: fc.constant("conn_state"), in: fc.constant(["S0", "REJ"]) }),
    fc.record({ column: fc.constant("conn_state"), notIn: fc.constant(["SF"]) }),
    fc.record({ column: fc.constant("orig_bytes"), atLeast: fc.constant(0), atMost: fc.constant(1000) }),
    fc.record({ column: fc.constant("duration"), atLeast: fc.constant(1.5) }),
    fc.record({ column: fc.constant("duration"), present: fc.boolean() }),
    fc.record({ column: fc.constant("local_orig"), equals: fc.boolean() }),
    fc.constant([
      { column: "proto", equals: "tcp" },
      { column: "id_resp_p", notIn: [80, 443] },
    ]),
  ),
  { nil: undefined },
);
const windows = fc.constantFrom(
  { window: "10s", tile: "1s" },
  { window: "60s", tile: "10s" },
  { window: "60s", tile: "20s" },
  { window: "5s", tile: "5s" },
  { window: "1s", tile: "500ms" },
);
const log1p = fc.constantFrom(undefined, undefined, true as const);
const numeric = fc.constantFrom("duration", "orig_bytes", "resp_bytes", "id_resp_p", "local_orig");
const key = fc.constantFrom("ip_dst_addr", "id_resp_p", "proto", "local_orig");

const windowed = fc
  .record({ kind: fc.constantFrom("count", "sum", "mean", "min", "max", "std", "distinct"), numeric, key, windows, where, log1p })
  .map(({ kind, windows: of, ...rest }) => {
    const what = kind === "count" ? true : kind === "distinct" ? rest.key : rest.numeric;
    return { [kind]: what, ...of, where: rest.where, log1p: rest.log1p };
  });
const rowLevel = fc.oneof(
  fc.record({ value: numeric, log1p }),
  fc.record({ is: fc.constant({ column: "proto", equals: "tcp" }), log1p }),
  fc.constant({ oneHot: "proto", values: ["tcp", "udp", "it's"] }),
  fc.constant({ timeSinceLast: true }),
  fc.record({ firstSeen: key }),
);

/** Definitions of up to nine features, with a ratio and a rate where there is something to refer to. */
export const definitions: fc.Arbitrary<FeatureDefinition> = fc
  .record({
    features: fc.array(fc.oneof({ weight: 3, arbitrary: windowed }, { weight: 1, arbitrary: rowLevel }), { minLength: 1, maxLength: 7 }),
    plus: fc.boolean(),
    filtered: fc.boolean(),
  })
  .map(({ features, plus, filtered }) => {
    const named = features.map((feature, i) => ({ name: `f${i}`, ...feature })) as Feature[];
    const plain = named.filter((feature) => !("oneHot" in feature));
    if (plain.length > 1) named.push({ name: "ratio", ratio: [plain[0]!.name, plain[1]!.name] });
    const summed = named.find((feature) => "count" in feature || "sum" in feature);
    if (summed) named.push({ name: "rate", rate: summed.name, per: "minute" });
    return JSON.parse(
      JSON.stringify({
        name: "generated",
        table: "conn",
        entity: "ip_src_addr",
        eventTime: { column: "timestamp", plus: plus ? "duration" : undefined },
        where: filtered ? { column: "proto", notIn: ["icmp"] } : undefined,
        features: named,
      }),
    );
  });

/** The events as a batch has them; strings are dictionary-coded with a dictionary of their own. */
export function toInput(events: readonly NaiveEvent[]): FeatureInput & { readonly events: readonly NaiveEvent[] } {
  const made = new Map<string, Column>();
  for (const [name, type] of Object.entries(columns)) {
    made.set(
      name,
      columnOf(
        type,
        events.map((one) => one.values[name] ?? null),
      ),
    );
  }
  const times = columnOf(
    "timestamp",
    events.map((one) => (one.micros === null ? null : new Date(0))),
  );
  if (times.type === "timestamp") {
    for (const [i, one] of events.entries()) times.values[i] = one.micros ?? 0;
  }
  return { length: events.length, columns: made.set("timestamp", times), events };
}

/** The events as a statement that makes the table `conn`. */
export function toTable(events: readonly NaiveEvent[]): string {
  const sqlTypes = {
    string: "VARCHAR",
    double: "DOUBLE",
    bigint: "BIGINT",
    integer: "INTEGER",
    boolean: "BOOLEAN",
    timestamp: "TIMESTAMP",
  };
  const literal = (value: unknown): string => {
    if (value === null || value === undefined) return "NULL";
    return typeof value === "string" || typeof value === "number" ? `'${String(value).replaceAll("'", "''")}'` : String(value);
  };
  const names = Object.keys(columns) as Name[];
  const rows = events.map((one) => {
    const values = names.map((name) => literal(Object.is(one.values[name], -0) ? "-0.0" : one.values[name]));
    return `(${[`'${one.id}'`, one.micros === null ? "NULL" : one.micros, ...values].join(", ")})`;
  });
  const casts = names.map((name) => `CAST(${name} AS ${sqlTypes[columns[name]]}) AS ${name}`);
  return `CREATE OR REPLACE TABLE conn AS SELECT event_id, CAST(NULL AS VARCHAR) AS label, make_timestamp(CAST(micros AS BIGINT)) AS "timestamp", ${casts.join(", ")}
    FROM (VALUES ${rows.join(", ")}) AS v(event_id, micros, ${names.join(", ")})`;
}

/** The definition with its default tiles written out, which the twin does not know. */
export function withTiles(definition: FeatureDefinition): FeatureDefinition {
  const features = definition.features.map((feature): Feature => {
    if (!("window" in feature) || feature.tile !== undefined) return feature;
    return { ...feature, tile: `${defaultTileMicros(durationMicros(feature.window, "window")) / 1000}ms` };
  });
  return { ...definition, features };
}
