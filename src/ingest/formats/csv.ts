import type { ColumnType } from "../../event/index.ts";
import { columnNames } from "../delimited/column-names.ts";
import { type Cells, type DelimitedFeed, DelimitedRecords, type DelimitedTable } from "../delimited/delimited-records.ts";
import type { FeedFormat } from "../feed-format.ts";
import { inferType, textValue } from "../guess/text-values.ts";
import { usualColumns, usualFields } from "../guess/usual-names.ts";
import type { FieldRecord } from "../records/record-feed.ts";
import { standardAddresses, standardFieldTypes, standardPorts, standardSources } from "../records/standard-fields.ts";

/** Rows that decide on the types of the columns; a later value of another type is kept in `extra`. */
const sampleRows = 64;

export const csvFeed: DelimitedFeed = {
  sampleRows,
  table(titles, sample, memory) {
    const names = columnNames(titles, "csv");
    const types = rememberedTypes(memory, names) ?? inferredTypes(names, sample);
    return csvTable(titles, names, types);
  },
};

function inferredTypes(names: readonly string[], sample: readonly Cells[]): ColumnType[] {
  const rows = sample.filter((cells) => cells.length === names.length);
  return names.map((_, i) => {
    const texts = rows.map((cells) => cells[i]);
    return inferType(texts.filter((text): text is string => typeof text === "string" && text !== ""));
  });
}

function rememberedTypes(memory: string | undefined, names: readonly string[]): ColumnType[] | undefined {
  const types = memory?.split(" ");
  return types?.length === names.length ? (types as ColumnType[]) : undefined;
}

function csvTable(titles: Cells, names: readonly string[], types: readonly ColumnType[]): DelimitedTable {
  const index = new Map(names.map((name, i) => [titles[i] ?? name, i]));
  const usual = usualColumns([...index.keys()]);
  const layout = {
    columns: { ...Object.fromEntries(names.map((name, i) => [name, types[i]!])), ...standardFieldTypes },
    unknown: "extra",
    addresses: standardAddresses,
    ports: standardPorts,
    columnName: (joined: string) => joined,
  } as const;
  return {
    memory: types.join(" "),
    tableOf: () => "csv",
    layoutOf: () => layout,
    sevenFields: standardSources,
    protocolOf: () => null,
    read(cells) {
      const record: FieldRecord = usualFields(usual, (title) => cells[index.get(title)!]);
      for (let i = 0; i < names.length; i++) {
        const text = cells[i];
        if (text === null || text === undefined || (text === "" && types[i] !== "string")) continue;
        const value = textValue(types[i]!, text);
        if (value === undefined) record[`${names[i]}_text`] = text;
        else record[names[i]!] = value;
      }
      return record;
    },
  };
}

export const csv: FeedFormat = {
  name: "csv",
  summary: "CSV, TSV and the like with a header line; types are inferred, usual column names give the seven fields",
  open: ({ state }) => new DelimitedRecords(csvFeed, state?.header),
};
