import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type * as Bindings from "@duckdb/node-bindings";

/**
 * DuckDB's C API, which `@duckdb/node-api` stands on and brings along. Vectors are filled and read through it in bulk; the API's own vector
 * classes take a call and a JavaScript value for each string (1.3 µs against 20 ns).
 */
export const native: typeof Bindings = createRequire(fileURLToPath(import.meta.resolve("@duckdb/node-api")))("@duckdb/node-bindings");

export type NativeChunk = Bindings.DataChunk;
export type NativeVector = Bindings.Vector;
export type NativeType = Bindings.LogicalType;

/** Rows of a full vector. */
export const vectorRows = native.vector_size();
