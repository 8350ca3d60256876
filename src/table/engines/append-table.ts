import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DOUBLE,
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  INTEGER,
  LIST,
  TIMESTAMP,
  UBIGINT,
  VARCHAR,
} from "@duckdb/node-api";
import { type ColumnType, elementType, isListType, type ScalarType } from "../../event/index.ts";
import { identifier } from "../../sql/index.ts";
import { type NativeType, native, vectorRows } from "./native.ts";
import { type VectorSource, VectorWriter } from "./vector-writer.ts";

export interface AppendColumn {
  readonly name: string;
  /** `"words"`: unsigned 64-bit integers. */
  readonly type: ColumnType | "words";
}

const scalarTypes: Record<ScalarType, DuckDBType> = {
  string: VARCHAR,
  double: DOUBLE,
  bigint: BIGINT,
  integer: INTEGER,
  boolean: BOOLEAN,
  timestamp: TIMESTAMP,
};

function duckDbType(type: ColumnType | "words"): DuckDBType {
  if (type === "bytes") return BLOB;
  if (type === "words") return UBIGINT;
  return isListType(type) ? LIST(scalarTypes[elementType(type)]) : scalarTypes[type];
}

function nativeType(type: DuckDBType): NativeType {
  return type.toLogicalType().logical_type;
}

/** A table in DuckDB's memory that takes columns a vector at a time. */
export class AppendTable {
  readonly name: string;
  readonly #connection: DuckDBConnection;
  readonly #types: readonly DuckDBType[];
  readonly #writer: VectorWriter;
  readonly #chunk: DuckDBDataChunk;
  #appender: DuckDBAppender | undefined;

  private constructor(connection: DuckDBConnection, name: string, types: readonly DuckDBType[]) {
    this.name = name;
    this.#connection = connection;
    this.#types = types;
    this.#writer = new VectorWriter(nativeType(BLOB));
    this.#chunk = DuckDBDataChunk.create(this.#types);
  }

  static async create(connection: DuckDBConnection, name: string, columns: readonly AppendColumn[]): Promise<AppendTable> {
    const types = columns.map(({ type }) => duckDbType(type));
    const definition = columns.map((column, i) => `${identifier(column.name)} ${types[i]}`);
    await connection.run(`CREATE TABLE ${identifier(name)} (${definition.join(", ")})`);
    return new AppendTable(connection, name, types);
  }

  /** Adds rows; one source a column, in the order of the definition, each with `length` rows. */
  async append(sources: readonly VectorSource[], length: number): Promise<void> {
    this.#appender ??= await this.#connection.createAppender(this.name);
    const { chunk } = this.#chunk;
    for (let from = 0; from < length; from += vectorRows) {
      const count = Math.min(vectorRows, length - from);
      native.data_chunk_reset(chunk);
      native.data_chunk_set_size(chunk, count);
      for (let i = 0; i < sources.length; i++) this.#writer.write(native.data_chunk_get_vector(chunk, i), sources[i]!, from, count);
      this.#appender.appendDataChunk(this.#chunk);
    }
    this.#writer.endBatch();
  }

  /** Makes what was appended visible to queries. */
  flush(): void {
    this.#appender?.closeSync();
    this.#appender = undefined;
  }

  async drop(): Promise<void> {
    this.flush();
    await this.#connection.run(`DROP TABLE ${identifier(this.name)}`);
    this.#connection.closeSync();
  }
}
