/** The library: everything that a notebook or another program may call. */
export * from "./alerts/index.ts";
export * from "./core/index.ts";
export * from "./dashboards/index.ts";
export * from "./detectors/index.ts";
export * from "./enrich/index.ts";
export * from "./event/index.ts";
export * from "./features/index.ts";
export * from "./ingest/index.ts";
export * from "./lake/index.ts";
export * from "./models/index.ts";
export * from "./scorer/index.ts";
export * from "./table/index.ts";
