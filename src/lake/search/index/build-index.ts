import { open } from "node:fs/promises";
import type { Columns } from "../../../event/index.ts";
import { constant, identifier } from "../../../sql/index.ts";
import { type ColumnarResult, type Engine, resultValue } from "../../../table/index.ts";
import { bloomFilter } from "./bloom-filter.ts";
import { encodeHead, type IndexBlock } from "./index-file.ts";
import { addValues, addWords, valueEnd } from "./key-scanner.ts";
import { KeySet } from "./key-set.ts";

const defaultRowsPerBlock = 8_192;
/** A block of records of a megabyte each would have more words than a filter is good for: it is looked into always. */
const mostKeys = 4_000_000;

/**
 * Makes the search index of a data file: of every 8,192 rows a filter of the words of their raw records and of the values of their columns of text and
 * of whole numbers, with the times that they are from.
 *
 * The engine finds the distinct values, because making a JavaScript string of each took eight times as long; the words are found in the bytes.
 */
export async function buildIndex(
  engine: Engine,
  columns: Columns,
  dataPath: string,
  indexPath: string,
  rowsPerBlock = defaultRowsPerBlock,
): Promise<void> {
  const values = await blockValues(engine, columns, dataPath, rowsPerBlock);
  const records = Object.keys(columns).filter((name) => columns[name] === "bytes");
  const blocks: IndexBlock[] = [];
  const filters: Uint32Array[] = [];
  const keys = new KeySet(mostKeys);
  let words = 0;
  let rows = 0;
  const finish = () => {
    const block = values[blocks.length]!;
    addValues(block.values, keys);
    const filter = keys.isFull ? new Uint32Array(0) : bloomFilter(keys);
    blocks.push({ rows, from: block.from, to: block.to, word: words, words: filter.length });
    filters.push(filter);
    words += filter.length;
    rows = 0;
    keys.clear();
  };
  for await (const { length, columns: read } of engine.stream(
    `SELECT ${records.map(identifier).join(", ") || "1"} FROM ${scan(dataPath)}`,
  )) {
    for (let from = 0; from < length; ) {
      const to = Math.min(length, from + rowsPerBlock - rows);
      for (const column of read.values()) if (column.type === "bytes") addWords(column.bytes, column.offsets, from, to, keys);
      rows += to - from;
      from = to;
      if (rows === rowsPerBlock) finish();
    }
  }
  if (rows > 0) finish();
  const file = await open(indexPath, "wx");
  try {
    await file.writeFile(encodeHead(blocks));
    for (const filter of filters) if (filter.length > 0) await file.writeFile(new Uint8Array(filter.buffer));
  } finally {
    await file.close();
  }
}

interface BlockValues extends Pick<IndexBlock, "from" | "to"> {
  /** The distinct values in lower case, each ended by {@link valueEnd}. */
  readonly values: Uint8Array;
}

async function blockValues(engine: Engine, columns: Columns, dataPath: string, rowsPerBlock: number): Promise<BlockValues[]> {
  const end = `chr(${valueEnd})`;
  const texts = Object.entries(columns).flatMap(([name, type]) => {
    const column = identifier(name);
    if (type === "string") return [`lower(${column})`];
    if (type === "string[]") return [`lower(array_to_string(${column}, ${end}))`];
    return type === "integer" ? [`CAST(${column} AS VARCHAR)`] : [];
  });
  const lists = texts.map((text) => `array_to_string(list(DISTINCT ${text}), ${end})`);
  const hasTime = Object.hasOwn(columns, "timestamp");
  const time = (aggregate: string) =>
    hasTime ? `CASE WHEN count("timestamp") = count(*) THEN epoch_us(${aggregate}("timestamp"))::DOUBLE END` : "NULL::DOUBLE";
  const result = await engine.query(
    `SELECT ${time("min")} AS "from", ${time("max")} AS "to", encode(concat_ws(${[end, ...lists, "''"].join(", ")})) AS "values"
     FROM ${scan(dataPath)} GROUP BY file_row_number // ${rowsPerBlock} ORDER BY file_row_number // ${rowsPerBlock}`,
  );
  return Array.from({ length: result.length }, (_, row) => ({
    from: numberAt(result, "from", row),
    to: numberAt(result, "to", row),
    values: resultValue(result.columns.get("values")!, row) as Uint8Array,
  }));
}

function numberAt({ columns }: ColumnarResult, name: string, row: number): number | null {
  return resultValue(columns.get(name)!, row) as number | null;
}

function scan(path: string): string {
  return `read_parquet(${constant([path])}, hive_partitioning = false, file_row_number = true)`;
}
